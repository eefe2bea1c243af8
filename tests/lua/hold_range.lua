-- Predictions of numbers end where the training targets do, when they are told to: in figures, predictions and from a file alike.
local lb = require "limbeck"

local x, y = {}, {}
for i = 1, 60 do
  x[i] = i / 10
  y[i] = 5 + 2 * x[i]
end
local p = lb.pipeline { source = lb.table { x = x, y = y }, target = "y", target_type = "values", seed = 3 }
  :split { train = 0.6, valid = 0.2, test = 0.2, by = "random" }
local function trained(options)
  options.net, options.epochs, options.batch, options.optimizer = { lb.dense { 4 } }, 30, 16, lb.adam { learning_rate = 0.05 }
  return p:train(options)
end
local far = lb.table { x = { -1000.0, 3.0, 1000.0 } }
local free, held = trained {}:predict(far), trained { hold_range = true }
local near = held:predict(far)
local low, high = near:get(1, "prediction"), near:get(3, "prediction")
assert(free:get(1, "prediction") < -100 and free:get(3, "prediction") > 100)
assert(low > 5.199 and low < 6.5 and high > 15.5 and high < 17.001, low .. " to " .. high)
assert(near:get(2, "prediction") == free:get(2, "prediction"))

-- What is judged is what is predicted.
local judged = held:eval { on = lb.table { x = { -1000.0, 1000.0 }, y = { 5.2, 17.0 } } }
assert(math.abs(judged.mae - (math.abs(low - 5.2) + math.abs(high - 17)) / 2) < 1e-6, tostring(judged.mae))
local file = os.getenv "LIMBECK_TEST_DIR" .. "/held.safetensors"
held:save(file)
local again = lb.load(file):predict(far)
for row = 1, 3 do
  assert(again:get(row, "prediction") == near:get(row, "prediction"))
end

-- A net for tables asks for it by itself; a plan that says otherwise counts.
local rows = { net = lb.tabular { 8, members = 2, bins = 4 }, epochs = 2, batch = 16 }
local own = p:train(rows):predict(far)
rows.hold_range = false
local other = p:train(rows):predict(far)
assert(own:get(3, "prediction") < 17.001 and own:get(1, "prediction") > 5.199)
assert(other:get(3, "prediction") > 17 or other:get(1, "prediction") < 5.2)
return true
