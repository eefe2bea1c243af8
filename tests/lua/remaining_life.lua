-- A target that only the end of a group tells: how many cycles an engine has left. Made of the group itself or of a table beside, it is
-- absent when predicting, and what it is made of is no feature.
local lb = require "limbeck"

local function refused(part, f)
  local ok, message = pcall(f)
  assert(not ok and tostring(message):find(part, 1, true), tostring(message))
end

-- Engines wear with a speed of their own; a sensor shows the wear, with noise, and each runs until it is worn out.
local engine, cycle, heat, left = {}, {}, {}, {}
local state = 7
local function noise()
  state = (state * 1103515245 + 12345) % 2147483648
  return state / 2147483648 - 0.5
end
for e = 1, 40 do
  local life = 30 + (e * 17) % 41
  for c = 1, life do
    engine[#engine + 1], cycle[#cycle + 1], left[#left + 1] = e, c, life - c
    heat[#heat + 1] = 500 + 40 * (c / life) ^ 2 + 2 * noise()
  end
end
local rows = lb.table { engine = engine, cycle = cycle, heat = heat }
local function base(target) return lb.pipeline { source = rows, target = target or "rul", target_type = "values", seed = 2 } end
local function own(p) return p:group_target { { life = "max(cycle)" }, by = { "engine" }, time = "cycle" } end
local function rest(p)
  return p:derive { name = "rul", as = "life - cycle" }:drop { columns = { "life" } }
    :rolling { columns = { "heat" }, length = 5, by = { "engine" }, time = "cycle" }
    :split { by = "group", column = "engine", train = 0.6, valid = 0.2, test = 0.2 }:standardize { columns = "numeric" }
end

local p = rest(own(base()))
local m = p:train { net = lb.mlp { 12 }, epochs = 15, batch = 32 }
assert(m.valid.r2 > 0.3, tostring(m))

-- The target is that of whole engines, in every part.
local t = p:table()
for i = 1, #t, 97 do
  local at = t:get(i, "rul")
  assert(at == math.floor(at) and at >= 0)
end
local made = own(base()):table():column "life"
for i = 1, #left do assert(made[i] == left[i] + cycle[i]) end

-- A model is asked of engines that still run, and their later rows change nothing.
local some, fewer = { engine = {}, cycle = {}, heat = {} }, { engine = {}, cycle = {}, heat = {} }
for i = 1, 25 do some.engine[i], some.cycle[i], some.heat[i] = engine[i], cycle[i], heat[i] end
for i = 1, 12 do fewer.engine[i], fewer.cycle[i], fewer.heat[i] = engine[i], cycle[i], heat[i] end
local long, short = m:predict(lb.table(some)), m:predict(lb.table(fewer))
for i = 5, 12 do assert(long:get(i, "prediction") == short:get(i, "prediction")) end

-- Nothing that is made of the end is a feature.
refused("group_target: life looks ahead; make it the target or drop it", function()
  own(base()):derive { name = "rul", as = "life - cycle" }:split { by = "group", column = "engine" }:notes()
end)
refused("group_target: rest looks ahead", function()
  own(base()):derive { name = "rul", as = "life - cycle" }:derive { name = "rest", as = "cycle / life" }:drop { columns = { "life" } }
    :split { by = "group", column = "engine" }:notes()
end)
refused("filter: rows cannot be chosen by life, which is known only later", function()
  own(base()):filter "life > 40":derive { name = "rul", as = "life - cycle" }:drop { columns = { "life" } }
    :split { by = "group", column = "engine" }:notes()
end)
refused("it reads the target \"heat\"", function() base("heat"):group_target { { top = "max(heat)" }, by = { "engine" } }:notes() end)

-- In time nobody knows the end of an engine that still runs at the cut: such rows are in no part before it.
local cut = own(base()):derive { name = "rul", as = "life - cycle" }:drop { columns = { "life" } }
  :split { by = "time", column = "cycle", train = 0.6, valid = 0.2, test = 0.2 }
refused("targets reach to the end of their series, which leaves no row in the", function() cut:notes() end)

-- The end from a table beside: absent when predicting too, and not left among the features in silence.
local function joined(how)
  return base():join { table = rows:group_by { by = { "engine" }, make = { life = "max(cycle)" } }, on = "engine" }
    :derive { name = "rul", as = "life - cycle" }:drop { columns = how }:split { by = "group", column = "engine" }
    :standardize { columns = "numeric" }
end
local beside = joined { "life" }:train { net = lb.mlp { 4 }, epochs = 2 }
assert(#beside:predict(lb.table(some)) == 25)
local notes = table.concat(joined { "heat" }:notes(), "\n")
assert(notes:find("join: life is what the target rul is made of, and a feature too", 1, true), notes)
assert(not table.concat(joined { "life" }:notes(), "\n"):find("and a feature too", 1, true))
