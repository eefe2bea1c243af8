#!/usr/bin/env -S limbeck run
-- Attacks that nobody has described: a net learns to give normal connections again, and what it gives back badly is told.
-- Data: NSL-KDD, KDDTrain+_20Percent.txt and KDDTest+.txt as they come, without a head; column 42 is the label, 43 the difficulty.
local lb = require "limbeck"
local opt = lb.args { data = "../shared/data/nsl-kdd", epochs = 30, seed = 1, seeds = 1 }

local function read(name)
  return lb.read(opt.data .. "/" .. name, { header = "no" }):derive { name = "attack", as = "column_42 != 'normal'" }
end

-- where: nothing but normal rows reaches a step that learns, the net, or its early stop; the test file has both.
local p = lb.pipeline { source = read "KDDTrain+_20Percent.txt", target = "attack", positive = "true", seed = opt.seed }
  :split { by = "stratified", train = 0.85, valid = 0.15, test = 0, where = "not attack" }
  :drop { columns = { "column_42", "column_43" } }
for _, bytes in ipairs { "column_1", "column_5", "column_6" } do
  p = p:derive { name = bytes, as = "log(1 + " .. bytes .. ")" }
end
p = p:one_hot { columns = "text" }:standardize { columns = "numeric" }

local net = lb.mlp { 64, 8, 64 } -- 72 numbers through a waist of 8
local m = p:train { net = net, loss = lb.reconstruction { quantile = 0.95 }, epochs = opt.epochs, seeds = opt.seeds,
                    early_stop = { patience = 5 } }
print(m)
local judged = m:eval { on = read "KDDTest+.txt" }
print(judged)
print("result auc " .. judged.auc)
print("result accuracy " .. judged.accuracy)
return judged.auc > 0.9
