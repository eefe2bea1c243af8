-- What a model needs of its rows: a column made of several needs each of them, one that a learned selection left out is not needed.
local lb = require "limbeck"
local directory = os.getenv "LIMBECK_TEST_DIR"
local function write(name, head, rows, line)
  local out = assert(io.open(directory .. "/" .. name, "w"))
  out:write(head, "\n")
  for i = 1, rows do out:write(line(i), "\n") end
  out:close()
  return lb.read(directory .. "/" .. name)
end
local function a(i) return (i * 37) % 101 / 101 end
local function b(i) return (i * 61) % 97 / 97 + 0.1 end
local source = write("all.csv", "a,b,plan,y", 300, function(i)
  return ("%.4f,%.4f,p%d,%s"):format(a(i), b(i), i % 3, a(i) * b(i) > 0.3 and "yes" or "no")
end)
local bare = {
  b = write("without_b.csv", "a,plan", 3, function(i) return ("%.4f,p%d"):format(a(i), i % 3) end),
  plan = write("without_plan.csv", "a,b", 3, function(i) return ("%.4f,%.4f"):format(a(i), b(i)) end),
}
local function model(add)
  local p = lb.pipeline { source = source, target = "y", positive = "yes", seed = 2 } :split {}
  return add(p):train { net = lb.mlp { 2 }, epochs = 1 }
end
local function needs(name, add)
  local ok, message = pcall(function() return model(add):predict(bare[name]) end)
  assert(not ok and tostring(message):find("the model needs: " .. name, 1, true), tostring(message))
end
needs("b", function(p) return p:interact { columns = { "a", "b" } } :drop { columns = { "a", "b", "plan" } } end)
needs("b", function(p) return p:pca { columns = { "a", "b" } } :drop { columns = { "plan" } } end)
needs("plan", function(p) return p:group_stats { columns = { "a" }, by = "plan" } :drop { columns = { "a", "b", "plan" } } end)
needs("plan", function(p) return p:hash_encode { columns = { "plan" }, buckets = 2 } end)

-- y goes by a alone: b is left out by what was learned, and rows without it are predicted.
local simple = write("simple.csv", "a,b,y", 300, function(i) return ("%.4f,%.4f,%s"):format(a(i), b(i), a(i) > 0.5 and "yes" or "no") end)
local p = lb.pipeline { source = simple, target = "y", positive = "yes", seed = 2 } :split {} :select { keep = 1 }
assert(table.concat(p:notes(), "\n"):find("select: b goes: it tells", 1, true))
local rows = p:train { net = lb.mlp { 2 }, epochs = 1 } :predict(bare.b)
assert(rows:get(1, "reason") == nil and rows:get(3, "prediction") ~= nil)
