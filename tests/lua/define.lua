-- Steps that modules define: what is checked when they are declared, and what when they run.
local lb = require "limbeck"

local function refused(pattern, fn, ...)
  local ok, message = pcall(fn, ...)
  assert(not ok, "not refused: " .. pattern)
  assert(tostring(message):find(pattern), tostring(message) .. "\ndoes not say: " .. pattern)
end

require "define.steps"
local t = lb.table { { "x", { 1, 2, nil, 4 } }, { "name", { "a", "b", "c", "d" } } }

-- Parameters: typed by their defaults, checked, and given to the functions; columns as names.
local out = t:shift_by { "x", by = 0.5 }
assert(out:get(1, "x") == 1.5 and out:get(3, "x") == nil and out:get(4, "x") == 4.5)
assert(out:get(2, "name") == "b" and #out.columns == 3 and out:get(1, "x_sign") == "up")
assert(t:shift_by({ "x", by = -2, sign = "down" }):get(1, "x_sign") == "down")
assert(t:shift_by({ columns = "numeric" }):get(2, "x") == 3)
refused('no option "bye"; did you mean "by"', t.shift_by, t, { "x", bye = 1 })
refused('"by" is 11, allowed is %-10 to 10', t.shift_by, t, { "x", by = 11 })
refused('no choice "dwn"; did you mean "down"', t.shift_by, t, { "x", sign = "dwn" })
refused('option "columns" is required', t.shift_by, t, {})
refused('did you mean "shift_by"', function() return t.shift_bye end)

-- fit sees the columns that are selected and returns plain values; they come back as they were.
local state = t:remember { "x" }
assert(state:get(1, "kept") == "1|2.5|a|true|x|2|4")

-- Functions that fail: the step, the file, the line.
refused("raises.*define/steps.lua:%d+: no luck with x", t.raises, t, { "x" })
refused("short.*define/steps.lua:%d+: apply returns: column \"x\" with 2 cells for 4 rows", t.short, t, { "x" })
refused("whole.*define/steps.lua:%d+: apply returns: a number, not a table", t.whole, t, { "x" })
refused("unasked.*it was given no column \"name\"", t.unasked, t, { "x" })
refused("overwrites.*a column \"name\", which is there and which it was not given", t.overwrites, t, { "x" })
refused("functional.*fit returns: .*a function cannot be used here", t.functional, t, { "x" })
refused("endless.*fit returns: a number that is not finite", t.endless, t, { "x" })
refused("mean_of_rows.*\"x\" changes when other rows are left out", t.mean_of_rows, t, { "x" })
refused("mixed.*item 2 is text", t.mixed, t, { "x" })

-- Declarations.
refused("defined in a module of its own", lb.define.step, { name = "here", apply = function() end })
refused("needs a name", lb.define.step, { apply = function() end })
refused('no option "aply"; did you mean "apply"', lb.define.step, { name = "here", aply = function() end })
refused('step "shift_by" is defined already, by another text of define/steps.lua', require, "define.other_text")
refused('"drop" is a name of limbeck', require, "define.own_name")
refused('"train" is a method already', require, "define.method_name")
refused('parameter "by": no type "reel"; did you mean "real"', require, "define.bad_type")
refused("stands alone and requires limbeck only", require, "define.not_alone")

-- In a pipeline: fit sees training rows only, apply no target.
local rows = { x = {}, y = {} }
for i = 1, 40 do rows.x[i], rows.y[i] = i, i % 2 == 0 and "even" or "odd" end
local p = lb.pipeline { source = lb.table(rows), target = "y", seed = 3 }:split { train = 0.5, valid = 0.25, test = 0.25 }
assert(p:count_rows({ "x" }):table("valid"):get(1, "fitted_on") == 20)
refused('no step after the split may read or change the target "y"', p.count_rows, p, { "y" })
refused('a column "y", which is the target', function() return p:makes_y({ "x" }):table() end)
