-- Vectors: arithmetic, functions, what is missing, and their way into tables and back.
local lb = require "limbeck"
local function near(a, b) assert(math.abs(a - b) <= 1e-12 * (1 + math.abs(b)), tostring(a) .. " is not " .. tostring(b)) end
local function same(v, cells)
  assert(#v == (cells.n or #cells), #v .. " cells")
  for i = 1, #v do
    if cells[i] == nil then assert(v[i] == nil, "cell " .. i .. " is " .. tostring(v[i])) else near(v[i], cells[i]) end
  end
end
local function refused(pattern, fn, ...)
  local ok, message = pcall(fn, ...)
  assert(not ok and tostring(message):find(pattern), tostring(message))
end
local v, w = lb.vector { 1, 2, nil, 4, n = 4 }, lb.vector { 2.5, -1, 3, 0 }

-- Cells, length, walks; whole numbers stay whole until they are computed with.
assert(#v == 4 and v.n == 4 and v[1] == 1 and math.type(v[1]) == "integer" and v[3] == nil and v[0] == nil and v[5] == nil)
assert(math.type(w[1]) == "float" and math.type((v + 0)[1]) == "float")
local seen = 0
for i, x in pairs(v) do seen = seen + i * x end
assert(seen == 1 * 1 + 2 * 2 + 4 * 4)
local listed = w:list()
assert(type(listed) == "table" and listed.n == 4 and listed[2] == -1)
assert(select("#", table.unpack(v, 1, v.n)) == 4 and table.concat(w, " ") == "2.5 -1.0 3.0 0.0")
assert(tostring(v) == "{ 1, 2, nil, 4 }" and tostring(lb.vector(9, 0)):find "%.%.%. }")
local set = lb.vector(3, 7)
set[2] = nil
set[3] = 1.5
same(set, { 7, nil, 1.5, n = 3 })
refused("holds numbers, no string", function() set[1] = "a" end)
refused("no place 4", function() set[4] = 1 end)
refused("item 2 is a string", lb.vector, { 1, "b" })

-- Arithmetic with numbers, vectors and arrays; a missing cell stays missing.
same(v + 1, { 2, 3, nil, 5, n = 4 })
same(10 - w, { 7.5, 11, 7, 10 })
same(v * w, { 2.5, -2, nil, 0, n = 4 })
same(w / 2, { 1.25, -0.5, 1.5, 0 })
same(w ^ 2, { 6.25, 1, 9, 0 })
same(-w, { -2.5, 1, -3, 0 })
same(w + { 1, 1, 1, 1 }, { 3.5, 0, 4, 1 })
refused("vectors of 4 and 2 numbers do not go together", function() return w + lb.vector { 1, 2 } end)
refused("limbeck.vector expected, got string", function() return w + "a" end)

-- Comparisons give 1 and 0.
same(v:gt(1), { 0, 1, nil, 1, n = 4 })
same(v:ge(2), { 0, 1, nil, 1, n = 4 })
same(v:lt(w), { 1, 0, nil, 0, n = 4 })
same(v:le(2), { 1, 1, nil, 0, n = 4 })
same(w:eq(-1), { 0, 1, 0, 0 })
same(w:ne(-1), { 1, 0, 1, 1 })
same(v:gt(1):where(w, -9), { -9, -1, nil, 0, n = 4 })

-- Of each cell.
same(w:abs(), { 2.5, 1, 3, 0 })
same(w:sign(), { 1, -1, 1, 0 })
same((w * 0):exp(), { 1, 1, 1, 1 })
same(lb.vector { 1, math.exp(1) }:log(), { 0, 1 })
same(lb.vector { 0, math.exp(1) - 1 }:log1p(), { 0, 1 })
same(lb.vector { 4, 9 }:sqrt(), { 2, 3 })
same(lb.vector { 1.5, -1.5 }:floor(), { 1, -2 })
same(lb.vector { 1.5, -1.5 }:ceil(), { 2, -1 })
same(lb.vector { 1.4, -1.6 }:round(), { 1, -2 })
near(lb.vector { 0.5 }:tanh()[1], 0.46211715726000975)
same(w:clip(0, 2), { 2, 0, 2, 0 })
same(v:fill(0), { 1, 2, 0, 4 })
same(v:map(function(x) return x > 1 and x * 10 or nil end), { nil, 20, nil, 40, n = 4 })
same(w:shift(1), { nil, 2.5, -1, 3, n = 4 })
same(w:shift(-3), { 0, nil, nil, nil, n = 4 })
same(w:shift(9), { n = 4 })
same(v:cumsum(), { 1, 3, 3, 7 })
same(w:order(), { 2, 4, 1, 3 })
same(v:order(), { 1, 2, 4, 3 })
same(w:pick(w:order()), { -1, 0, 2.5, 3 })
refused("no place 5", w.pick, w, { 5 })

-- Of all cells that are there; of none nothing.
assert(v:count() == 3 and v:sum() == 7 and v:min() == 1 and v:max() == 4 and v:median() == 2)
near(v:mean(), 7 / 3)
near(w:sd(), math.sqrt((1.375 ^ 2 + 2.125 ^ 2 + 1.875 ^ 2 + 1.125 ^ 2) / 3))
near(w:quantile(0.9), 2.85)
local none = lb.vector(2)
assert(none:count() == 0 and none:sum() == 0 and none:mean() == nil and none:min() == nil and none:median() == nil and none:sd() == nil)
refused("a share is 0 to 1", w.quantile, w, 2)
refused('no step or method "meann"; did you mean "mean"', function() return w:meann() end)

-- As columns of a table.
local t = lb.table { x = v, y = w, name = { "a", "b", "c", "d" } }
assert(t:get(1, "x") == 1 and math.type(t:get(1, "x")) == "integer" and t:get(3, "x") == nil and t:get(1, "y") == 2.5)
local more = t:with { z = w / 0 }
assert(more:get(1, "z") == nil and #more == 4)
assert(lb.table({ { "x", v } }):get(4, "x") == 4)
