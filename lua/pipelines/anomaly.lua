#!/usr/bin/env -S limbeck run
-- Attacks of kinds that training has never shown: a deep convolutional net on NSL-KDD, trained on KDDTrain+_20Percent.txt and judged on
-- KDDTest+.txt, as they come without a head (column 42 is the label, 43 the difficulty). A validation part drawn at random holds the
-- attacks that training holds, and says 0.99; so here whole kinds of attack are left out of training and validate in their place. By them,
-- and never by a test row, are chosen: depth, width and kernel of the net, and the threshold of its alarm. Then the chosen net learns
-- from all kinds.
local lb  = require "limbeck"
local opt = lb.args { data = "../shared/data/nsl-kdd", epochs = 8, seed = 1, seeds = 5, parts = 3, depth = "2 3 4 5", width = "16 32", kernel = "3 7" }

-- What belongs together: all attacks of a kind; normal rows that look alike.
local function read(name)
  return lb.read(opt.data .. "/" .. name, { header = "no" })
    :derive { name = "attack", as = "column_42 != 'normal'" }
    :derive { name = "kind", as = "if(column_42 = 'normal', concat('normal ', text(column_23 % 50), ' ', text(column_32 % 50)), column_42)" }
end
local source, test = read "KDDTrain+_20Percent.txt", read "KDDTest+.txt"

-- Ranks, spread evenly: what lies beyond all training rows of its column comes no farther than the farthest of them.
local function rows(split)
  return lb.pipeline { source = source, target = "attack", positive = "true", seed = opt.seed }
    :split(split)
    :drop { columns = { "column_42", "column_43", split.by == "stratified" and "kind" or nil } }
    :quantile_transform { ends = "middle" }
    :one_hot { columns = { "text" } }
end
local function without_kinds(part)
  return rows { by = "group", column = "kind", train = 0.7, valid = 0.3, test = 0, seed = part }
end

local function plan(more)
  local p = { net = lb.cnn1d { 32, 3, 3, dropout = 0.3 }, epochs = opt.epochs, optimizer = lb.adamw { learning_rate = 1e-3 },
              schedule = lb.flat_cosine {}, loss = lb.binary_cross_entropy {}, max_norm = 1 }
  for name, value in pairs(more) do p[name] = value end
  return p
end
local function numbers(text)
  local list = {}
  for number in text:gmatch "%d+" do list[#list + 1] = math.tointeger(number) end
  return list
end

-- 1 Sweep: every depth with every width and kernel, on every set of kinds left out. The mean of its area under the curve ranks a net.
local space = { ["net.depth"] = numbers(opt.depth), ["net.width"] = numbers(opt.width), ["net.kernel"] = numbers(opt.kernel) }
local trials = #space["net.depth"] * #space["net.width"] * #space["net.kernel"]
local nets, best = {}, nil
for part = 1, opt.parts do
  local study = without_kinds(part):tune(plan { space = space, sampler = "grid", trials = trials, metric = "valid.auc" })
  for n, trial in ipairs(study.trials) do
    local net = nets[n] or { settings = trial.settings, params = trial.params, auc = 0, least = 1 }
    net.auc, net.least, nets[n] = net.auc + (trial.metric or 0) / opt.parts, math.min(net.least, trial.metric or 0), net
  end
end
for _, net in ipairs(nets) do
  if not best or net.auc > best.auc then best = net end
  print(("depth %d  width %3d  kernel %d  %7d params  auc on kinds left out %.4f, the least %.4f"):format(net.settings["net.depth"],
    net.settings["net.width"], net.settings["net.kernel"], net.params, net.auc, net.least))
end
local depth, width, kernel = best.settings["net.depth"], best.settings["net.width"], best.settings["net.kernel"]
print(("chosen: depth %d, width %d, kernel %d"):format(depth, width, kernel))
local net = lb.cnn1d { width, kernel, depth, dropout = 0.3 }

-- 2 Threshold: the one that tells kinds left out from normal rows best, half of the error being missed attacks and half false alarms.
local thresholds, right = { 0.5, 0.4, 0.3, 0.2, 0.15, 0.1, 0.07, 0.05, 0.03, 0.02, 0.01 }, {}
for part = 1, opt.parts do
  local m = without_kinds(part):train(plan { net = net, seed = opt.seed + 1000 })
  for i, threshold in ipairs(thresholds) do
    right[i] = (right[i] or 0) + m:eval { on = "valid", threshold = threshold }.balanced_accuracy / opt.parts
  end
end
local at = 1
for i = 2, #thresholds do if right[i] > right[at] then at = i end end
print(("threshold %.2f: balanced accuracy on kinds left out %.4f, at 0.5 %.4f"):format(thresholds[at], right[at], right[1]))

-- 3 The chosen net, from all kinds, over several seeds.
local m = rows { by = "stratified", train = 0.85, valid = 0.15, test = 0 }:train(plan { net = net, seeds = opt.seeds })
print(m)
local function judge(name, on, threshold)
  local judged = m:eval { on = on, threshold = threshold }
  print(("%-10s threshold %.2f  accuracy %.4f  auc %.4f"):format(name, threshold, judged.accuracy, judged.auc))
  return judged
end
local hard = test:filter "column_43 != 21"
judge("KDDTest+", test, 0.5)
judge("KDDTest-21", hard, 0.5)
local plus, minus = judge("KDDTest+", test, thresholds[at]), judge("KDDTest-21", hard, thresholds[at])
print(("result accuracy %.4f"):format(plus.accuracy))
print(("result accuracy.21 %.4f"):format(minus.accuracy))
print(("result auc %.4f"):format(plus.auc))
print(("result threshold %.2f"):format(thresholds[at]))
