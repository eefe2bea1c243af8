-- The report card of a model and the threshold that it leaves with: chosen on validation rows, kept in the file, used by all that decide.
local lb = require "limbeck"
local file = os.tmpname()
local out = assert(io.open(file, "w"))
out:write("a,b,site,y,kind\n")
for i = 1, 400 do
  local a, b = (i * 37) % 101, (i * 53) % 89
  local score = a - 50 + ((i * 71) % 61 - 30)
  out:write(("%d,%d,s%d,%s,%s\n"):format(a, b, i % 3, score > 25 and "yes" or "no", a > 66 and "high" or a > 33 and "mid" or "low"))
end
out:close()
local t = lb.read(file)
local function pipeline(target, positive)
  return lb.pipeline { source = t, target = target, positive = positive, seed = 3 }:split { by = "stratified" }
    :drop { columns = target == "b" and { "site", "y", "kind" } or { "site", target == "y" and "kind" or "y" } }:standardize { columns = "numeric" }
end
local plan = { net = lb.mlp { 4 }, epochs = 12, batch = 32, optimizer = lb.adam { learning_rate = 0.02 } }
local function with(more)
  local copy = {}
  for k, v in pairs(plan) do copy[k] = v end
  for k, v in pairs(more) do copy[k] = v end
  return copy
end

local p = pipeline("y", "yes")
local m = p:train(plan)
local card, eval = m:report(), m:eval "valid"
assert(card.on == "valid" and not tostring(card):find "certificate", "the test part is looked at by name only")
assert(card.metrics.auc == eval.auc and card.rows == eval.rows and card.at.confusion.yes.no == eval.confusion.yes.no)
assert(math.abs(card.curves[1].roc.area - eval.auc) < 1e-6 and card.intervals.auc[1] < eval.auc and eval.auc < card.intervals.auc[2])
assert(#card.calibration == 15 and #card.gain == 11 and #card.worst > 10 and card.worst[1].loss >= card.worst[2].loss)
local test = m:report { on = "test", slices = { "site" }, importance = true }
assert(test.certificate.test_consulted == 1 and #test.slices == 1 and #test.slices[1].items == 3 and #test.importance == 2)
local sum = 0
for _, one in ipairs(test.slices[1].items) do sum = sum + one.rows end
assert(sum == test.rows)
local worst = t:get(card.worst[1].row, "y") -- a row number of the file
assert(worst == card.worst[1].truth)

-- A yes that is missed costs 20: more are called, and it costs no more on the rows that it was chosen on.
local costs = { yes = { no = 20 } }
local careful, at_half = m:with_threshold { costs = costs }, m:with_threshold { at = 0.5, costs = costs }
local a, b = careful:report(), at_half:report()
assert(a.at.cost <= b.at.cost and a.at.called >= b.at.called and a.model.threshold < 0.5)
assert(a.model.decision.by == "cost" and a.model.decision.on == "valid" and math.abs(a.model.decision.cost - a.at.cost_of_row) < 1e-12)
assert(math.abs(a.best.cost - a.model.threshold) < 1e-12 and m:report().model.threshold == 0.5, "the first model is as it was")
careful:save "careful.safetensors"
local loaded = lb.load "careful.safetensors"
assert(loaded:hash() == careful:hash() and loaded:hash() ~= m:hash())
local called = 0
for _, row in loaded:predict(t):each() do
  assert((row.prediction == "yes") == (row.p_yes >= a.model.threshold))
  called = called + (row.prediction == "yes" and 1 or 0)
end
assert(called > 0)
assert(loaded:eval { on = t, threshold = 0.5 }.f1 and loaded:report { on = t }.model.costs.yes.no == 20)

-- The same asked of the training; the figures of valid are those at it.
local trained = p:train(with { threshold = { costs = costs } })
assert(math.abs(trained:report().model.threshold - a.model.threshold) < 1e-12 and trained:hash() == careful:hash())
assert(math.abs(trained.valid.accuracy - a.at.accuracy) < 1e-6)
assert(p:train(with { threshold = 0.25 }):report().model.threshold == 0.25)

-- Three classes: costs decide each row by its probabilities.
local q = pipeline("kind")
local three = q:train(plan)
local moved = three:with_threshold { costs = { mid = { low = 30, high = 30 } } }
local x, y = three:report(), moved:report()
assert(#x.curves == 3 and #x.per_class == 3 and not pcall(function() return x.thresholds end) and y.at.confusion.mid.mid >= x.at.confusion.mid.mid)
assert(y.per_class[3].class == "mid" and y.per_class[3].said > x.per_class[3].said)
moved:save "moved.safetensors"
assert(lb.load "moved.safetensors":predict(t):hash() == moved:predict(t):hash() and moved:predict(t):hash() ~= three:predict(t):hash())

-- A number: residuals, and no decisions.
local n = pipeline("b"):train { net = lb.mlp { 4 }, epochs = 3 }
local r = n:report()
assert(#r.residuals == 1 and not pcall(function() return r.at end) and #r.residuals[1].bins == 21 and r.metrics.rmse == n:eval "valid".rmse)

local function fails(wanted, f)
  local ok, message = pcall(f)
  assert(not ok and tostring(message):find(wanted), tostring(message))
end
fails("costs: y has no class \"maybe\"", function() m:with_threshold { costs = { maybe = { no = 2 } } } end)
fails("3 classes, which costs decide", function() three:with_threshold(0.3) end)
fails("3 classes, which costs decide", function() q:train(with { threshold = { by = "f1" } }) end)
fails("b is a number", function() n:with_threshold { by = "f1" } end)
fails("there is no column nowhere", function() m:report { slices = { "nowhere" } } end)
fails("has no parts", function() loaded:report() end)
fails("no option \"cost\"; did you mean \"costs\"", function() m:with_threshold { cost = 3 } end)
os.remove(file)
return true
