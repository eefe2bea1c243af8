-- Losses at work: quantiles that do not cross, and a net that learns its input again from normal rows and tells the others.
local lb = require "limbeck"

local function refused(part, f, ...)
  local ok, message = pcall(f, ...)
  assert(not ok and tostring(message):find(part, 1, true), tostring(message))
end

-- y is uniform around 2 x, so its quantiles are known.
local N = 600
local x, y, two, kind = {}, {}, {}, {}
for i = 1, N do
  x[i] = i * 0.6180339887 % 1
  y[i] = 2 * x[i] + i * 7919 % 101 / 101
  two[i] = x[i] + i * 31 % 17 / 34 > 0.75 and "high" or "low"
end
local p = lb.pipeline { source = lb.table { x = x, y = y }, target = "y", seed = 1 }
  :split { by = "random", train = 0.6, valid = 0.1, test = 0.3 }
local function train(loss, epochs, of)
  return (of or p):train { net = lb.mlp { 12 }, loss = loss, epochs = epochs or 60, batch = 32, optimizer = lb.adam { learning_rate = 0.02 } }
end
local m = train(lb.quantile { 0.1, 0.5, 0.9 })
local found = m:eval "test".by_output
for k, q in ipairs { 0.1, 0.5, 0.9 } do
  assert(found[k].quantile == q and math.abs(found[k].below - q) < 0.12, ("%s below %s"):format(found[k].below, q))
end
local rows = m:predict(lb.table { x = { -5, 0.2, 9 } })
local low, middle, high, point = rows:column "y_q10", rows:column "y_q50", rows:column "y_q90", rows:column "prediction"
for i = 1, 3 do assert(low[i] <= middle[i] and middle[i] <= high[i] and middle[i] == point[i]) end
local again = os.tmpname()
m:save(again)
assert(lb.load(again):hash() == m:hash() and lb.load(again):predict(lb.table { x = { 0.2 } }):column "y_q90"[1] == high[2])
os.remove(again)

-- Side by side with a net of the mean the middle one stands for its number.
local plain = train(nil, 60)
local both = lb.compare { models = { quantiles = m, quantiles_again = train(lb.quantile { 0.1, 0.5, 0.9 }, 5) }, on = "test", against = "quantiles" }
assert(math.abs(both.models.quantiles.rmse - m:eval "test".rmse) < 1e-9)
assert(math.abs(both.differences.quantiles_again.mean - (both.models.quantiles_again.rmse - both.models.quantiles.rmse)) < 1e-9)
refused("predict different things", lb.compare, { models = { quantiles = m, plain = plain }, on = "test" })

-- One quantile is one number; other losses of numbers keep the name of the prediction too.
for _, loss in ipairs { lb.quantile { 0.9 }, lb.huber { delta = 0.5 }, lb.mean_absolute_error {} } do
  local one = train(loss, 20)
  assert(one.valid.loss > 0 and one:predict(lb.table { x = { 0.5 } }):column "prediction"[1] > 0.5)
end

-- Losses of classes, with weights of classes.
local q = lb.pipeline { source = lb.table { x = x, two = two }, target = "two", positive = "high", seed = 1 }
  :split { by = "random", train = 0.6, valid = 0.1, test = 0.3 }
for _, loss in ipairs { lb.binary_cross_entropy { label_smoothing = 0.1 }, lb.focal { alpha = 0.4 }, lb.cross_entropy { label_smoothing = 0.1 } } do
  local one = q:train { net = lb.mlp { 8 }, loss = loss, epochs = 30, batch = 32, optimizer = lb.adam { learning_rate = 0.02 }, class_weights = { high = 2 } }
  assert(one:eval "test".auc > 0.85)
end
refused("loss huber is for numbers, but the target has classes", train, lb.huber {}, 1, q)
refused("0.9 stands before 0.1 in q", train, lb.quantile { 0.9, 0.1 }, 1)

-- Normal rows lie on a circle; the others do not.
local a, b = {}, {}
for i = 1, N do
  local odd = i % 10 == 0
  a[i] = math.sin(6 * x[i]) + (odd and 0.9 or 0)
  b[i] = math.cos(6 * x[i]) - (odd and 0.8 or 0)
  kind[i] = odd and "odd" or "even"
end
local circle = lb.table { a = a, b = b, c = x, kind = kind }
local blind_pipeline
local function learn(target, net, loss)
  local of = lb.pipeline { source = circle, target = target, positive = target == "kind" and "odd" or nil, seed = 1 }
    :split { by = "random", train = 0.6, valid = 0.1, test = 0.3, where = "kind == 'even'" }
  if target == "input" then of = of:drop { columns = { "kind" } } end
  blind_pipeline = of:standardize { columns = "numeric" }
  return blind_pipeline:train { net = net or lb.mlp { 16, 1, 16 }, epochs = 40, batch = 32, loss = loss, optimizer = lb.adam { learning_rate = 0.01 } }
end
local blind = learn "input"
assert(tostring(blind):find("not to be learned from", 1, true), tostring(blind))
local plain = blind:eval "test"
assert(plain.loss > 0)
refused("no field \"auc\"", function() return plain.auc end)
local told = blind:eval { on = "test", anomaly = "kind == 'odd'" }
assert(told.auc > 0.95 and told.accuracy > 0.9, tostring(told))
refused("no field \"brier\"", function() return told.brier end)
refused("anomaly: character 1: unknown column", blind.eval, blind, { on = "test", anomaly = "what == 1" })
refused("target = \"input\" is learned by the loss reconstruction", learn, "input", nil, lb.cross_entropy {})
refused("reconstruction tells a positive class", function() p:train { net = lb.mlp { 2 }, epochs = 1, loss = lb.reconstruction {} } end)

local folds = blind_pipeline:cross_validate { net = lb.mlp { 4, 1, 4 }, epochs = 3, folds = 3 }
assert(folds.metric == "loss" and folds.mean.loss > 0, tostring(folds))
assert(#blind_pipeline:profile().columns > 0)
refused("has no metric that decides", blind_pipeline.price, blind_pipeline, { epochs = 1, folds = 2 })
refused("has no classes to be judged by", lb.compare, { models = { a = blind, b = blind } })
refused("gives its input again", function() blind_pipeline:distill { teacher = blind, student = lb.mlp { 2 }, seeds = 1, epochs = 1 } end)

-- The same net where the classes have a column: it is judged as any other model of them.
local seen = learn("kind", nil, lb.reconstruction { quantile = 0.95 })
assert(math.abs(seen:eval "test".auc - told.auc) < 0.05)
refused("target kind tells the classes", seen.eval, seen, { on = "test", anomaly = "kind == 'odd'" })
local scored = seen:predict(circle)
local score, prediction, below, normal = scored:column "score", scored:column "prediction", 0, 0
for i = 1, N do
  if kind[i] == "even" then normal, below = normal + 1, below + (prediction[i] == "even" and 1 or 0) end
  assert(score[i] >= 0)
end
assert(math.abs(below / normal - 0.95) < 0.04, below / normal)
seen:save(again)
local back = lb.load(again)
assert(back:hash() == seen:hash() and back:predict(circle):column "score"[10] == score[10])
os.remove(again)
