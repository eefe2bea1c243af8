#!/usr/bin/env -S limbeck run
-- From a raw customer table to a small net that predicts who leaves. Runs on sample_data/churn.csv and on the public Telco table
-- (--data=Telco-Customer-Churn.csv): the first step brings both to the same names.
local lb  = require "limbeck"
local opt = lb.args { data = "sample_data/churn.csv", epochs = 40, seed = 7, trials = 12, seeds = 5, folds = 5 }

local source = lb.read(opt.data)
local start  = lb.pipeline { source = source, target = "churn", positive = "Yes", seed = opt.seed }
  :snake_case      {}
  :drop_duplicates {}
  :normalize_text  { columns = { "text", "!customer_id" } }
local rows   = start:table()

-- 1 Look: which cells are blank.
print(("%s: %d rows, %d columns"):format(opt.data, #source, #source.columns))
for _, column in ipairs(rows:profile().columns) do
  if column.missing > 0 then
    print(("  %-16s %d blank cells, to be filled with the %s"):format(column.name, column.missing, column.mean and "median" or "most frequent value"))
  end
end

-- 2 Repair and encode. What is learned (medians, levels, means) comes from training rows only.
local function encode(p)
  return p
    :drop          { columns = { "customer_id" } }
    :clip_outliers { columns = { "numeric" }, method = "quantile" }
    :fill_missing  { columns = { "all" }, strategy = "median" }
    :one_hot       { columns = { "text" } }
    :standardize   { columns = { "numeric" } }
end
local p = encode(start:split { by = "stratified", train = 0.70, valid = 0.15, test = 0.15 })
print("blank cells after the repair: " .. p:table():profile().missing)

-- 3 How good is a net, honestly? Five stratified folds over all rows, every learned step fitted anew in each.
local stop  = { metric = "valid.auc", patience = 10 }
local folds = encode(start:split { train = 0.85, valid = 0.15, test = 0 })
  :cross_validate { folds = opt.folds, net = lb.mlp { 64, dropout = 0.3 }, epochs = opt.epochs, batch = 128,
                    optimizer = lb.adam { learning_rate = 1e-3 }, l2 = 1e-2, early_stop = stop }
print(folds)

-- 4 Tune.
local study = p:tune { net = function(h) return lb.mlp { h.width, dropout = h.dropout } end, trials = opt.trials, jobs = 2,
                       epochs = opt.epochs, early_stop = stop, metric = "valid.auc",
                       space = { width = lb.int(8, 128, "log"), dropout = lb.real(0, 0.5), learning_rate = lb.auto,
                                 batch = lb.choice { 64, 128, 256 } } }
print(study)

-- 5 A large teacher, a small student, and the same student trained alone.
local teacher = p:train { net = lb.mlp { 128, 128, dropout = 0.3 }, epochs = opt.epochs, batch = 128, optimizer = lb.adam { learning_rate = 1e-3 },
                          l2 = 1e-3, early_stop = stop, name = "teacher" }
print(teacher)
local d = p:distill { teacher = teacher, student = lb.mlp { 8 }, temperature = 3, alpha = 0.7, seeds = opt.seeds, jobs = 2,
                      epochs = opt.epochs, batch = 128, optimizer = lb.adam { learning_rate = 3e-3 }, early_stop = stop }
print(lb.compare { teacher = teacher, student = d.student, alone = d.alone, on = "test" })
print("the student is saved in " .. d.student.path)

-- 6 Rare customers can be made more: smote adds rows between near ones, to training rows only. The same rows made before the split would
-- stand beside their models in the test part, and the figure would flatter.
local demo = encode(start:split { by = "stratified", train = 0.70, valid = 0.15, test = 0.15 }):smote {}
  :leak_demo { net = lb.mlp { 128, 128 }, epochs = opt.epochs, batch = 128, optimizer = lb.adam { learning_rate = 2e-3 }, early_stop = stop }
print(demo)
print(("result honest.auc %.4f"):format(demo.honest.auc))
print(("result dishonest.auc %.4f"):format(demo.dishonest.auc))
