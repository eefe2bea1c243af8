-- Few different integers: classes by default, values when told; the choice is a note and travels with the model.
local lb = require "limbeck"
local file = os.getenv "LIMBECK_TEST_DIR" .. "/b.csv"
local out = assert(io.open(file, "w"))
out:write "x,z,visits\n"
for i = 1, 300 do
  local x, z = (i * 37) % 101 / 101, (i * 61) % 97 / 97
  out:write(("%.4f,%.4f,%d\n"):format(x, z, math.floor(4 * x + z + 0.5)))
end
out:close()
local function pipeline(kind) return lb.pipeline { source = lb.read(file), target = "visits", target_type = kind, seed = 3 } :split {} :standardize {} end
local function train(kind) return pipeline(kind):train { net = lb.mlp { 8 }, epochs = 30, batch = 32, optimizer = lb.adam { learning_rate = 0.01 } } end

local classes, values = train "auto", train "values"
assert(classes.valid.accuracy and classes.valid.r2 == nil)
assert(values.valid.r2 > 0.8 and values.valid.accuracy == nil, tostring(values))
local notes = table.concat(pipeline "auto":notes(), "\n")
assert(notes:find("taken as classes; target_type = \"values\"", 1, true), notes)
assert(not table.concat(pipeline "values":notes(), "\n"):find "target_type")
values:save "v.safetensors"
local row = lb.load "v.safetensors":predict(lb.read(file):head(3))
assert(type(row:get(1, "prediction")) == "number")
local ok, message = pcall(pipeline, "counts")
assert(not ok and message:find "auto", message)
