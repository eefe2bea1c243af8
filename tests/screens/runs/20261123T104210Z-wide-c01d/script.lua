local lb = require "limbeck"
local p = lb.pipeline { source = lb.read("sample_data/churn.csv"), target = "churn", positive = "Yes", seed = 7 }
  :drop { columns = { "customer_id" } } :split {} :fill_missing { columns = { "all" } } :one_hot {} :standardize {}
p:train { net = lb.mlp { 64 }, epochs = 30, batch = 64, optimizer = lb.adam { learning_rate = 1e-2 } }
