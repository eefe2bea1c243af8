-- Copies of training rows with changed series: what is promised of each way, on every copy, and that no other row is touched.
local lb = require "limbeck"

local N, L = 60, 12
local t = {}
for k = 1, L do t["x" .. k], t["z" .. k] = {}, {} end
t.kind, t.n = {}, {}
for i = 1, N do
  for k = 1, L do t["x" .. k][i], t["z" .. k][i] = i + k * k, 100 - i * k end -- x rises, z falls
  t.kind[i], t.n[i] = i % 2 == 0 and "a" or "b", i
end
local names = {}
for _, letter in ipairs { "x", "z" } do
  for k = 1, L do names[#names + 1] = letter .. k end
end
local rows = lb.table(t)
local function pipeline() return lb.pipeline { source = rows, target = "kind", seed = 4 }:stack { columns = names, channels = 2, into = "s" }:split {} end
local function numbers(cell)
  local out = {}
  for _, place in ipairs(cell) do
    for _, x in ipairs(place) do out[#out + 1] = x end
  end
  assert(#out == 2 * L)
  return out
end

-- copies stand behind the rows, in their order; channel 1 at odd places, 2 at even ones
local function each_copy(step, arguments, check)
  local before, p = pipeline():table("train"), pipeline()
  arguments.columns, arguments.copies = { "s" }, 2
  p = p[step](p, arguments)
  local after = p:table("train")
  assert(#after == 3 * #before)
  for i = 1, #after do
    local at = (i - 1) % #before + 1
    local was, is = numbers(before:get(at, "s")), numbers(after:get(i, "s"))
    assert(after:get(i, "kind") == before:get(at, "kind") and after:get(i, "n") == before:get(at, "n"))
    if i <= #before then
      for k = 1, 2 * L do assert(was[k] == is[k]) end
    else
      check(was, is)
    end
  end
  assert(after:hash() == p:table("train"):hash())
  for _, part in ipairs { "valid", "test" } do assert(p:table(part):hash() == pipeline():table(part):hash()) end
end
local function near(a, b) return math.abs(a - b) <= 1e-4 * (1 + math.abs(b)) end

local differ = 0
each_copy("scale_series", { sd = 0.3 }, function(was, is)
  local one, two = is[1] / was[1], is[2] / was[2]
  differ = differ + (math.abs(one - two) > 1e-3 and 1 or 0)
  for k = 1, 2 * L, 2 do assert(near(is[k], one * was[k]) and near(is[k + 1], two * was[k + 1])) end
end)
assert(differ > 0, "channels have factors of their own")

-- z is straight, so a stretch of it is, drawn out: its steps are half as large
each_copy("slice_series", { share = 0.5 }, function(was, is)
  local step = (was[2 * L] - was[2]) / (L - 1)
  for k = 1, L do assert(is[2 * k] <= was[2] + 1e-3 and is[2 * k] >= was[2 * L] - 1e-3) end
  for k = 1, L - 1 do assert(near(is[2 * k + 2] - is[2 * k], step / 2)) end
end)

local moved = 0
each_copy("warp_series", { sd = 0.5 }, function(was, is)
  assert(near(is[1], was[1]) and near(is[2 * L], was[2 * L]))
  for k = 1, L - 1 do assert(is[2 * k + 1] >= is[2 * k - 1] and is[2 * k + 2] <= is[2 * k]) end
  for k = 1, 2 * L do moved = moved + (near(is[k], was[k]) and 0 or 1) end
end)
assert(moved > 0)

local swells = 0
each_copy("warp_series", { of = "magnitude", sd = 0.5, knots = 3 }, function(was, is)
  swells = swells + (near(is[1] / was[1], is[2 * L - 1] / was[2 * L - 1]) and 0 or 1)
end)
assert(swells > 0)

-- Plain columns are the places of one series, whole numbers stay whole; the model takes rows as they are.
local plain = lb.pipeline { source = rows, target = "kind", seed = 4 }:split {}:warp_series { columns = names }:standardize {}
local m = plain:train { net = lb.mlp { 4 }, epochs = 2 }
assert(#m:predict(rows) == N)
local nets = pipeline():scale_series { columns = "s" }:drop { columns = { "n" } }:standardize { columns = { "s" } }
assert(#nets:train { net = { lb.conv1d { 4, 3 }, lb.flatten {} }, epochs = 2 }:predict(rows) == N)
local ok, message = pcall(function() return pipeline():slice_series { columns = "numeric" }:drop { columns = { "s" } }:table("train") end)
assert(ok, message)
