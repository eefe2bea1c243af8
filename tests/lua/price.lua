-- What steps are worth: noise nothing, the step that makes the signal a lot, one that ruins it less than nothing, and what others build
-- on is needed.
local lb = require "limbeck"
local file = os.getenv "LIMBECK_TEST_DIR" .. "/priced.csv"
local out = assert(io.open(file, "w"))
out:write "id,x,z,kind,label\n"
for i = 1, 600 do
  local x, z = (i * 37) % 101 / 101, (i * 61) % 97 / 97
  local label = (x - 0.5) * (z - 0.5) + math.random() * 0.04 > 0.02 and "yes" or "no"
  out:write(("k%d,%.4f,%.4f,%s,%s\n"):format(i, x, z, i % 3 == 0 and "a" or "b", label))
end
out:close()

local plan = { folds = 4, epochs = 6, batch = 16, net = {}, optimizer = lb.adam { learning_rate = 0.05 }, margin = 0.03 }
local function check(price, wanted)
  assert(#price.steps == #wanted, #price.steps .. " steps")
  for i, verdict in ipairs(wanted) do
    local step = price.steps[i]
    local said = step.verdict .. (step.needed_by and " by " .. step.needed_by or "")
    assert(said == verdict, ("%s, step %d (%s): %s"):format(tostring(price), step.n, step.step, said))
    assert((step.low ~= nil) == (step.verdict ~= "needed" and step.verdict ~= "not comparable"))
    assert(not step.low or step.low <= step.worth and step.worth <= step.high)
  end
end

local p = lb.pipeline { source = lb.read(file), target = "label", positive = "yes", seed = 3 }
  :split {} :drop "id" :one_hot { columns = "text" }
  :derive { name = "both", as = "(x - 0.5) * (z - 0.5)" }
  :derive { name = "noise", as = "(x * 7919) % 1 + (z * 104729) % 1" }
  :standardize { off = true }
local price = p:price(plan)
check(price, { "does nothing", "needed by the net", "helps", "does nothing" })
assert(price.metric == "auc" and price.folds == 4 and price.mean > 0.9 and price.sd > 0 and price.margin == 0.03)
local signal = price.steps[3]
assert(math.abs(signal.worth - (price.mean - signal.without)) < 1e-9, "the worth is the difference of the means")
assert(signal.low > 0.2 and price.steps[2].why:find "columns still hold text: kind")
local text = tostring(price)
assert(text:find "^4%-fold AUC 0%.9%d+ ±0%.%d+ %(sd of 4 folds%) with all steps\n", text)
assert(text:find "\n  3 derive  both = .*  %+0%.%d+  %+0%.%d+ to %+0%.%d+    helps\n", text)

-- Two that do nothing are priced once more as one; two with the same signal do nothing each, and help together.
assert(price.status == "done" and price.done == 6 and price.of == 6, price.done)
assert(table.concat(price.together.numbers, " ") == "1 4" and price.together.verdict == "does nothing", text)
local twice = lb.pipeline { source = lb.read(file), target = "label", positive = "yes", seed = 3 }
  :split {} :drop { columns = { "id", "kind" } }
  :derive { name = "both", as = "(x - 0.5) * (z - 0.5)" } :derive { name = "again", as = "(x - 0.5) * (z - 0.5)" } :price(plan)
check(twice, { "needed by the net", "does nothing", "does nothing" })
assert(twice.together.verdict == "helps" and twice.together.low > 0.2 and twice.together.numbers[1] == 2)
assert(tostring(twice):find "\n    together 2, 3 .*  %+0%.%d+ to %+0%.%d+    helps\n", tostring(twice))

-- Features, each shuffled in held-out rows: sorted, on the folds of the whole recipe alone.
plan.importance = true
local weighed = p:price(plan)
assert(#weighed.features == 6 and weighed.features[1].feature == "both" and weighed.features[1].verdict == "helps")
for i, one in ipairs(weighed.features) do
  assert(one.low <= one.worth and one.worth <= one.high and (i == 1 or one.worth <= weighed.features[i - 1].worth))
  assert(one.feature ~= "noise" or one.verdict == "does nothing")
end
assert(weighed.mean == price.mean and weighed.steps[3].worth == price.steps[3].worth, "looking at features changes no training")
assert(tostring(weighed):find "\n    both +%+0%.%d+  %+0%.%d+ to %+0%.%d+    helps\n", tostring(weighed))
plan.margin, plan.jobs = nil, 1
local folds = p:cross_validate(plan)
assert(folds.importance[1].feature == "both" and folds.importance[1].worth == weighed.features[1].worth, "one process or two")
assert(tostring(folds):find "\n    both +%+0%.%d+  %+0%.%d+ to %+0%.%d+\n", tostring(folds))
plan.importance, plan.jobs = nil, nil
assert(not pcall(function() return p:cross_validate(plan).importance end), "it is there only where asked")

-- An array moves as one: the label follows what is in it.
local stacked = lb.pipeline { source = lb.read(file), target = "label", positive = "yes", seed = 3 }
  :split {} :drop { columns = { "id", "kind" } } :derive { name = "both", as = "(x - 0.5) * (z - 0.5)" } :standardize {}
  :stack { columns = { "x", "both" }, into = "pair" }
plan.importance, plan.net = true, {}
local arrays = stacked:cross_validate(plan).importance
assert(#arrays == 2 and arrays[1].feature == "pair" and arrays[1].low > 0.2 and arrays[2].feature == "z", arrays[1].feature)
plan.importance, plan.net = nil, {}

-- The whole is what cross_validate says of it.
plan.margin = nil
assert(p:cross_validate(plan).mean.auc == price.mean)

-- Needed by a step, nothing to the bit (what it makes is made anew), and harm.
plan.margin = 0.03
local ruined = lb.pipeline { source = lb.read(file), target = "label", positive = "yes", seed = 3 }
  :split {} :drop { columns = { "id", "kind" } }
  :derive { name = "both", as = "(x - 0.5) * (z - 0.5)" }
  :derive { name = "noise", as = "(x * 7919) % 1" }
  :derive { name = "both", as = "noise" }
price = ruined:price(plan)
check(price, { "needed by the net", "does nothing", "needed by step 4 (derive)", "harms" })
assert(price.steps[2].low == 0 and price.steps[2].high == 0)
assert(price.steps[3].why:find '^both: character 1: unknown column "noise"')

-- Numbers in time: lower is better, the margin is a share of the figure; the target and the split need what makes their columns.
price = lb.pipeline { source = lb.read(file), target = "y", seed = 3 }
  :derive { name = "y", as = "x * z + 1" }
  :derive { name = "y", as = "log(y)" }
  :derive { name = "day", as = "x * 1000 + z" }
  :filter { where = "z > 0.1" }
  :split { by = "time", column = "day" }
  :drop { columns = { "id", "label", "kind" } }
  :derive { name = "both", as = "x * z" } :price(plan)
check({ steps = { price.steps[1], price.steps[2], price.steps[3], price.steps[5] } },
      { "needed by the target", "not comparable", "needed by the split", "needed by the net" })
assert(price.metric == "rmse" and math.abs(price.margin - 0.03 * price.mean) < 1e-12)
assert(price.steps[6].without > price.mean and price.steps[6].worth > 0, "lower is better")
assert(price.steps[4].rows < price.steps[4].rows_without and price.steps[4].rows_without == 600)

local ok, message = pcall(function() return lb.pipeline { source = lb.read(file), target = "label" }:split {}:drop { "id", off = true }:price {} end)
assert(not ok and tostring(message):find "price: the recipe has no step that is on", message)
