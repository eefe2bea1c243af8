-- Tables made in Lua, and tables as Lua values: arrays, new columns, rows one by one, sorting, putting together, JSON.
local lb = require "limbeck"

local function raises(wanted, f, ...)
  local ok, message = pcall(f, ...)
  assert(not ok and tostring(message):find(wanted, 1, true), ("should raise %q, says %s"):format(wanted, tostring(message)))
end

local t = lb.table { x = { 1, nil, 3 }, name = { "a", "b" }, r = { 1, 2.5, 0 / 0 }, ok = { true, false, n = 3 } }
assert(#t == 3 and table.concat(t.columns, " ") == "name ok r x")
assert(t:get(1, "x") == 1 and t:get(2, "x") == nil and t:get(3, "name") == nil and t:get(3, "r") == nil and t:get(3, "ok") == nil)
assert(math.type(t:get(3, "x")) == "integer" and t:get(1, "ok") == true)
assert(table.concat(lb.table { { "z", { 1 } }, { "a", { 2 } } }.columns, " ") == "z a")
assert(#lb.table { x = {} } == 0)
raises('column "x": item 2 is text, the ones before are int', lb.table, { x = { 1, "a" } })
raises('column "x": item 1 is a function', lb.table, { x = { print } })
raises('column "x": expected a list of cells, found a number', lb.table, { x = 1 })
raises('places 1, 2, 3', lb.table, { x = { [0] = 1 } })
raises('beyond what a table made in Lua holds', lb.table, { x = { [1 << 40] = 1 } })
raises("place 1 holds no", lb.table, { { 1, 2 } })
raises("empty or holds a NUL", lb.table, { ["a\0b"] = { 1 } })
raises("empty or holds a NUL", lb.table, { { "a\0b", { 1 } } })
local many = {}
for i = 1, 10001 do many["c" .. i] = { 1 } end
raises("more than 10000 columns", lb.table, many)

-- Columns are arrays, and arrays are columns.
local x = t:column("x")
assert(x.n == 3 and x[1] == 1 and x[2] == nil and x[3] == 3 and t.x[3] == 3)
local doubled = {}
for i = 1, x.n do doubled[i] = x[i] and 2 * x[i] end
local w = t:with { twice = doubled, x = { "p", "q", "r" } }
assert(table.concat(w.columns, " ") == "name ok r x twice" and w:get(3, "twice") == 6 and w:get(2, "x") == "q" and t:get(1, "x") == 1)
raises("has 4 cells, the table 3 rows", t.with, t, { y = { 1, 2, 3, 4 } })
raises('"twic"', function() return w:column("twic") end)

-- Rows one by one.
local seen = {}
for i, row in t:each() do seen[i] = tostring(row.name) .. tostring(row.x) end
assert(table.concat(seen, " ") == "a1 bnil nil3")

-- Other orders, other columns, more rows.
local p = w:pick { "twice", "name" }
assert(table.concat(p.columns, " ") == "twice name" and #p == 3)
raises('"nam"', p.pick, p, { "nam" })
local s = w:sort { by = { "twice" }, descending = true }
assert(s:get(1, "twice") == 6 and s:get(3, "twice") == nil)
local more = lb.table { x = { 1, 2 } }:concat { table = lb.table { x = { 3.5 }, y = { "n" } } }
assert(#more == 3 and more:get(3, "x") == 3.5 and more:get(1, "y") == nil and more:get(3, "y") == "n")
local g = more:derive { name = "k", as = "x > 1" }:group_by { by = { "k" }, make = { n = "count()", s = "sum(x)" } }
assert(#g == 2 and g:get(2, "n") == 2 and g:get(2, "s") == 5.5)
local wide = lb.table { id = { "a", "a", "b" }, m = { 1, 2, 1 }, v = { 5, 6, 7 } }:pivot { by = { "id" }, names = "m", values = "v" }
assert(table.concat(wide.columns, " ") == "id v_1 v_2" and wide:get(2, "v_2") == 0)

-- A table made in Lua is a source like any other.
local rows, labels = {}, {}
for i = 1, 200 do rows[i], labels[i] = i % 17, i % 17 > 8 and "yes" or "no" end
local pipeline = lb.pipeline { source = lb.table { a = rows, y = labels }, target = "y" }:split {}:standardize { columns = "numeric" }
assert(#pipeline:table("train") + #pipeline:table("valid") + #pipeline:table("test") == 200)

assert(lb.json.decode('{"a": [1, 2.5, "x", null, true]}').a[3] == "x")
assert(lb.json.encode { b = { 1, 2 }, a = "x" } == '{"a":"x","b":[1,2]}')
raises("line 1", lb.json.decode, "{")
local out = assert(io.open("values.json", "w"))
out:write '{"windows": [["a", "b"]]}'
out:close()
assert(lb.json.read("values.json").windows[1][2] == "b")
raises("no_such.json", lb.json.read, "no_such.json")

-- Rows made before the split are said.
local noisy_rows = lb.table { a = rows, y = labels }:jitter { columns = { "a" } }
assert(#noisy_rows == 400)
local said = table.concat(lb.pipeline { source = noisy_rows, target = "y" }:split {}:notes(), " ")
assert(said:find("200 of the 400 rows of the table were made of other rows of it before the split", 1, true), said)

-- What fitting on all rows would have shown.
local demo = pipeline:leak_demo { net = lb.mlp { 2 }, epochs = 2 }
assert(demo.honest.auc and demo.dishonest.auc and tostring(demo):find("dishonest", 1, true))
return true
