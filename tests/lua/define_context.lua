-- Steps of modules that look at other rows: what they see, what they must not, and the way to prediction.
local lb = require "limbeck"
require "define.context"

local function refused(pattern, fn, ...)
  local ok, message = pcall(fn, ...)
  assert(not ok, "not refused: " .. pattern)
  assert(tostring(message):find(pattern), tostring(message) .. "\ndoes not say: " .. pattern)
end
local t = lb.table { { "g", { "a", "b", "a", "a", "b" } }, { "t", { 3, 1, 1, 2, 5 } }, { "x", { 7, 10, 1, 4, 30 } } }
local function cells(table, name)
  local list = {}
  for i = 1, #table do list[i] = tostring(table:get(i, name)) end
  return list[1] and require("limbeck") and (function() local s = list[1] for i = 2, #list do s = s .. " " .. list[i] end return s end)()
end

assert(cells(t:drift { "x", by = "g", time = "t" }, "x_drift") == "3.0 0.0 0.0 1.5 10.0")
assert(cells(t:drift { "x", by = "g", time = "t", scale = 2 }, "x_drift") == "6.0 0.0 0.0 3.0 20.0")
assert(cells(t:last_three { "x", by = "g", time = "t" }, "x_three") == "12.0 nil nil nil nil")
assert(cells(t:of_group { "x", by = "g" }, "x_share"):find "^0.58")
assert(#t:of_group { "x", by = "g" } == 5, "a group needs no time")
assert(cells(t:weighed { "x", by = "g", weight = "t" }, "x_mean") == "5.0 26.666666666667 5.0 5.0 26.666666666667")
refused('weight: no column "tt"', t.weighed, t, { "x", by = "g", weight = "tt" })
refused("name time =", t.drift, t, { "x", by = "g" })

-- Held to what they said they see.
refused('peeks.*"x_next" changes when later rows are left out', t.peeks, t, { "x", by = "g", time = "t" })
refused('peeks_far.*"x_sum" changes when rows before its window are left out', t.peeks_far, t, { "x", by = "g", time = "t" })
refused('ordered.*"x_before" changes when the rows of its group stand in another order', t.ordered, t, { "x", by = "g" })
refused('counts.*"x_call" changes when .*other groups are left out', t.counts, t, { "x", by = "g" })
refused("fails_late.*define/context.lua:%d+: three are too many", t.fails_late, t, { "x", by = "g", time = "t" })
refused("now_and_then.*\"x[34]\" for some groups and not for others", t.now_and_then, t, { "x", by = "g" })
refused("needs is \"row\", \"past\"", require, "define.bad_needs")
refused("learns nothing; leave fit out", require, "define.learns_of_rows")
refused("goes with window = N", require, "define.no_window")

-- In a pipeline: before the split, of the target only what a lag made of it; rows with too little past are left out.
local rows = { s = {}, day = {}, x = {}, y = {} }
for i = 1, 120 do
  rows.s[i], rows.day[i], rows.x[i] = i % 2 == 0 and "u" or "v", (i + 1) // 2, (i * 37) % 101 / 101
  rows.y[i] = rows.x[i] * 2 + (rows.x[i - 2] or 0)
end
local source = lb.table(rows)
local p = lb.pipeline { source = source, target = "y", seed = 3 }
  :drift { "x", by = "s", time = "day" } :last_three { "x", by = "s", time = "day" }
  :split { by = "time", column = "day", train = 0.6, valid = 0.2, test = 0.2 } :drop { "s", "day" } :standardize {}
assert(#p:table "train" + #p:table "valid" + #p:table "test" == 116, "two rows of each series have too little past")
local m = p:train { net = lb.mlp { 4 }, epochs = 2, batch = 16 }
refused("y is the target, which is not known of the row itself", function()
  lb.pipeline { source = source, target = "y", seed = 3 } :drift { "y", by = "s", time = "day" } :split {} :table()
end)

-- The last row, given its past, is predicted as in the whole; of one without a past is said why.
local all = m:predict(source)
local some = m:predict(source:filter "day > 40")
assert(all:get(120, "prediction") and some:get(#some, "prediction"))
assert(all:get(1, "prediction") == nil and all:get(1, "reason"):find "last_three: 0 earlier rows, 2 needed", all:get(1, "reason"))
