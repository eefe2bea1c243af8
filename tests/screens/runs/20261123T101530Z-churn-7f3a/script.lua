local lb = require "limbeck"
local p = lb.pipeline { source = lb.read("sample_data/churn.csv"), target = "churn", positive = "Yes", seed = 7 }
  :drop { columns = { "customer_id" } }
  :split {}
  :fill_missing { columns = { "all" } }
  :one_hot {}
  :standardize {}
local model = p:train { net = lb.mlp { 64, 32, dropout = 0.3 }, epochs = 40, batch = 128, optimizer = lb.adam { learning_rate = 2e-3 }, schedule = lb.cosine { warm_up = 3 }, early_stop = { metric = "valid.auc", patience = 12 }, name = "teacher" }
local study = p:tune { net = lb.mlp { 32, dropout = 0.2 }, epochs = 12, batch = 128, trials = 12, early_stop = { metric = "valid.auc", patience = 5 } }
local d = p:distill { teacher = model, student = lb.mlp { 8 }, temperature = 3, alpha = 0.7, seeds = 4, epochs = 20, batch = 128, early_stop = { metric = "valid.auc", patience = 8 } }
print(lb.compare { teacher = model, student = d.student, alone = d.alone, on = "test" })
