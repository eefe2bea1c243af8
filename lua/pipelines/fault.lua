#!/usr/bin/env -S limbeck run
-- Which machine fails next? Public table AI4I 2020 (--data=FILE or the folder that holds ai4i2020.csv). A net sees five sensors; three
-- features that a technician would compute (power, heat margin, strain) show it what wears a machine down.
local lb  = require "limbeck"
local opt = lb.args { data = "../shared/data/ai4i2020", epochs = 80, seed = 7, folds = 5 }
local file = opt.data:find "%.csv$" and opt.data or opt.data .. "/ai4i2020.csv"

local source = lb.read(file)
local start  = lb.pipeline { source = source, target = "Machine failure", positive = "1", target_type = "classes", key = "Product ID", seed = opt.seed }
  :rename { columns = { ["Air temperature [K]"] = "air", ["Process temperature [K]"] = "process", ["Rotational speed [rpm]"] = "rpm",
                      ["Torque [Nm]"] = "torque", ["Tool wear [min]"] = "wear" } }

-- 1 Columns that are the answer in other words: each failure mode is noted when the machine has failed.
local modes = { "TWF", "HDF", "PWF", "OSF", "RNF" }
for _, mode in ipairs(modes) do
  local hit = source:group_by { by = { mode }, make = { rows = "count()", failed = "sum(`Machine failure`)" } }:filter { where = mode .. " = 1" }
  print(("leak: %s, %d of the %d rows that have it failed"):format(mode, hit:get(1, "failed"), hit:get(1, "rows")))
end

-- 2 The same folds, seeds and net, without and with the three features.
local function features(p)
  return p:derive { name = "power",  as = "torque * rpm * 2 * 3.14159265 / 60" }
          :derive { name = "heat",   as = "process - air" }
          :derive { name = "strain", as = "wear * torque" }
end
local function finish(p)
  return p:drop { columns = { "UDI", table.unpack(modes) } }
          :split { by = "stratified", train = 0.85, valid = 0.15, test = 0 }
          :one_hot { columns = { "Type" } }
          :standardize { columns = { "numeric" } }
end
local function folds(p)
  return p:cross_validate { folds = opt.folds, net = lb.mlp { 64, 32 }, epochs = opt.epochs, batch = 128,
                            optimizer = lb.adam { learning_rate = 2e-3 }, early_stop = { metric = "valid.loss", patience = 15 } }
end
local plain, more = folds(finish(start)), folds(finish(features(start)))
print(plain)
print(more)
print(("result f1.plain %.4f"):format(plain.mean.f1))
print(("result f1.features %.4f"):format(more.mean.f1))

-- 3 The next machines, from raw rows.
local model = finish(features(start)):train { net = lb.mlp { 64, 32 }, epochs = opt.epochs, batch = 128, optimizer = lb.adam { learning_rate = 2e-3 },
                                              early_stop = { metric = "valid.loss", patience = 15 } }
print(model:predict(source:head(3)))
