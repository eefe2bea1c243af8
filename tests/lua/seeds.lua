-- Several seeds, several models, simple models beside them.
local lb = require "limbeck"

local function refused(part, f, ...)
  local ok, message = pcall(f, ...)
  assert(not ok and tostring(message):find(part, 1, true), tostring(message))
end
local function near(a, b, what) assert(math.abs(a - b) <= 1e-9 * (1 + math.abs(b)), ("%s: %s, expected %s"):format(what, a, b)) end

local N = 300
local x, z, y, v = {}, {}, {}, {}
for i = 1, N do
  x[i], z[i] = i * 0.6180339887 % 1, i * 0.7548776662 % 1
  y[i] = x[i] + z[i] + i * 31 % 17 / 34 > 1.25 and "high" or "low"
  v[i] = 3 * x[i] - z[i] + i * 31 % 17 / 34
end
local function pipeline(target)
  return lb.pipeline { source = lb.table { x = x, z = z, [target] = target == "y" and y or v }, target = target, seed = 5,
                       positive = target == "y" and "high" or nil }
    :split { by = "random", train = 0.6, valid = 0.2, test = 0.2 }
    :standardize { columns = { "x", "z" } }
end
local p = pipeline "y"
local slow, quick = lb.adam { learning_rate = 1e-3 }, lb.adam { learning_rate = 2e-2 }
local function train(more)
  local plan = { net = lb.mlp { 6 }, epochs = 12, batch = 32, optimizer = quick }
  for key, value in pairs(more or {}) do plan[key] = value end
  return p:train(plan)
end

-- Each is the training of its seed alone; figures are means, with Student's t over three seeds.
local m = train { seeds = 3 }
for k = 1, 3 do
  local alone = train { seed = 4 + k }
  assert(m.seeds[k].model_hash == alone.model_hash and m.seeds[k].seed == 4 + k)
  if k == 1 then assert(m:hash() == alone:hash()) end
end
local r = m:eval "test"
local mean = (r.seeds[1].auc + r.seeds[2].auc + r.seeds[3].auc) / 3
local sd = math.sqrt(((r.seeds[1].auc - mean) ^ 2 + (r.seeds[2].auc - mean) ^ 2 + (r.seeds[3].auc - mean) ^ 2) / 2)
near(r.auc, mean, "mean")
near(r.sd.auc, sd, "sd")
assert(math.abs(r.high.auc - math.min(1, mean + 4.302653 * sd / math.sqrt(3))) < 1e-6)
assert(tostring(r):find("sd over 3 seeds", 1, true) and tostring(m):find("3 seeds", 1, true))
refused("on_epoch is called by train only", train, { seeds = 2, on_epoch = function() end })

-- Any number of models, of one seed or several, on a part or a table.
local one, linear = train { net = lb.mlp { 1 }, epochs = 1, optimizer = slow }, train { net = {}, epochs = 40, seeds = 2 }
local c = lb.compare { models = { mlp = m, small = one, linear = linear }, on = "test", against = "mlp" }
near(c.models.mlp.auc, r.auc, "of mlp")
near(c.differences.small.mean, c.models.small.auc - c.models.mlp.auc, "of small")
assert(c.differences.small.low <= c.differences.small.mean and c.differences.small.mean <= c.differences.small.high)
assert(c.models.linear.sd.auc and tostring(c):find("small", 1, true))
local t = lb.table { x = { 0.1, 0.2, 0.9, 0.8, 0.5 }, z = { 0.2, 0.1, 0.9, 0.9, 0.1 }, y = { "low", "low", "high", "high", "low" } }
local on_table = lb.compare { models = { mlp = m, linear = linear }, on = t }
assert(on_table.rows == 5 and on_table.models.linear.auc == 1)
local file = os.tmpname()
linear:save(file)
local loaded = lb.load(file)
near(lb.compare { models = { mlp = m, linear = loaded }, on = t }.models.linear.auc, 1, "of a file")
refused("was loaded from a file and has no parts; give a table", lb.compare, { models = { mlp = m, linear = loaded } })
refused('against = "tree" is none of the models', lb.compare, { models = { mlp = m, linear = linear }, against = "tree" })
refused("needs two models or more", lb.compare, { models = { mlp = m } })
refused("models must be models by name", lb.compare, { models = { m, linear } })

-- A net that loses to a simple model says so; trees are beside it where their library is.
local b = train { net = lb.mlp { 1 }, epochs = 1, optimizer = slow, baselines = "auto" }
near(b.baselines.models.majority.auc, 0.5, "majority")
assert(b.baselines.models.linear.auc > 0.85 and b.baselines.differences.linear.conclusion == "better", tostring(b))
assert(tostring(b):find("the net loses to ", 1, true) and tostring(b):find("95 % interval", 1, true), tostring(b))
local known = tostring(b)
assert(known:find("trees", 1, true) and (pcall(function() return b.baselines.models.trees.auc end) or known:find("is not installed", 1, true)))
-- Classes weigh for them what they weigh for the net: where one weighs 20 the majority is that of weights, and all are too sure of it.
local weighed, plain = train { epochs = 1, class_weights = { high = 20 }, baselines = "auto" }.baselines.models, b.baselines.models
assert(plain.majority.f1 == 0 and weighed.majority.f1 > 0.6 and weighed.majority.log_loss > 2 * plain.majority.log_loss)
assert(weighed.linear.log_loss > 2 * plain.linear.log_loss)
assert(known:find("is not installed", 1, true) or weighed.trees.log_loss > 1.2 * plain.trees.log_loss)
local good = train { epochs = 40, seeds = 2 }:eval { on = "test", baselines = "auto" }
assert(good.baselines.differences.majority.conclusion == "worse", tostring(good))
refused("this model was loaded from a file", loaded.eval, loaded, { on = t, baselines = "auto" })
os.remove(file)

-- Numbers: the mean, and ridge regression, which is right about a line.
local q = pipeline "v"
local of = q:train { net = lb.mlp { 2 }, epochs = 1, baselines = "auto" }.baselines
assert(of.models.linear.rmse < 0.2 and of.models.majority.r2 < 0.05 and of.differences.linear.conclusion == "better", tostring(of))
local clash = lb.compare
refused("predict different things", clash, { models = { a = m, b = q:train { net = {}, epochs = 1 } } })
refused("there are none for quantiles", function() q:train { net = {}, epochs = 1, loss = lb.quantile { 0.1, 0.9 }, baselines = "auto" } end)
