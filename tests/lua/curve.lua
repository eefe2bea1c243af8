-- The curve card of a training, as a table: what a view shows is what a script reads.
local lb = require "limbeck"
local p = lb.pipeline { source = lb.read "sample_data/churn.csv", target = "churn", positive = "Yes", seed = 3 }
  :split { by = "stratified", train = 0.6, valid = 0.2, test = 0.2 } :drop { columns = { "customer_id" } }
  :fill_missing {} :one_hot {} :standardize {}
local m = p:train { net = lb.mlp { 8 }, epochs = 6, early_stop = { metric = "valid.auc", patience = 4 } }
local c = lb.curve(m)
assert(c.epochs == 6 and c.state == "done" and c.watched == "valid.auc" and c.patience == 4)
assert(c.best_epoch >= 1 and c.best_epoch <= c.epoch and c.waited == c.epoch - c.best_epoch)
local found
for _, figure in ipairs(c.figures) do
  if figure.name == "valid.auc" then found = figure end
end
assert(found and found.best == c.best and found.best_epoch == c.best_epoch and found.now == c.now)
assert(c.marks[1] and c.cpu and c.memory > 0 and c.seconds > 0)
assert(not pcall(lb.curve, 3))
