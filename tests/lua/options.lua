-- Nothing that a call is given is swallowed: every method of every object, and every word of the module, with an unknown option and
-- with one argument too many. The names come from the program itself: an unknown method names none, so they are asked of `pairs`.
local lb = require "limbeck"
local file = os.tmpname()
local out = assert(io.open(file, "w"))
out:write("a,b,y\n")
for i = 1, 120 do out:write(("%d,%d,%s\n"):format(i, (i * 37) % 101, (i * 37) % 101 > 50 and "yes" or "no")) end
out:close()

local t = lb.read(file)
local p = lb.pipeline { source = t, target = "y", positive = "yes", seed = 3 }:split { by = "stratified" }:standardize { columns = "numeric" }
local m = p:train { net = lb.mlp { 2 }, epochs = 2 }

local function refused(what, wanted, f, ...)
  local ok, message = pcall(f, ...)
  assert(not ok, what .. " swallowed what it was given")
  assert(tostring(message):find(wanted), what .. ": " .. tostring(message))
end

local objects = { table = t, pipeline = p, model = m }
local first = { save = "x.csv", write = "x.csv", predict = t, get = 1, head = 1, table = "test" }
local count = 0
for kind, object in pairs(objects) do
  for _, name in ipairs(lb.methods(kind)) do
    local what = kind .. ":" .. name
    refused(what .. "(1, 2, 3, ...)", "takes", object[name], object, first[name], 2, 3, 4, 5, 6)
    refused(what .. " { no_such_option = 1 }", "", object[name], object, { no_such_option = 1 })
    count = count + 1
  end
end
for _, object in ipairs { t, p } do -- a step is a verb of tables and of pipelines
  refused("filter(1, 2)", "takes", object.filter, object, "a > 1", 2)
  refused("filter { no_such_option = 1 }", "no_such_option", object.filter, object, { no_such_option = 1 })
  count = count + 1
end
assert(count >= 21, count)

for _, name in ipairs { "adam", "dense", "mlp", "train", "early_stop", "read", "pipeline", "load", "compare", "chart", "callback", "int", "real" } do
  refused("lb." .. name, "", lb[name], {}, 2, 3, 4, 5)
  refused("lb." .. name, "", lb[name], { no_such_option = 1 })
end
refused("lb.compare", "did you mean \"margin\"", lb.compare, { student = m, margn = 0.1 })
refused("lb.adam", "takes at most 1", lb.adam, { learning_rate = 0.1 }, { beta1 = 0.5 })
refused("eval", "did you mean \"threshold\"", m.eval, m, { treshold = 0.2 })
refused("eval", "on must be", m.eval, m, { on = 5 })
refused("eval", "reads no table usage, nor any other", m.eval, m, { tables = { usage = t } })
refused("predict", "reads no table usage, nor any other", m.predict, m, t, { tables = { usage = t } })
refused("predict", "usage must be a table or a file name", m.predict, m, t, { tables = { usage = 5 } })
refused("predict", "give each by its name", m.predict, m, t, { tables = { t } })
refused("predict", "a table of tables", m.predict, m, t, { tables = t })

-- what is given is done: a threshold moves decisions, a part gives its rows
local low, high = m:eval { on = "valid", threshold = 0.000001 }, m:eval { on = "valid", threshold = 1 }
assert(low.auc == high.auc and low.f1 > 0 and high.f1 == 0, low.f1 .. " " .. high.f1)
assert(m:eval("valid").auc == m:eval { on = "valid" }.auc)
local test, valid, train = p:table "test", p:table "valid", p:table "train"
assert(#test + #valid + #train == 120 and #p:table() == 120)
assert(#train > #test and test.columns[1] == "a")
assert(not pcall(p.table, p, "tset"))
os.remove(file)
