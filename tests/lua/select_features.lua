-- Few features: one that tells all is enough and is found; of noise nothing is chosen that judges well, since held-out rows have no say.
local lb = require "limbeck"
local directory = os.getenv "LIMBECK_TEST_DIR"
local function write(name, rows, columns, label)
  local out = assert(io.open(directory .. "/" .. name, "w"))
  for k = 1, columns do out:write("x", k, ",") end
  out:write "label\n"
  for _ = 1, rows do
    local row = {}
    for k = 1, columns do row[k] = math.random() end
    out:write(table.concat(row, ",") .. "," .. (label(row) and "yes" or "no") .. "\n")
  end
  out:close()
  return lb.read(directory .. "/" .. name)
end
local plan = { folds = 4, epochs = 8, batch = 16, net = {}, optimizer = lb.adam { learning_rate = 0.05 }, margin = 0.02 }
local function pipeline(t) return lb.pipeline { source = t, target = "label", positive = "yes", seed = 3 } :split {} :standardize {} end

local clear = pipeline(write("clear.csv", 400, 5, function(row) return row[4] + math.random() * 0.1 > 0.55 end))
local chosen = clear:select_features(plan)
assert(chosen.keep == 1 and chosen.of == 5 and #chosen.curve == 4, tostring(chosen))
for i, keep in ipairs { 1, 2, 4, 5 } do
  local point = chosen.curve[i]
  assert(point.keep == keep and point.mean > 0.95 and point.low <= point.worth and point.worth <= point.high)
end
assert(chosen.curve[4].worth == 0 and chosen.curve[1].low >= -plan.margin)
assert(chosen.features[1].feature == "x4" and chosen.features[1].verdict == "kept" and chosen.features[2].verdict == "dropped")
assert(#chosen.dropped == 4 and tostring(chosen):find "\n%*    1 +0%.9%d+ .- #+\n", tostring(chosen))

-- The pipeline that comes with it has the one column, and its models ask for no other.
local model = chosen.pipeline:train { net = {}, epochs = 8, batch = 16, optimizer = lb.adam { learning_rate = 0.05 } }
assert(model.params == 4 and model.valid.auc > 0.95, model.params)
assert(model:predict(lb.table { x4 = { 0.1, 0.9 } }):get(2, "prediction") == "yes")

-- As many as were asked for: two points, the best two stay.
plan.keep = 2
chosen = clear:select_features(plan)
assert(chosen.keep == 2 and #chosen.curve == 2 and #chosen.dropped == 3 and chosen.features[2].verdict == "kept")
plan.keep = 9
assert(clear:select_features(plan).keep == 5 and #clear:select_features(plan).dropped == 0)

-- Eight of sixty columns of noise; 0.08 is two standard errors of an AUC of 204 rows. Chosen on the rows that judge they reach 0.61.
plan.keep, plan.margin = 8, nil
local random = pipeline(write("random.csv", 240, 60, function() return math.random() < 0.5 end)):cross_validate(plan)
assert(math.abs(random.pooled.auc - 0.5) < 0.08, random.pooled.auc)

local whole = lb.pipeline { source = lb.read(directory .. "/clear.csv"), target = "label", seed = 3 } :split { train = 0.8, valid = 0, test = 0.2 }
plan.margin = 0.02
local ok, message = pcall(whole.select_features, whole, plan)
assert(not ok and tostring(message):find "the validation part has no rows to choose on", message)
