#!/usr/bin/env -S limbeck run
-- The whole chain in a minute: clean, train, tune, distill, compare. `make demo` runs it where there is no terminal for the workbench.
local lb  = require "limbeck"
local opt = lb.args { data = "sample_data/churn.csv", epochs = 30, seed = 7, trials = 6, seeds = 3 }

local source = lb.read(opt.data)
print(("1  %s: %d rows, %d columns"):format(opt.data, #source, #source.columns))

local p = lb.pipeline { source = source, target = "churn", positive = "Yes", seed = opt.seed }
  :snake_case      {}
  :drop_duplicates {}
  :drop            { columns = { "customer_id" } }
  :normalize_text  { columns = { "text" } }
  :split           { by = "stratified", train = 0.70, valid = 0.15, test = 0.15 }
  :clip_outliers   { columns = { "numeric" }, method = "quantile" }
  :fill_missing    { columns = { "all" }, strategy = "median" }
  :one_hot         { columns = { "text" } }
  :standardize     { columns = { "numeric" } }
local clean = p:table()
print(("2  cleaned and encoded: %d rows, %d columns, %d blank cells"):format(#clean, #clean.columns, clean:profile().missing))
for _, note in ipairs(p:notes()) do print("   " .. note) end

local stop    = { metric = "valid.auc", patience = 8 }
local teacher = p:train { net = lb.mlp { 64, 32, dropout = 0.2 }, epochs = opt.epochs, batch = 128, early_stop = stop, name = "teacher" }
print("3  " .. tostring(teacher))
print(lb.chart(teacher, "loss"))

local study = p:tune { net = lb.mlp { 32, dropout = 0.2 }, trials = opt.trials, jobs = 2, epochs = opt.epochs, batch = 128, early_stop = stop,
                       space = { learning_rate = lb.real(1e-4, 1e-2, "log"), dropout = lb.real(0, 0.5) } }
print("4  " .. tostring(study))

local d = p:distill { teacher = teacher, student = lb.mlp { 8 }, temperature = 3, alpha = 0.7, seeds = opt.seeds, jobs = 2,
                      epochs = opt.epochs, batch = 128, optimizer = lb.adam { learning_rate = 3e-3 }, early_stop = stop }
print("5  " .. tostring(d))
print(lb.compare { teacher = teacher, student = d.student, alone = d.alone, on = "test" })
return true
