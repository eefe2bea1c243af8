-- Arrays from raw rows to a net and back: windows of a series feed conv1d, the model makes them again when it predicts.
local lb = require "limbeck"
local place = os.getenv "LIMBECK_TEST_DIR"

local function refused(words, f)
  local ok, message = pcall(f)
  assert(not ok and tostring(message):find(words, 1, true), tostring(message))
end

local function write(name, lines)
  local file = place .. "/" .. name
  local out = assert(io.open(file, "w"))
  out:write(table.concat(lines, "\n"), "\n")
  out:close()
  return lb.read(file)
end

local function row(hour) return ("%d,%.3f,%.3f"):format(hour, math.sin(hour / 4), math.cos(hour / 4) * 3 + 5) end
local lines, last = { "hour,y,z" }, { "hour,y,z" }
for hour = 1, 300 do lines[#lines + 1] = row(hour) end
for hour = 289, 300 do last[#last + 1] = row(hour) end
local t = write("wave.csv", lines)

-- Cells are lists; what a table holds twice is equal.
local w = t:window { columns = { "y", "z" }, length = 3, time = "hour" }
local cell = w:get(4, "window")
assert(#cell == 3 and #cell[1] == 2 and w:get(2, "window") == nil)
assert(math.abs(cell[3][1] - t:get(4, "y")) < 1e-6 and math.abs(cell[1][2] - t:get(2, "z")) < 1e-6)
assert(w:hash() == t:window { columns = { "y", "z" }, length = 3, time = "hour" }:hash())

local function base(...)
  local p = lb.pipeline { source = t, target = "y_lead1", seed = 5 } :lead { columns = "y" } :split { by = "time", column = "hour" }
  for _, columns in ipairs { ... } do p = p:window { columns = columns, length = 12, into = "of_" .. columns[1] } end
  return p:standardize {}
end
local conv = { lb.conv1d { 4, 3 }, lb.relu {}, lb.flatten {} }

-- One window of two channels, and two windows of one each, are the same input.
for _, p in ipairs { base { "y", "z" }, base({ "y" }, { "z" }) } do
  local m = p:train { net = conv, epochs = 3, batch = 32 }
  assert(tostring(m):find("net 12x2-c4-1", 1, true), tostring(m))
  m:save(place .. "/wave.safetensors")
  local again = lb.load(place .. "/wave.safetensors")
  local all = m:predict(t)
  local newest = again:predict(write("last.csv", last), { last = true })
  assert(#newest == 1 and newest:get(1, "prediction") == all:get(300, "prediction"))
  assert(all:get(11, "reason"):find("window of 12 rows: 10 earlier rows, 11 needed", 1, true), all:get(11, "reason"))
end

-- A missing number in the window is the reason of its rows.
local torn = { table.unpack(last) }
torn[5] = torn[5]:gsub(",[^,]*,", ",,")
local m = lb.load(place .. "/wave.safetensors")
local text = m:predict(write("torn.csv", torn), { last = true }):get(1, "reason")
assert(text:find("window: a number that it is made of is missing", 1, true), text)

-- Beside plain numbers an array lies flat: dense nets take it, conv1d says why not.
local beside = lb.pipeline { source = t, target = "y_lead1", seed = 5 } :lead { columns = "y" } :split { by = "time", column = "hour" }
  :window { columns = "y", length = 12 } :standardize {}
assert(tostring(beside:train { net = lb.mlp { 4 }, epochs = 1 }):find("net 13-4-1", 1, true))
refused("arrays lie flat: window 12x1 and 1 number make Nx13: layer 1 (conv1d): it reads places", function() beside:train { net = conv, epochs = 1 } end)
refused("dense needs a vector", function() base { "y", "z" }:train { net = lb.mlp { 4 }, epochs = 1 } end)

-- What uses a net uses one of arrays: folds, a search, a student of a teacher.
local folds = base { "y", "z" }:cross_validate { folds = 2, net = conv, epochs = 1 }
assert(tostring(folds):find("2 folds", 1, true), tostring(folds))
local study = base { "y", "z" }:tune { net = conv, epochs = 1, trials = 2, jobs = 1, space = { batch = { 16, 32 } } }
assert(study.best, tostring(study))
local function rises(length)
  return lb.pipeline { source = t, target = "up", positive = "true", seed = 5 } :lead { columns = "y" } :derive { name = "up", as = "y_lead1 > y" }
    :drop { columns = { "y_lead1", "z" } } :split { by = "time", column = "hour" } :window { columns = "y", length = length } :standardize {}
end
local teacher = rises(12):train { net = conv, epochs = 2, batch = 32 }
local student = rises(12):distill { teacher = teacher, student = { lb.conv1d { 2, 3 }, lb.flatten {} }, epochs = 2, seeds = 1 }
assert(tostring(student):find("student", 1, true), tostring(student))
refused("the rows are Nx6x1 to the net, which was made for Nx12x1", function() rises(6):distill { teacher = teacher, student = conv, epochs = 1 } end)

-- A model is fed with rows as files hold them.
refused("s holds arrays before the first step", function()
  lb.pipeline { source = t:stack { columns = { "y", "z" }, into = "s" }, target = "hour", seed = 5 } :split {} :train { net = conv, epochs = 1 }
end)
refused("y is the target, which is not known of the row itself", function()
  lb.pipeline { source = t, target = "y", seed = 5 } :split { by = "time", column = "hour" } :window { columns = "y", length = 4 } :notes()
end)
