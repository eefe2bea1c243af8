-- Codes of categories as trained numbers: levels come from the training rows, and stay with the model.
local lb = require "limbeck"
local city, plan, x, y = {}, {}, {}, {}
local names = { "oslo", "bern", "rome", "lima", "kyiv" }
for i = 1, 400 do
  city[i], plan[i], x[i] = names[(i * 7) % 5 + 1], (i * 3) % 11 < 5 and "basic" or "full", (i % 13) / 13
  y[i] = (city[i] == "rome" or city[i] == "kyiv") == (plan[i] == "full") and "in" or "out"
end
local p = lb.pipeline { source = lb.table { city = city, plan = plan, x = x, y = y }, target = "y", positive = "in", seed = 1 }
  :split { by = "random", train = 0.6, valid = 0.2, test = 0.2 }
  :ordinal { columns = { "city", "plan" }, unknown = "last" }
  :stack { columns = { "city" }, into = "city_code" }
  :stack { columns = { "plan" }, into = "plan_code" }
local net = {
  lb.embedding { from = "city_code", id = "city" }, lb.embedding { 4, from = "plan_code", id = "plan" },
  lb.concat { from = { "city", "plan", "numbers" } }, lb.mlp { 16 },
}
local m = p:train { net = net, epochs = 60, batch = 32, optimizer = lb.adam { learning_rate = 1e-2 } }
-- Six rows of three numbers, three of four; dense 16 of eight numbers, and two outputs.
assert(m.params == 6 * 3 + 3 * 4 + 16 * 9 + 2 * 17, m.params)
assert(m.valid.accuracy > 0.95, m.valid.accuracy)

m:save "cities.safetensors"
local again = lb.load "cities.safetensors"
local rows = lb.table { city = { "rome", "bern", "atlantis" }, plan = { "full", "full", "full" }, x = { 0.5, 0.5, 0.5 } }
local a, b = m:predict(rows), again:predict(rows)
for i = 1, 3 do
  assert(a:get(i, "p_in") == b:get(i, "p_in"))
end
assert(a:get(1, "prediction") == "in" and a:get(2, "prediction") == "out")
assert(a:get(3, "prediction") == "in" or a:get(3, "prediction") == "out") -- a city that training never saw has a row of its own

local ok, message = pcall(function() return p:train { net = { lb.embedding { from = "numbers" }, lb.mlp { 4 } }, epochs = 1 } end)
assert(not ok and tostring(message):find("levels", 1, true), message)
return true
