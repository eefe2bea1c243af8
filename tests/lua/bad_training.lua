-- Data and plans that nothing can be learned from: one clear sentence each, with what, where and what to do.
local lb = require "limbeck"

local function refused(part, f, ...)
  local ok, message = pcall(f, ...)
  assert(not ok and tostring(message):find(part, 1, true), tostring(message))
end
local N = 60
local x, y, v, t = {}, {}, {}, {}
for i = 1, N do
  x[i], v[i], t[i] = i * 0.618 % 1, 2 * (i * 0.618 % 1), i
  y[i] = x[i] > 0.5 and "b" or "a"
end
local function with(list, at, value)
  local copy = table.move(list, 1, #list, 1, {})
  copy[at] = value
  return copy
end
local function pipeline(columns, target)
  return lb.pipeline { source = lb.table(columns), target = target or "y", seed = 1 }:split { by = "random", train = 0.6, valid = 0.2, test = 0.2 }
end
local function train(p, more)
  local plan = { net = lb.mlp { 4 }, epochs = 2 }
  for key, value in pairs(more or {}) do plan[key] = value end
  return p:train(plan)
end

-- Numbers that are none, and such that float32 does not have.
for _, bad in ipairs { 0 / 0, math.huge, -math.huge } do
  refused("column x still has 1 missing value; add fill_missing for it", train, pipeline { x = with(x, 5, bad), y = y })
end
refused("column x has 1 number that float32 cannot hold", train, pipeline { x = with(x, 5, 1e300), y = y })

-- A training that diverges names the step and the layer.
refused("weights of layer 2 (dense) are not finite; try a lower learning_rate", train, pipeline({ x = x, v = v }, "v"),
        { net = lb.mlp { 8, 8 }, epochs = 300, batch = 8, optimizer = lb.sgd { learning_rate = 10, momentum = 0.99 } })
refused(", at step ", train, pipeline({ x = x, v = v }, "v"),
        { net = lb.mlp { 8, 8 }, epochs = 300, batch = 8, optimizer = lb.sgd { learning_rate = 10, momentum = 0.99 } })

-- Too few rows of something.
local all = {}
for i = 1, N do all[i] = "a" end
refused('it is "a" in every row, so there is nothing to tell apart', train, pipeline { x = x, y = all })
refused("no row is left for the split: 0 read", train, pipeline { x = {}, y = {} })
refused("the steps behind the split have dropped all 35 rows of the training part", train, pipeline({ x = x, y = y }):filter { where = "x > 5" })
refused("batch_norm needs at least 2", train,
        lb.pipeline { source = lb.table { x = { 1, 2, 3 }, y = { "a", "b", "a" } }, target = "y", seed = 1 }
          :split { by = "random", train = 0.4, valid = 0.3, test = 0.3 },
        { net = { lb.dense { 4 }, lb.batch_norm {} } })
local last = train(pipeline { x = x, y = y }, { net = { lb.dense { 4 }, lb.batch_norm {}, lb.relu {} }, batch = 34 })
assert(last.epochs == 2)

-- What is said, and goes on.
local function notes(m) return table.concat(m.notes, "\n") end
local large = train(pipeline { x = x, y = y }, { batch = 1000000 })
assert(notes(large):find("batch = 1000000 is more than the 35 training rows: every epoch is one step", 1, true), notes(large))
local unseen = lb.pipeline { source = lb.table { t = t, x = x, y = with(y, N, "c") }, target = "y", seed = 1 }
  :split { by = "time", column = "t", train = 0.6, valid = 0.2, test = 0.2 }
  :train { net = lb.mlp { 4 }, epochs = 2 }
assert(notes(unseen):find('class "c" of y has no row in the training part: the net cannot learn it', 1, true), notes(unseen))
local judged = large:eval { on = lb.table { x = { 0.1, 0.2, 0.8 }, y = { "a", "z", "b" } } }
assert(judged.rows == 2 and tostring(judged):find("1 of a class that the model does not know", 1, true), tostring(judged))

-- Rows of another shape than the net was made for.
refused("the rows lack columns that the model needs: x", large.predict, large, lb.table { z = { 1 } })
