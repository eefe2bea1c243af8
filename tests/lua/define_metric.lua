-- Metrics that modules define: wherever a metric is named or shown, and what happens when they fail.
local lb = require "limbeck"

local function refused(pattern, fn, ...)
  local ok, message = pcall(fn, ...)
  assert(not ok, "not refused: " .. pattern)
  assert(tostring(message):find(pattern), tostring(message) .. "\ndoes not say: " .. pattern)
end
local function near(a, b) assert(math.abs(a - b) < 1e-9, a .. " is not " .. b) end

require "define.metrics"
local x, z, label, kind, value = {}, {}, {}, {}, {}
for i = 1, 240 do
  x[i], z[i] = (i * 37) % 101 / 101, (i * 61) % 97 / 97
  label[i] = x[i] + z[i] + (i * 13 % 10) / 40 > 1.1 and "yes" or "no"
  kind[i] = x[i] < 0.3 and "low" or z[i] < 0.5 and "mid" or "high"
  value[i] = 3 * x[i] - z[i] + (i * 7 % 5) / 10
end
local t = lb.table { x = x, z = z, label = label, kind = kind, value = value }
local function parts(target, columns)
  return lb.pipeline { source = t:pick(columns), target = target, seed = 3, positive = target == "label" and "yes" or nil }
    :split { train = 0.5, valid = 0.25, test = 0.25 } :standardize {}
end
local two = parts("label", { "x", "z", "label" })
local plan = { net = lb.mlp { 4 }, epochs = 3, batch = 32 }

-- Two classes: beside the others in every figure; its own words in what is printed.
local m = two:train(plan)
local test = m:eval { on = "test", threshold = 0.4 }
-- Counts of classes by truth and decision say the same as the metrics.
local c, eval = test.confusion, m:eval { on = "test", threshold = 0.4 }
assert(c.yes.yes + c.yes.no + c.no.yes + c.no.no == test.rows)
near((c.yes.yes + c.no.no) / test.rows, eval.accuracy)
near(2 * c.yes.yes / (2 * c.yes.yes + c.yes.no + c.no.yes), eval.f1)
local function has(result, name) return rawget(result, name) ~= nil end
near(test.hits, m:eval { on = "test" }.accuracy)
assert(m.valid.cost and tostring(test):find "cost" and not has(test, "by_hand"))

-- Named: early stopping, tuning, cross-validation, comparison, a chart.
local watched = two:train { net = lb.mlp { 4 }, epochs = 4, batch = 32, early_stop = lb.early_stop { metric = "valid.cost", patience = 2 } }
assert(watched.valid.cost)
refused('no metric "valid.costs".*valid.cost', two.train, two, { net = lb.mlp { 4 }, epochs = 1, early_stop = lb.early_stop { metric = "valid.costs" } })
refused('no metric "valid.by_hand"', two.train, two, { net = lb.mlp { 4 }, epochs = 1, early_stop = lb.early_stop { metric = "valid.by_hand" } })
local study = two:tune { net = lb.mlp { 4 }, trials = 2, epochs = 1, batch = 32, jobs = 1, metric = "valid.cost", space = { learning_rate = { 0.001, 0.1 } } }
local least = math.min(study.trials[1].metric, study.trials[2].metric)
near(study.best.metric, least)
local folds = two:cross_validate { folds = 2, net = lb.mlp { 4 }, epochs = 1, batch = 32 }
assert(folds.mean.cost >= 0 and folds.sd.cost >= 0 and folds.pooled.cost >= 0)
local report = lb.compare { student = m, on = "test" }
assert(report.student.cost >= 0 and tostring(report):find "cost", tostring(report))

-- Metrics with settings: in one evaluation, as what a training or a study watches, over folds.
local more = m:eval { on = "test", metrics = { "f_beta(beta=1)", "cost(missed=0, alarm=0)", "lift(share=1)" } }
near(more["f_beta(beta=1)"], more.f1)
near(more["lift(share=1)"], 1)
assert(more["cost(missed=0, alarm=0)"] == 0 and tostring(more):find "f_beta%(beta=1%) 0%.%d+")
refused('f_beta: no setting "bta"; did you mean "beta"', m.eval, m, { on = "test", metrics = { "f_beta(bta=1)" } })
refused("pinball is no metric of this target", m.eval, m, { on = "test", metrics = { "pinball" } })
local strict = { net = lb.mlp { 4 }, epochs = 4, batch = 32, early_stop = lb.early_stop { metric = "valid.f_beta(beta=0.5)", patience = 2 } }
local half = two:train(strict)
assert(half.valid["f_beta(beta=0.5)"] >= 0 and half.valid["f_beta(beta=0.5)"] ~= half.valid.f_beta)
assert(two:cross_validate { folds = 2, net = strict.net, epochs = 1, batch = 32, early_stop = strict.early_stop }.mean["f_beta(beta=0.5)"] >= 0)
refused('early_stop: f_beta: "beta" is 0, allowed', two.train, two, { net = lb.mlp { 4 }, epochs = 1, early_stop = lb.early_stop { metric = "valid.f_beta(beta=0)" } })
local settled = two:tune { net = lb.mlp { 4 }, trials = 2, epochs = 1, batch = 32, jobs = 1, metric = "valid.cost(missed=2)", space = { learning_rate = { 0.001, 0.1 } } }
near(settled.best.metric, math.min(settled.trials[1].metric, settled.trials[2].metric))

-- Values, and more than two classes.
local r = parts("value", { "x", "z", "value" }):train(plan)
local on = r:eval { on = "test" }
near(on.by_hand, on.rmse)
assert(not has(on, "cost") and not has(on, "hits"))
local k = parts("kind", { "x", "z", "kind" }):train(plan):eval { on = "test" }
near(k.hits, k.accuracy)
assert(k.confusion.low.low + k.confusion.mid.mid + k.confusion.high.high == math.floor(k.accuracy * k.rows + 0.5))
assert(not has(k, "cost") and not has(k, "by_hand"))

-- Declarations, and functions that fail.
refused("bad_metric.*better = \"higher\" or \"lower\"", require, "define.bad_metric")
refused("bad_takes.*takes is \"values\", \"positive\"", require, "define.bad_takes")
refused("needs compute = function", lb.define.metric, { name = "here", better = "higher" })
refused("defined in a module of its own", lb.define.metric, { name = "here", better = "higher", compute = function() end })
require "define.failing_metrics"
require "define.raising_metric"
refused("metric broken: .*define/raising_metric.lua:2: .*\"nothing\" is not set", two.train, two, plan)
local values = parts("value", { "x", "z", "value" })
refused("metric worded: .*define/failing_metrics.lua:2: compute returns: a string, not a number", values.train, values, plan)
