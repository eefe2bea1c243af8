-- Losses that modules define: what they make small, with weights and settings; what fails stops the training with its place.
local lb = require "limbeck"
require "define.losses"

local function refused(pattern, fn, ...)
  local ok, message = pcall(fn, ...)
  assert(not ok, "not refused: " .. pattern)
  assert(tostring(message):find(pattern), tostring(message) .. "\ndoes not say: " .. pattern)
end
local function near(a, b, tolerance) assert(math.abs(a - b) <= (tolerance or 1e-5) * (1 + math.abs(b)), a .. " is not " .. b) end
local x, z, label, value = {}, {}, {}, {}
for i = 1, 300 do
  x[i], z[i] = (i * 37) % 101 / 101, (i * 61) % 97 / 97
  label[i] = x[i] < 0.3 and "low" or z[i] < 0.5 and "mid" or "high"
  value[i] = 3 * x[i] - z[i] + (i * 7 % 5) / 10
end
local t = lb.table { x = x, z = z, label = label, value = value }
local function parts(target)
  return lb.pipeline { source = t:pick { "x", "z", target }, target = target, seed = 3 } :split {} :standardize {}
end
local function plan(loss, more)
  local p = { net = lb.mlp { 6 }, epochs = 3, batch = 32, optimizer = lb.sgd { learning_rate = 0.1 }, loss = loss }
  for name, option in pairs(more or {}) do p[name] = option end
  return p
end

-- The same figures as limbeck's own, with and without weights of classes; whatever the threads.
local values, classes = parts "value", parts "label"
local own, ours = values:train(plan(nil)), values:train(plan "squares")
near(ours.valid.rmse, own.valid.rmse)
near(ours.train.loss, own.train.loss)
near(ours.valid.loss, own.valid.loss)
assert(ours:hash() == values:train(plan(lb.squares {})):hash(), "the same again, by lb.squares {}")
local wide = { net = lb.mlp { 256, 256 }, epochs = 1, batch = 128 } -- large enough to be cut into slices
near(values:train(plan("squares", wide)).valid.rmse, values:train(plan(nil, wide)).valid.rmse)
near(classes:train(plan "surprise").valid.log_loss, classes:train(plan(nil)).valid.log_loss)
local weighted = { class_weights = { low = 3, mid = 0.5 } }
near(classes:train(plan("surprise", weighted)).valid.loss, classes:train(plan(nil, weighted)).valid.loss)

-- Settings reach it: the more a low prediction costs, the higher they are.
local function mean(loss)
  local sum, p = 0, values:train(plan(loss, { epochs = 12 })):predict(values:table "valid")
  for _, row in p:each() do sum = sum + row.prediction end
  return sum / #p
end
assert(mean(lb.lopsided { low = 20 }) > mean(lb.lopsided { low = 1 }) + 0.2)
refused('"low" is 1000, allowed is 0 to 100', lb.lopsided, { low = 1000 })

-- What fails stops the training, with file and line.
refused("loss gives_up: define/losses.lua:%d+: no more", values.train, values, plan "gives_up")
refused("loss too_few: define/losses.lua:%d+: pass returns: 2 numbers as losses of 32", values.train, values, plan "too_few")
refused("loss no_slope: define/losses.lua:%d+: pass returns: gradients that are no list of 3 vectors", classes.train, classes, plan "no_slope")
refused("loss squares is for numbers, but the target has classes", classes.train, classes, plan "squares")
refused("takes = \"classes\" or \"values\"", require, "define.bad_loss")
