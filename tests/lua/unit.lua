-- One unit: groups, keys and time in parts, folds, models and messages, as a script sees them.
local lb = require "limbeck"
local here = os.getenv "LIMBECK_TEST_DIR" .. "/"

local function write(name, lines)
  local out = assert(io.open(here .. name, "w"))
  out:write(table.concat(lines, "\n"), "\n")
  out:close()
  return lb.read(here .. name)
end

local function refused(words, call)
  local ok, why = pcall(call)
  assert(not ok, "not refused: " .. words)
  assert(tostring(why):find(words, 1, true), tostring(why))
end

local function said(p, words)
  local notes = table.concat(p:notes(), "\n")
  assert(notes:find(words, 1, true), notes)
end

-- 40 shops, 6 rows each; dates as text, for two of them are none; labels and customers in other files.
local rows, labels = { "customerID,shop,when,x,y" }, { "shop,label" }
for s = 0, 39 do
  for i = 0, 5 do
    local day = ("2024-%02d-%02d"):format(1 + i, 1 + s % 28)
    if s == 7 and i < 2 then day = "soon" end
    rows[#rows + 1] = ("c%d,shop %d,%s,%.4f,%s"):format(s * 3 + i % 3, s, day, (s * 37 % 41) / 41 + i / 100, s % 3 == 0 and "yes" or "no")
  end
  labels[#labels + 1] = ("shop %d,%s"):format(s, s % 2 == 0 and "open" or "shut")
end
local t = write("shops.csv", rows)
write("labels.csv", labels)
local function pipeline(options)
  local all = { source = t, target = "y", positive = "yes", seed = 3 }
  for k, v in pairs(options or {}) do all[k] = v end
  return lb.pipeline(all)
end

-- groups
local p = pipeline():split { by = "group", column = "shop" }:drop { columns = { "when", "customerID" } }:standardize {}
said(p, "parts go by group shop: 28 / 6 / 6 groups, none is in two parts")
local c = p:certificate()
assert(c.unit == "group" and c.column == "shop" and c.in_two_parts == 0 and c.train.rows == 168 and c.test.units == 6)
assert(not tostring(c):find("keys in two parts", 1, true))
-- a key whose rows are in several groups may stand in two parts: counted here by hand
local visits = { "shop,customer,x,y" }
for i = 1, 200 do visits[#visits + 1] = ("%d,%d,%d,%s"):format(i % 20, i % 10 < 8 and i % 10 or i % 7 + 10, i * 7 % 11, i % 3 == 0 and "yes" or "no") end
local both = lb.pipeline { source = write("visits.csv", visits), target = "y", key = "customer", seed = 4 }:split { by = "group", column = "shop" }:standardize {}
local where, shared = {}, 0
for _, part in ipairs { "train", "valid", "test" } do
  local rows, seen = both:table(part), {}
  for i = 1, #rows do seen[rows:get(i, "customer")] = true end
  for id in pairs(seen) do where[id] = (where[id] or 0) + 1 end
end
for _, parts in pairs(where) do shared = shared + (parts > 1 and 1 or 0) end
local certificate = both:certificate()
assert(shared > 0 and certificate.key == "customer" and certificate.keys_in_two_parts == shared, tostring(certificate))
assert(tostring(certificate):find(("keys in two parts           %d values of key customer"):format(shared), 1, true), tostring(certificate))
said(both, ("%d of 15 values of the key customer stand in two parts"):format(shared))
local folds = p:cross_validate { net = lb.mlp { 4 }, epochs = 1, folds = 4, jobs = 1 }
assert(folds.unit == "group" and folds.judged == 204 and folds.left["test part"] == 36)
assert(tostring(folds):find("by group shop: 204 rows used, 204 judged", 1, true), tostring(folds))

-- a key, under its name in the file, through snake_case and a step that leaves it out, up to a model that predicts
local keyed = pipeline { key = "customerID" }:snake_case {}:split {}:drop { columns = { "customerID", "shop", "when" } }:standardize {}
said(keyed, "parts go by key customerID: 84 / 18 / 18 keys, none is in two parts")
keyed:train { net = lb.mlp { 4 }, epochs = 1 }:save(here .. "keyed.safetensors")
assert(#lb.load(here .. "keyed.safetensors"):predict(t) == 240)
local gone = pipeline { key = "customerID" }:drop { columns = { "customerID", "shop", "when" } }:split {}
said(gone, "parts go by key customerID: 84 / 18 / 18 keys")

-- time
refused([[time: "when" is text; put cast { columns = { "when" }, to = "date" } before the split]], function()
  return pipeline():split { by = "time", column = "when" }:drop { columns = { "shop", "customerID" } }:notes()
end)
local timed = pipeline { key = "customerID" }:cast { columns = { "when" }, to = "date" }:split { by = "time", column = "when", gap = 5 }
  :drop { columns = { "shop" } }:standardize {}
said(timed, "2 rows without a time in when left out")
said(timed, "within the gap of 5 days before a later part left out")
said(timed, "stand on both sides of a cut in time")
said(timed, "parts are cut in time by when: train first, test last")
local forward = timed:cross_validate { net = lb.mlp { 4 }, epochs = 2, folds = 3, jobs = 1, early_stop = { metric = "valid.loss", patience = 1 } }
assert(forward.order == "when" and forward.gap == 5 and forward.judged < forward.rows)
assert(forward.rows == forward.judged + forward.left["first block, never judged"])
refused("gap", function() return pipeline():split { gap = 3 } end)

-- the target
local split = pipeline():split {}
refused('clip_outliers: no step after the split may read or change the target "y"', function() return split:clip_outliers { columns = { "y" } } end)
refused('filter: no step after the split may read or change the target "y"; put it before the split', function()
  return split:filter { where = "y == 'yes'" }
end)
refused("standardize: no step after the split", function() return pipeline():standardize { columns = { "x", "y" } }:split {} end)
refused("drop_duplicates: no step after the split", function() return pipeline():drop_duplicates { columns = { "y" } }:split {}:drop_duplicates { columns = { "y" } } end)

-- targets that steps before the split make
local joined = lb.pipeline { source = t, target = "label", positive = "open", seed = 3 }
  :join { table = here .. "labels.csv", on = "shop" }:split { by = "group", column = "shop" }:drop { columns = { "customerID", "when", "y" } }:standardize {}
local m = joined:train { net = lb.mlp { 4 }, epochs = 2 }
m:save(here .. "joined.safetensors")
assert(#lb.load(here .. "joined.safetensors"):predict(t) == 240)
local derived = lb.pipeline { source = t, target = "late", seed = 3 }:derive { name = "late", as = "x > 0.5" }:split {}
  :drop { columns = { "shop", "customerID", "when", "y" } }:standardize {}
assert(derived:train { net = lb.mlp { 4 }, epochs = 2 }.metrics)

-- rows that are in two parts
local twice = { "a,b,y" }
for i = 0, 199 do twice[#twice + 1] = ("%d,%d,%s"):format(i % 100, i % 100 * 3 % 7, i % 2 == 0 and "u" or "v") end
local found = table.concat(lb.pipeline { source = write("twice.csv", twice), target = "y", positive = "u" }:split {}:standardize {}:notes(), "\n")
assert(found:find("of 30 rows of test equal a training row", 1, true), found)

-- by the target itself nothing can be parted
for _, unit in ipairs { { { key = "y" }, {} }, { {}, { by = "group", column = "y" } }, { {}, { by = "time", column = "y" } } } do
  refused([["y" is the target]], function() return pipeline(unit[1]):split(unit[2]):notes() end)
end
