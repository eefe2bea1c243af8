-- Rates before a training: a sweep that leaves everything as it was, curves of schedules, batches that grow, reasons to stop.
local lb = require "limbeck"
local p = lb.pipeline { source = lb.read "sample_data/churn.csv", target = "churn", seed = 7 }
  :split { by = "stratified", train = 0.7, valid = 0.15, test = 0.15 }
  :drop { columns = { "customer_id" } }
  :fill_missing { columns = "numeric", strategy = "median" }
  :one_hot { columns = "text" }
  :standardize { columns = "numeric" }
local net = lb.mlp { 16 }

local before = p:train { net = net, epochs = 2 }
for _, optimizer in ipairs { lb.sgd {}, lb.adam {}, lb.lion {} } do
  local found = p:find_rate { net = net, batch = 64, optimizer = optimizer, steps = 80 }
  assert(#found.rates == #found.losses and #found.rates == #found.smoothed and #found.rates > 20)
  assert(found.suggested > 1e-5 and found.suggested < found.lowest and found.lowest <= 1, tostring(found))
  assert(tostring(found):find "suggested")
  local again = p:find_rate { net = net, batch = 64, optimizer = optimizer, steps = 80 }
  assert(again.suggested == found.suggested and again.losses[20] == found.losses[20], "a sweep is the same twice")
end
assert(p:train { net = net, epochs = 2 }:hash() == before:hash(), "a sweep leaves a training as it is")
local ok, why = pcall(p.find_rate, p, { net = net, from = 1, to = 0.1 })
assert(not ok and why:find("find_rate: to = 0.1 is not above from = 1", 1, true), why)

local curve = lb.preview_schedule { schedule = lb.cosine {}, learning_rate = 0.1, epochs = 10, steps_per_epoch = 2, points = 20 }
assert(#curve.rates == 20 and curve.rates[1] == 0.1 and curve.epochs[20] == 9.5)
assert(math.abs(curve.rates[11] - 0.05) < 1e-12)

local seen = {}
local grown = p:train { net = net, epochs = 6, batch = 64, batch_epochs = { 3, 5 }, batch_rows = { 128, 512 },
  schedule = lb.step { every = 2, factor = 0.5 }, on_epoch = function(e) seen[#seen + 1] = { e.step, e.learning_rate } end }
-- 1421 training rows: 23 batches of 64, 12 of 128, 3 of 512
local steps = { 23, 46, 58, 70, 73, 76 }
for i, s in ipairs(seen) do
  assert(s[1] == steps[i], s[1])
  assert(math.abs(s[2] - 0.001 * 0.5 ^ ((i - 1) // 2)) < 1e-12)
end
assert(#seen == 6 and grown.epochs == 6)
ok, why = pcall(p.train, p, { net = net, batch_epochs = { 5, 3 }, batch_rows = { 128, 512 } })
assert(not ok and why:find("batch_epochs grow, found 3 after 5", 1, true), why)
ok, why = pcall(p.train, p, { net = net, batch_epochs = { 5, 7 }, batch_rows = { 128 } })
assert(not ok and why:find("batch_rows", 1, true), why)

-- Nothing is better than the first epochs where high losses count as good ones; a warm-up does not look at them.
local function stop(options) return p:train { net = net, epochs = 30, early_stop = lb.early_stop(options) } end
local high = stop { metric = "valid.loss", mode = "max", patience = 2 }
assert(high.epochs == 3 and high.best_epoch == 1 and high.why:find "early stop: no better valid.loss since epoch 1", high.why)
local warmed = stop { metric = "valid.loss", mode = "max", patience = 2, warm_up = 4 }
assert(warmed.epochs == 7 and warmed.best_epoch == 5, warmed.why)
return true
