-- A training that begins with a model's weights, learns layer by layer, and keeps an average.
local lb = require "limbeck"
local p = lb.pipeline { source = lb.read "sample_data/churn.csv", target = "churn", seed = 7 }
  :split { by = "stratified", train = 0.7, valid = 0.15, test = 0.15 }
  :drop { columns = { "customer_id" } }
  :fill_missing { columns = "numeric", strategy = "median" }
  :one_hot { columns = "text" }
  :standardize { columns = "numeric" }

local first = p:train { net = lb.mlp { 16 }, epochs = 3, batch = 64, l1 = 0.01, average = lb.ema { memory = 0.9 } }
assert(first.zeros > 0, "l1 leaves zeros")
local file = os.getenv "LIMBECK_TEST_DIR" .. "/first.safetensors"
first:save(file)

-- With every layer frozen nothing moves: the same figures, to the bit.
local frozen = p:train { net = lb.mlp { 16 }, epochs = 2, batch = 64, start = file,
  per_layer = { lb.for_layer { "0", rate_factor = 0 }, lb.for_layer { layer = "head", rate_factor = 0 } } }
assert(frozen.valid.loss == first.valid.loss and frozen.zeros == first.zeros, "frozen")

local swa = p:train { net = { lb.dense { 16 }, lb.batch_norm {}, lb.relu {} }, epochs = 4, batch = 64, average = lb.swa { from_epoch = 2 } }
assert(swa.valid.loss < 1 and swa.valid.auc > 0.5, "the average of late epochs is a model")

local function refused(options, expected)
  local ok, message = pcall(p.train, p, options)
  assert(not ok and message:find(expected, 1, true), message)
end
refused({ net = lb.mlp { 8 }, epochs = 1, start = file },
  "start: 0.weight has 29x8 numbers in this net and 29x16 in " .. file .. "; take only the layers that agree: start_layers")
refused({ net = lb.mlp { 8, 16 }, epochs = 1, start = file, start_layers = { "2" } }, "2.weight has 8x16 numbers")
refused({ net = lb.mlp { 16 }, epochs = 1, start_layers = { "0" } }, "start_layers: of which model?")
refused({ net = lb.mlp { 16 }, epochs = 1, start = file, start_layers = { "1" } },
  'start_layers: no layer "1" with weights; there are 0, 2, and head is the last')
p:train { net = lb.mlp { 16, 4 }, epochs = 1, start = file, start_layers = { "0" } }
return true
