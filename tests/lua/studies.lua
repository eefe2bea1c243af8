-- Studies with a function that makes nets: what it reads is known, what fails is a trial, what is the same is not trained again.
local lb = require "limbeck"
local file = os.getenv "LIMBECK_TEST_DIR" .. "/study.csv"
local out = assert(io.open(file, "w"))
out:write "x,z,label\n"
for i = 1, 200 do
  local x, z = (i * 37) % 101 / 101, (i * 61) % 97 / 97
  out:write(("%.4f,%.4f,%s\n"):format(x, z, x + z > 1.1 and "yes" or "no"))
end
out:close()
local p = lb.pipeline { source = lb.read(file), target = "label", positive = "yes", seed = 3 } :split {} :standardize {}
local function tune(net, trials, space) return p:tune { net = net, trials = trials, epochs = 2, batch = 32, jobs = 2, space = space } end
local function refused(words, ...)
  local ok, said = pcall(tune, ...)
  assert(not ok and tostring(said):find(words, 1, true), words .. " is not in: " .. tostring(said))
end
local function mlp(h) return lb.mlp { h.width } end

refused('nothing reads "learnig_rate"; did you mean "learning_rate"?', mlp, 4, { width = { 4, 8 }, learnig_rate = lb.real(1e-5, 0.1, "log") })
refused('nothing reads "widht"; did you mean "width"?', function(h) return lb.mlp { h.width } end, 4, { width = { 4, 8 }, widht = { 1, 2 } })
refused('"momentum" is a setting of sgd', mlp, 4, { width = { 4, 8 }, momentum = { 0.1, 0.9 } })
refused("no net for 4", function(h) error("no net for " .. h.width) end, 4, { width = { 4 } })
refused("all 2 trials failed", function(h) error("no net for " .. h.width) end, 4, { width = { 4, 8 } })
refused("read only", function(h) h.width = 4; return lb.mlp { 4 } end, 4, { width = { 4 } })

-- Some fail: before the net is there, when its plan is made, and when its shapes do not fit.
local function picky(h)
  if h.width == 5 then error "five is right out" end
  if h.width == 6 then return { lb.dense { 0 } } end
  if h.width == 7 then return { lb.dense { 4 }, lb.conv1d { channels = 2, size = 9 } } end
  return lb.mlp { h.width }
end
local study = tune(picky, 12, { width = lb.int(3, 8) })
assert(#study.trials == 6 and study.failed == 3 and study.done == 3 and study.exhausted == 6, tostring(study))
assert(tostring(study):find "^6 trials, 3 done, 3 failed" and tostring(study):find "five is right out")
assert(study.best.metric and study.best.status == "done")
for _, trial in ipairs(study.trials) do
  local bad = trial.settings.width >= 5 and trial.settings.width <= 7
  assert((trial.status == "failed") == bad, tostring(study))
end
assert(study.model:hash() == p:train { net = lb.mlp { study.best.settings.width }, epochs = 2, batch = 32 }:hash())

-- Flags are shown as any other setting.
local flags = tune(function(h) return lb.mlp { h.deep and 8 or 4 } end, 4, { deep = lb.choice(true, false) })
assert(#flags.trials == 2 and tostring(flags):find("deep true", 1, true) and tostring(flags):find("deep false", 1, true), tostring(flags))

-- Every name counts as read when the settings are handed on as a whole, or gone through.
assert(#tune(function(h) return lb.mlp(h) end, 4, { widths = { 4, 8 } }).trials == 2)
local names = {}
tune(function(h) for name, value in pairs(h) do names[name] = value end return lb.mlp { names.size } end, 1, { size = { 6 } })
assert(names.size == 6)

-- Two settings that make the same plan are one trial; without a space only what the function reads is searched.
assert(#tune(function(h) return lb.mlp { h.width // 4 } end, 9, { width = lb.int(4, 11) }).trials == 2)
local usual = p:tune { net = mlp, trials = 2, epochs = 1 }
local settings = usual.trials[1].settings
assert(settings.width and settings.learning_rate and settings.optimizer and settings.dropout == nil)

-- The net as a whole: depth, width and kernel of any net are settings like others; seeds train each trial several times.
local sweep = p:tune { net = lb.mlp { 8, 4 }, trials = 8, sampler = "grid", epochs = 2, batch = 32, jobs = 2, seeds = 2,
                       space = { ["net.depth"] = { 1, 3 }, ["net.width"] = { 4, 16 } } }
assert(#sweep.trials == 4, tostring(sweep))
for _, trial in ipairs(sweep.trials) do
  local depth, width = trial.settings["net.depth"], trial.settings["net.width"]
  local net = depth == 1 and { width } or { width, width // 2, width // 2 }
  local m = p:train { net = lb.mlp(net), epochs = 2, batch = 32, seeds = 2 }
  local r = m:eval "valid"
  assert(trial.params > 0 and trial.macs > 0 and math.abs(trial.metric - r.auc) < 1e-5 and math.abs(trial.sd - r.sd.auc) < 1e-5, tostring(sweep))
end
for _, n in ipairs(sweep.front) do
  for _, other in ipairs(sweep.trials) do
    assert(other.n == n or other.metric <= sweep.trials[n].metric or other.params > sweep.trials[n].params, tostring(sweep))
  end
end
assert(#sweep.front >= 1)
assert(tostring(sweep):find " sd %d" and tostring(sweep):find("net.depth 3", 1, true), tostring(sweep))
assert(sweep.model:hash() == p:train(sweep.plan):hash())
refused("no layer has a kernel", lb.mlp { 4 }, 2, { ["net.kernel"] = { 3, 5 } })
refused("whole numbers", lb.mlp { 4 }, 2, { ["net.width"] = { 4.5 } })
refused('did you mean "net.depth"', lb.mlp { 4 }, 2, { ["net.dept"] = { 4, 5 } })
refused("must be 1 to 1000", lb.mlp { 4 }, 2, { ["net.depth"] = { 0 } })
