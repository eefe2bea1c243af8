-- Joins: by one key and by several, by time, and what a model does with other tables: it keeps how they were made, not their rows, and is
-- given fresh ones by name.
local lb = require "limbeck"
local here = os.getenv "LIMBECK_TEST_DIR" .. "/"

local function write(name, lines)
  local file = assert(io.open(here .. name, "w"))
  file:write(table.concat(lines, "\n"), "\n")
  file:close()
  return here .. name
end

local function read(name, lines, options) return lb.read(write(name, lines), options) end

local function refused(sentence, f, ...)
  local ok, message = pcall(f, ...)
  assert(not ok, "not refused: " .. sentence)
  assert(tostring(message):find(sentence, 1, true), tostring(message) .. "\n  instead of: " .. sentence)
end

local function column(t, name)
  local cells = {}
  for i = 1, #t do cells[i] = tostring(t:get(i, name)) end
  return table.concat(cells, " ")
end

-- keys of one and of several columns, of the same name and of others
local calls = read("calls.csv", { "who,month,n", "a,1,5", "b,1,7", "a,2,6", "c,1,8" })
local zones = read("zones.csv", { "id,zone", "b,north", "a,south" })
assert(column(calls:join { table = zones, on = { who = "id" } }, "zone") == "south north south nil")
assert(column(calls:join { table = zones, on = { who = "id" }, how = "inner" }, "n") == "5 7 6")
assert(column(calls:join { table = zones, on = { who = "id" }, prefix = "home_" }, "home_zone") == "south north south nil")
assert(#calls:join { table = zones, on = { who = "id" }, columns = { "id", "zone" } }.columns == 5)
local rates = read("rates.csv", { "month,who,rate", "1,a,0.5", "2,a,0.25", "1,c,2" })
assert(column(calls:join { table = rates, on = { "who", "month" } }, "rate") == "0.5 nil 0.25 2.0")
assert(column(calls:join { table = here .. "rates.csv", on = { "who", "month" }, columns = { "rate" } }, "rate") == "0.5 nil 0.25 2.0")
write("who.csv", { "who,zone", "b,north" })
assert(column(calls:join { file = here .. "who.csv", by = "who" }, "zone") == "nil north nil nil") -- as it was once written
refused("rates holds 2 rows for who = \"a\" (row 2 is one); 1 of its rows repeat a key; group_by first",
  function() return calls:join { table = rates, on = "who", columns = { "rate" } } end)
refused("both tables have a column \"month\"; choose others with columns, or give a prefix",
  function() return calls:join { table = lb.read(here .. "calls.csv"):filter "month == 1", on = "who" } end)
refused("give on =", function() return calls:join { table = zones } end)
refused("no column \"whom\"", function() return calls:join { table = zones, on = { whom = "id" } } end)
refused("did you mean \"id\"", function() return calls:join { table = zones, on = { who = "ids" } } end)
refused("no column \"what\"", function() return calls:join { table = calls, on = "what" } end) -- before names that both have
refused("the other table: no column \"what\"", function() return calls:join { table = calls:head(1), on = { who = "what" } } end)
refused("\"table\": expected a table or a file name, found integer", function() return calls:join { table = 5, on = "who" } end)
refused("standardize learns from rows", function()
  return calls:join { table = { file = here .. "zones.csv", steps = { { step = "standardize" } } }, on = { who = "id" } }
end)

-- by time: the last row that is not later, of its key, not older than the tolerance
local prices = read("prices.csv", { "who,day,price", "a,10,1", "b,12,9", "a,20,2", "a,5,0" })
local asked = read("asked.csv", { "who,day", "a,9", "a,10", "a,19", "a,99", "b,11", "b,12", "c,50", "a," })
assert(column(asked:join { table = prices, on = "who", how = "asof", time = "day" }, "price") == "0 1 1 2 nil 9 nil nil")
local said = table.concat(asked:join({ table = prices, on = "who", how = "asof", time = "day" }).notes, "\n")
assert(said:find("5 of 8 rows found their who, day; 2 did not, 1 have none; 4 of 4 rows of prices are used", 1, true), said)
assert(column(asked:join { table = prices, on = "who", how = "asof", time = "day", tolerance = 5 }, "price") == "0 1 nil nil nil 9 nil nil")
assert(column(asked:join { table = prices, how = "asof", time = "day", columns = { "price" } }, "price") == "0 1 9 2 1 9 2 nil")
local when = prices:rename { columns = { day = "since" } }
assert(column(asked:join { table = when, on = "who", how = "asof", time = { day = "since" } }, "price") == "0 1 1 2 nil 9 nil nil")
refused("asof goes by time", function() return asked:join { table = prices, on = "who", how = "asof" } end)
refused("holds two rows for a at day = 10", function()
  return asked:join { table = read("twice.csv", { "who,day,price", "a,10,1", "a,10,2" }), on = "who", how = "asof", time = "day" }
end)
refused("which has no order in time", function() return asked:join { table = prices, on = "day", how = "asof", time = "who" } end)

-- a model over four tables, one of them beside another
local customers, usage, plans = { "id,age,plan" }, { "id,month,minutes,kind" }, { "plan,price" }
local labels, later = { "id,left" }, { "id,month,minutes,kind" }
for i = 1, 240 do
  local minutes, age = i * 37 % 101, 20 + i * 13 % 60
  customers[#customers + 1] = ("%d,%d,%s"):format(i, age, i % 4)
  usage[#usage + 1] = ("%d,1,%d,%s"):format(i, minutes, i % 4 == 0 and "sms" or "voice")
  usage[#usage + 1] = ("%d,2,%d,voice"):format(i, i)
  later[#later + 1] = ("%d,1,%d,%s"):format(i, 100 - minutes, i % 4 == 0 and "sms" or "voice")
  labels[#labels + 1] = ("%d,%s"):format(i, minutes > 50 and "yes" or "no")
end
for i = 0, 3 do plans[#plans + 1] = ("%d,%d"):format(i, 10 * i) end
local rows = read("customers.csv", customers)
write("usage.csv", usage)
write("plans.csv", plans)
write("labels.csv", labels)
local made = lb.read(here .. "usage.csv"):filter "month == 1":drop { columns = { "month" } }
local function pipeline(keep)
  return lb.pipeline { source = rows, target = "left", positive = "yes", key = "id", seed = 3 }
    :join { table = made, on = "id", columns = { "minutes" }, keep = keep }
    :join { table = lb.read(here .. "plans.csv"), on = "plan" }
    :join { table = here .. "labels.csv", on = "id" }
    :split {}:drop { columns = { "id", "plan" } }:fill_missing {}:standardize {}
end
local p = pipeline(false)
local m = p:train { net = lb.mlp { 4 }, epochs = 4 }
m:save(here .. "m.safetensors")
local size = #assert(io.open(here .. "m.safetensors", "rb")):read "a"
assert(size < 8000, "the model holds rows: " .. size .. " bytes")
local notes = table.concat(p:notes(), "\n")
assert(notes:find("240 of 240 rows found their id; 0 did not, 0 have none; 240 of 240 keys of usage are used", 1, true), notes)

assert(tostring(m):find("\n  tables  usage (id, month, minutes), plans (plan, price), labels (id, left)", 1, true), tostring(m))

-- the same rows and tables: the same answers, from the model in hand, from its file, and as they were judged
local function tables() return { usage = lb.read(here .. "usage.csv"), plans = here .. "plans.csv" } end
local loaded = lb.load(here .. "m.safetensors")
local own = m:predict(rows, { tables = tables() })
assert(own:hash() == loaded:predict(rows, { tables = tables() }):hash())
assert(own:get(7, "reason") == nil and own:get(7, "prediction"))
local test, ids = p:table "test", {}
local known = lb.pipeline { source = rows, target = "left", positive = "yes", key = "id", seed = 3 }:join { table = here .. "labels.csv", on = "id" }:split {}:table "test"
for i = 1, #known do ids[#ids + 1] = customers[known:get(i, "id") + 1] end
assert(#ids == #test)
table.insert(ids, 1, customers[1])
local with_labels = tables()
with_labels.labels = here .. "labels.csv"
local there, part = loaded:eval { on = read("test.csv", ids), tables = with_labels }, m:eval "test"
assert(there.rows == part.rows and math.abs(there.log_loss - part.log_loss) < 1e-9, there.log_loss .. " " .. part.log_loss)

-- other rows of the tables in another order change nothing; other cells do
table.sort(usage, function(a, b) return (a:find "id" and "" or a) > (b:find "id" and "" or b) end)
table.insert(usage, 1, table.remove(usage))
assert(loaded:predict(rows, { tables = { usage = read("mixed.csv", usage), plans = here .. "plans.csv" } }):hash() == own:hash())
assert(loaded:predict(rows, { tables = { usage = read("later.csv", later), plans = here .. "plans.csv" } }):hash() ~= own:hash())

-- what is given is too little, too much, or not what it was
-- Columns that a step of the side table only leaves out are not asked for, dropped by name or by picking others.
for _, few in ipairs { lb.read(here .. "usage.csv"):drop { columns = { "month", "kind" } }, lb.read(here .. "usage.csv"):pick { "minutes", "id" } } do
  local joined = lb.pipeline { source = lb.read(here .. "customers.csv"), target = "left", positive = "yes", key = "id", seed = 3 }
    :join { table = here .. "labels.csv", on = "id" }
    :join { table = few:group_by { by = { "id" }, make = { total = "sum(minutes)" } }, on = "id" }
    :split {}:fill_missing {}:standardize {}:train { net = lb.mlp { 2 }, epochs = 1 }
  assert(tostring(joined):find("usage (id, minutes)", 1, true), tostring(joined))
  for _, fresh in ipairs { here .. "usage.csv", few } do
    assert(joined:predict(rows, { tables = { usage = fresh } }):get(1, "prediction"))
  end
  -- a cell that cannot be read spoils the row that it is merged into, and no other
  local spoiled = joined:predict(rows, { tables = { usage = read("merged.csv", { "id,minutes", "1,5", "2,7", "1,many" }) } })
  assert(not spoiled:get(1, "prediction") and spoiled:get(2, "prediction"))
  assert(spoiled:get(1, "reason"):find("usage: row 1: minutes: \"many\" is not int (row 3)", 1, true), spoiled:get(1, "reason"))
end

refused("the model needs the table usage (id, month, minutes): --table usage=FILE, in Lua tables = { usage = t }", m.predict, m, rows)
refused("the model needs the table plans (plan, price)", m.predict, m, rows, { tables = { usage = lb.read(here .. "usage.csv") } })
refused("the model needs the table labels (id, left)", loaded.eval, loaded, { on = rows, tables = tables() })
refused("the model reads no table use; it reads usage, plans, labels", m.predict, m, rows, { tables = { use = rows } })
refused("the table usage: the rows lack columns that the model needs: minutes", m.predict, m, rows,
  { tables = { usage = read("lacks.csv", { "id,month", "1,1" }), plans = here .. "plans.csv" } })
refused("step 1 (join): the table usage: row 2: minutes: \"many\" is not int; mend this row or leave it out", m.predict, m, rows,
  { tables = { usage = read("bad_row.csv", { "id,month,minutes", "1,1,5", "1,2,many" }), plans = here .. "plans.csv" } })
refused("usage holds 2 rows for id = \"1\"", m.predict, m, rows,
  { tables = { usage = read("double.csv", { "id,month,minutes", "1,1,5", "1,1,6" }), plans = here .. "plans.csv" } })
local odd = loaded:predict(read("few.csv", { "id,age,plan", "1,30,1", "2,30,1", "9,30,1", ",30,7" }),
  { tables = { usage = read("odd.csv", { "id,month,minutes", "1,1,5", "2,1,many" }), plans = here .. "plans.csv" } })
assert(odd:get(1, "prediction") and odd:get(1, "reason") == nil)
assert(odd:get(2, "prediction") == nil and odd:get(2, "reason") == 'join: usage: row 2: minutes: "many" is not int', odd:get(2, "reason"))
assert(odd:get(3, "prediction") and odd:get(3, "reason") == 'join: id: "9" is unknown to usage', odd:get(3, "reason"))
assert(odd:get(4, "prediction") and odd:get(4, "reason") == "join: id is missing, so usage was not asked", odd:get(4, "reason"))

-- keep: the model does without; a fresh table still counts
local kept = pipeline(true):train { net = lb.mlp { 4 }, epochs = 4 }
kept:save(here .. "kept.safetensors")
kept = lb.load(here .. "kept.safetensors")
local only = { tables = { plans = here .. "plans.csv" } }
assert(kept:predict(rows, only):hash() == own:hash())
assert(kept:predict(rows, { tables = { usage = here .. "later.csv", plans = here .. "plans.csv" } }):hash() ~= own:hash())

-- inner: a row that finds none has no prediction; learning counts it
local inner = lb.pipeline { source = rows, target = "plan", seed = 3, key = "id" }
  :join { table = lb.read(here .. "usage.csv"):filter "month == 1 and kind == 'voice'", on = "id", columns = { "minutes" }, how = "inner" }:split {}:standardize {}
local im = inner:train { net = lb.mlp { 4 }, epochs = 1 }
assert(im.metrics.row_counts.left_out["dropped by join"] == 60)
local out = im:predict(rows, { tables = { usage = here .. "usage.csv" } })
assert(#out == 240 and out:get(4, "prediction") == nil and out:get(4, "reason") == 'join: id: "4" is unknown to usage')

-- a table from nowhere travels in the recipe; two tables of one name do not
local few = read("some.csv", { "plan,price", "0,5", "1,6", "2,7", "3,8" }):head(4)
local nowhere = lb.pipeline { source = rows, target = "plan", seed = 3 }:join { table = few, on = "plan", prefix = "p_" }:split {}:drop { columns = { "id" } }:standardize {}
assert(#nowhere:train { net = lb.mlp { 4 }, epochs = 1 }:predict(rows) == 240)
write("b_plans.csv", plans)
refused("two tables are called plans", function()
  return lb.pipeline { source = rows, target = "plan", seed = 3 }:join { table = here .. "plans.csv", on = "plan" }
    :join { table = { name = "plans", file = here .. "b_plans.csv" }, on = "plan", prefix = "b_" }:split {}:notes()
end)

-- A feature that another table makes of the target is told: rows of every part have given theirs to it.
local known = read("known.csv", { "id,zone,left,age" , table.unpack((function()
  local lines = {}
  for i = 1, 120 do lines[i] = ("%d,%d,%s,%d"):format(i, i % 7, i * 37 % 101 > 50 and "yes" or "no", i % 50) end
  return lines
end)()) })
local function told(side, on)
  local q = lb.pipeline { source = known, target = "left", positive = "yes", key = "id", seed = 3 }
    :join { table = side, on = on, prefix = "o_" }:split {}:fill_missing {}:one_hot {}:standardize {}
  q:train { net = lb.mlp { 2 }, epochs = 1 }
  local _, count = table.concat(q:notes(), "\n"):gsub("is made of left, the target, in rows of the other table", "")
  return count
end
assert(told(known:group_by { by = { "zone" }, make = { rate = "share(left == \"yes\")", low = "count() where left == \"no\"" } }, "zone") == 1)
assert(told(known:drop { columns = { "zone", "age" } }, "id") == 1)
assert(told(known:group_by { by = { "zone" }, make = { rate = "mean(age)" } }, "zone") == 0)

-- Sums over all rows of a key may hold what is later than the row; where parts are cut in time that is told.
local function cut(how)
  how.on, how.prefix = "zone", "o_"
  local q = lb.pipeline { source = known, target = "left", positive = "yes", seed = 3 }
    :join(how):split { by = "time", column = "id" }:fill_missing {}:standardize {}
  q:train { net = lb.mlp { 2 }, epochs = 1 }
  return table.concat(q:notes(), "\n"):find("what group_by sums up of known may be later than the row here", 1, true) ~= nil
end
assert(cut { table = known:group_by { by = { "zone" }, make = { n = "count()" } } })
local days = known:group_by { by = { "zone", "id" }, make = { n = "mean(age)" } }
assert(not cut { table = days, how = "asof", time = "id" })
refused("calendar: parts has no choice \"hours\"; did you mean \"hour\"?", calls.calendar, calls, { columns = { "who" }, parts = { "hours" } })

-- Sums as they were known at each time: joined by time, none holds what came later, and nothing is told; sums over all time are told.
local calls, visits = { "id,day,minutes" }, { "id,day,y" }
for i = 1, 60 do
  for k = 1, 4 do calls[#calls + 1] = ("%d,%d,%d"):format(i % 6, (i * k * 7) % 90, i * k % 13) end
  visits[#visits + 1] = ("%d,%d,%d"):format(i % 6, i + 20, i % 3)
end
local calling, visiting = read("calls.csv", calls), read("visits.csv", visits)
local make = { n = "count()", top = "max(minutes)", some = "sum(minutes) where minutes > 3" }
local known = visiting:join { table = calling:group_by { by = { "id" }, as_of = "day", make = make }, how = "asof", on = "id", time = "day" }
for i = 1, #known do
  local n, top, some = 0, nil, 0
  for r = 1, #calling do
    local minutes = calling:get(r, "minutes")
    if calling:get(r, "id") == known:get(i, "id") and calling:get(r, "day") <= known:get(i, "day") then
      n, top, some = n + 1, math.max(top or minutes, minutes), some + (minutes > 3 and minutes or 0)
    end
  end
  assert(n == (known:get(i, "n") or 0) and top == known:get(i, "top") and some == (known:get(i, "some") or 0), i)
end
local function told(table_, how)
  how.table, how.on = table_, "id"
  local notes = table.concat(lb.pipeline { source = visiting, target = "y", target_type = "values", seed = 1 }:join(how)
    :split { by = "time", column = "day" }:fill_missing {}:notes(), "\n")
  return notes:find("look at the past only", 1, true) ~= nil
end
assert(told(calling:group_by { by = { "id" }, make = make }, {}))
assert(not told(calling:group_by { by = { "id" }, make = make, as_of = "day" }, { how = "asof", time = "day" }))
refused("as_of: no column \"when\"", function() return calling:group_by { by = { "id" }, make = make, as_of = "when" } end)
refused("day: it is the time of the rows", function() return calling:group_by { by = { "id" }, make = { day = "count()" }, as_of = "day" } end)
