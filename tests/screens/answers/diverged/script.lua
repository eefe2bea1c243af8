local lb = require "limbeck"
local p = lb.pipeline { source = lb.read "sample_data/churn.csv", target = "churn", positive = "Yes", seed = 7 }
  :split { by = "stratified", train = 0.7, valid = 0.15, test = 0.15 } :drop { columns = { "customer_id" } }
  :fill_missing { columns = "numeric" } :one_hot { columns = "text" } :standardize { columns = "numeric" }
p:train { net = lb.mlp { 32, 32 }, epochs = 30, batch = 256, l2 = 1, optimizer = lb.sgd { learning_rate = 3 } }
