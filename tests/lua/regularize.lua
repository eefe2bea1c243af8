-- Ways to regularize beside none: the same net, seeds and rows for all, and the same noise; what each is is seen in its weights.
local lb = require "limbeck"
local directory = os.getenv "LIMBECK_TEST_DIR"
local out = assert(io.open(directory .. "/few.csv", "w"))
out:write "a,b,c,d,e,f,g,h,label\n"
for _ = 1, 300 do -- two columns tell, six are there to be learned by heart
  local row = {}
  for k = 1, 8 do row[k] = math.random() end
  out:write(table.concat(row, ","), ",", row[1] + row[2] + math.random() * 0.6 > 1.3 and "yes" or "no", "\n")
end
out:close()
local function rows(shares)
  return lb.pipeline { source = lb.read(directory .. "/few.csv"), target = "label", positive = "yes", seed = 3 } :split(shares or {}) :standardize {}
end
local p = rows()
local plan = { net = lb.mlp { 32, dropout = 0.4 }, epochs = 20, batch = 16, optimizer = lb.adamw { learning_rate = 0.02, decay = 0.1 },
               l2 = 0.5, noise = { 0.5, 2 }, draws = 3, seeds = 2, l1_strength = 0.005 }
local bench = p:regularize(plan)
local by = {}
for _, one in ipairs(bench.variants) do by[one.variant] = one end
assert(#bench.variants == 7 and bench.variants[1].variant == "none" and bench.done == 14 and bench.metric == "auc" and bench.rows == 45, tostring(bench))
assert(bench.judged_noise == 0.5 or bench.judged_noise == 2)

-- What was asked beside is not in them: none is as a plain net is trained, to the bit.
local plain = p:train { net = lb.mlp { 32 }, epochs = 20, batch = 16, optimizer = lb.adamw { learning_rate = 0.02, decay = 0 } }
local curve = by.none.curve
assert(math.abs(by.none.seeds[1].valid - plain.valid.auc) < 1e-12 and math.abs(by.none.seeds[1].train - plain.train.auc) < 1e-12)
assert(by.none.settings == "" and by.none.zeros == 0 and by.none.weights == 8 * 32 + 32 * 2)
assert(#curve == 3 and curve[1].noise == 0 and curve[3].noise == 2 and math.abs(curve[1].mean - by.none.valid) < 1e-9)
assert(curve[1].mean > curve[3].mean and curve[1].low <= curve[1].mean and curve[1].mean <= curve[1].high)
assert(not curve[1].gain and by.l1.curve[1].gain.low <= by.l1.curve[1].gain.worth)
assert(math.abs(by.l1.curve[2].gain.worth - (by.l1.curve[2].mean - curve[2].mean)) < 1e-9, by.l1.curve[2].gain.worth)

-- l1 makes weights exactly 0, l2 makes them small and none of them 0, and both close the gap.
assert(by.l1.zeros > by.l1.weights / 2 and by.l2.zeros == 0 and by.elastic.zeros > 0)
assert(by.l1.norm < by.none.norm and by.l2.norm < by.none.norm and by.l2.gap < by.none.gap, tostring(bench))
assert(by.batch_norm.weights == by.none.weights and by.all.settings == "l1 0.0005, l2 0.005, dropout 0.3, batch norm")

-- The verdict names those whose interval lies above 0, and no other.
for _, one in ipairs(bench.variants) do
  for kind, noise in pairs { clean = 0, noisy = bench.judged_noise } do
    local named, gain = false, nil
    for _, name in ipairs(bench.better[kind]) do named = named or name == one.variant end
    for _, point in ipairs(one.curve) do gain = point.noise == noise and point.gain or gain end
    assert(named == (gain ~= nil and gain.low > 0), one.variant)
  end
end
assert(bench.verdict:find "^on clean rows .+; with noise of [%d.]+ sd .+ better than none$", bench.verdict)
assert(tostring(bench):find("\n  dropout ", 1, true) and #bench.table == 21 and bench.table:get(1, "variant") == "none")

-- The same again gives the same; one seed and one variant are enough, and numbers are judged by their own metric.
plan.seeds, plan.variants, plan.noise = 1, { "l2" }, {}
local one = p:regularize(plan)
assert(#one.variants == 2 and #one.variants[1].curve == 1 and one.variants[2].variant == "l2" and #one.better.noisy == 0)
assert(one.variants[1].valid == by.none.seeds[1].valid and not one.verdict:find "noise", one.verdict)

-- A net without a hidden layer has no place for dropout and batch norm: left out, or refused where they were named.
plan.net, plan.variants = {}, nil
local flat = p:regularize(plan)
assert(#flat.variants == 4 and #flat.left == 3 and flat.left[1]:find "^dropout is left out: the net has no hidden layer", flat.left[1])
local function refused(change, words)
  local all = {}
  for k, v in pairs(plan) do all[k] = v end
  for k, v in pairs(change) do all[k] = v end
  local ok, message = pcall(p.regularize, p, all)
  assert(not ok and tostring(message):find(words, 1, true), tostring(message))
end
refused({ variants = { "dropout" } }, "regularize: dropout: the net has no hidden layer behind which something could be dropped")
refused({ variants = { "drop" } }, "drop")
refused({ per_layer = { lb.for_layer { "head", l1 = 0 } } }, "per_layer and start know layers by their number")
refused({ on_epoch = function() end }, "on_epoch is called by train only")
local whole = rows { train = 0.8, valid = 0, test = 0.2 }
local ok, message = pcall(whole.regularize, whole, plan)
assert(not ok and tostring(message):find "the validation part has no rows to judge on", message)
