-- One fit of the net for tables, for tests/bench/tabular.py: a model file, and what a fit costs.
local lb = require "limbeck"
local opt = lb.args { train = "", target = "", positive = "", model = "", seed = 1, members = 16, bins = 48, width = 128, depth = 2 }

local p = lb.pipeline { source = lb.read(opt.train), target = opt.target, positive = opt.positive, seed = opt.seed }
  :split { train = 0.85, valid = 0.15, test = 0 }
  :fill_missing { columns = "numeric", strategy = "median" }
  :quantile_transform { columns = "numeric", output = "normal", ends = "middle" }
  :one_hot { columns = "text" }
local model = p:train {
  net = lb.tabular { width = opt.width, depth = opt.depth, members = opt.members, bins = opt.bins },
}
model:save(opt.model)
print(("fit %.9g %d %.3f %d"):format(model.threshold_f1, model.params, model.seconds, model.epochs))
