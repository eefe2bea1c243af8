-- A step that fails is named by its place in the recipe, on whichever side of the split it runs.
local lb = require "limbeck"
local rows = { id = {}, x = {}, kind = {}, label = {} }
for i = 1, 40 do
  rows.id[i], rows.x[i], rows.kind[i], rows.label[i] = i, i % 7, i % 3 == 0 and "a" or "b", i % 2 == 0 and "yes" or "no"
end
local source = lb.table(rows)
local function start() return lb.pipeline { source = source, target = "label", seed = 3 } end
local function says(p, words)
  local ok, message = pcall(p.train, p, { net = {}, epochs = 1 })
  assert(not ok and tostring(message):find(words, 1, true), tostring(message))
end
says(start():derive { name = "y", as = "x + 1" }:filter { where = "id > 3" }:split {}:drop { columns = { "id" } }:log1p { columns = { "gone" } },
  "step 4 (log1p): ")
-- One that learns runs behind the split wherever it stands, and keeps its number; so does one that is off.
says(start():standardize { columns = { "x" } }:drop { columns = { "id" }, off = true }:split {}:log1p { columns = { "gone" } }, "step 3 (log1p): ")
says(start():standardize { columns = { "gone" } }:filter { where = "id > 3" }:split {}, "step 1 (standardize): ")
says(start():drop { columns = { "id" } }:filter { where = "id > 3" }:split {}, "step 2 (filter): ")
