local lb = require "limbeck"
local p = lb.pipeline { source = lb.read "sample_data/churn.csv", target = "churn", positive = "Yes", seed = 7 }
  :split { by = "stratified", train = 0.7, valid = 0.15, test = 0.15 }
  :drop { columns = { "customer_id" } }
  :fill_missing { columns = "numeric", strategy = "median" }
  :one_hot { columns = "text" }
  :standardize { columns = "numeric" }
p:train { net = lb.mlp { 32, 16, dropout = 0.2 }, epochs = 60, batch = 256, optimizer = lb.adam { learning_rate = 0.01 },
          early_stop = { metric = "valid.auc", patience = 40 }, schedule = "cosine",
          on_epoch = function() local x = 0; for i = 1, 3000000 do x = x + i end end }
