local lb = require "limbeck"
local metric = lb.define.metric

metric { -- what AUC and the like do not say: what each decision costs
  name = "cost", doc = "mean cost of what is decided", better = "lower", takes = "positive",
  params = { missed = { type = "real", default = 5, min = 0, max = 1000, doc = "of a positive that is not found" }, alarm = 1.0 },
  compute = function(truth, p, params, weights, about)
    local found = p:ge(about.threshold)
    return ((1 - found) * truth * params.missed + found * (1 - truth) * params.alarm):mean()
  end,
}
metric { -- the same as rmse, by plain arrays
  name = "by_hand", better = "lower", takes = "values",
  compute = function(truth, outputs)
    local sum = 0
    for i = 1, #truth do sum = sum + (truth[i] - outputs[i]) ^ 2 end
    return math.sqrt(sum / #truth)
  end,
}
metric { -- the same as accuracy of any number of classes
  name = "hits", title = "hits", better = "higher", takes = "classes",
  compute = function(truth, outputs)
    local hits = 0
    for i = 1, #truth do
      local best = 1
      for c = 2, #outputs do if outputs[c][i] > outputs[best][i] then best = c end end
      hits = hits + (best == truth[i] and 1 or 0)
    end
    return hits / #truth
  end,
}
