-- The calls that learn, on a small table: results have fields, callbacks are called, the same seed gives the same bits.
local lb = require "limbeck"
local file = os.getenv "LIMBECK_TEST_DIR" .. "/b.csv"
local out = assert(io.open(file, "w"))
out:write "id,x,z,kind,label\n"
for i = 1, 400 do
  local x, z = (i * 37) % 101 / 101, (i * 61) % 97 / 97
  out:write(("k%d,%.4f,%.4f,%s,%s\n"):format(i, x, z, i % 3 == 0 and "a" or "b", x + z + (i * 13 % 10) / 40 > 1.1 and "yes" or "no"))
end
out:close()

local p = lb.pipeline { source = lb.read(file), target = "label", positive = "yes", seed = 3 }
  :split { by = "stratified" } :drop "id" :one_hot {} :standardize {}
local epochs = 0
local function on_epoch(e)
  epochs = epochs + 1
  assert(e.epoch == epochs and e.train.loss > 0 and e.valid.auc >= 0 and e.learning_rate > 0)
  if e.epoch == 4 then return "stop" end
end
local plan = { net = lb.mlp { 8 }, epochs = 9, batch = 32 }
local stopped = p:train { net = lb.mlp { 8 }, epochs = 9, batch = 32, on_epoch = on_epoch }
assert(epochs == 4 and stopped.epochs == 4, "on_epoch may stop a training")

local a, b = p:train(plan), p:train(plan)
assert(a:hash() == b:hash(), "the same plan and seed give the same model")
assert(a.valid.auc > 0.8 and a.epochs == 9 and a.metrics.valid.auc == a.valid.auc)
local test = a:eval { on = "test" }
assert(test.auc > 0.8 and tostring(test):find "auc")
assert(a.params == (4 + 1) * 8 + (8 + 1) * 2)

local predicted = a:predict(lb.read(file):head(5))
assert(#predicted == 5 and predicted.columns[1] == "prediction")
a:save "m.safetensors"
local loaded = lb.load "m.safetensors"
assert(loaded:hash() == a:hash())
assert(loaded:predict(lb.read(file)):hash() == a:predict(lb.read(file)):hash())
assert(math.abs(loaded:eval { on = lb.read(file) }.auc - 0.9) < 0.1)

local folds = p:cross_validate { folds = 3, net = lb.mlp { 4 }, epochs = 4, batch = 32 }
assert(folds.mean.auc > 0.6 and folds.sd.auc >= 0 and #folds.folds == 3)
assert(tostring(folds):match "^3%-fold AUC 0%.%d%d%d%d ±0%.%d%d%d%d %(sd of 3 folds%)\n", tostring(folds))

local seen = 0
local study = p:tune { net = function(h) seen = seen + 1 return lb.mlp { h.width } end, trials = 3, jobs = 2, epochs = 2, batch = 32,
                       space = { width = lb.int(2, 8), learning_rate = lb.auto } }
assert(#study.trials == 3 and seen >= 3 and study.best.metric > 0 and study.model:hash())

local d = p:distill { teacher = a, student = lb.mlp { 2 }, seeds = 2, jobs = 1, epochs = 3, batch = 32 }
local report = lb.compare { teacher = a, student = d.student, alone = d.alone }
assert(report.student.auc and report.teacher.auc and #report.verdict > 0)
assert(tostring(report):find "student")

-- Errors in callbacks and options are Lua errors that can be caught; each says where.
local function fails(wanted, f)
  local ok, message = pcall(f)
  assert(not ok and message:find(wanted), tostring(message))
end
fails("learn.lua:%d+: .*on_epoch: .*learn.lua:%d+: broken", function()
  p:train { net = lb.mlp { 2 }, epochs = 2, on_epoch = function() error "broken" end }
end)
fails("on_epoch returned", function() p:train { net = lb.mlp { 2 }, epochs = 2, on_epoch = function() return 5 end } end)
fails('net: .*no field "widht"; did you mean "width"', function()
  p:tune { net = function(h) return lb.mlp { h.widht } end, trials = 1, space = { width = lb.int(2, 8) } }
end)
fails('no option "epoch"; did you mean "epochs"', function() p:train { net = lb.mlp { 2 }, epoch = 2 } end)
fails('allowed is 1 to', function() p:train { net = lb.mlp { 2 }, epochs = 0 } end)
fails('no target', function() lb.pipeline { source = lb.read(file) }:train { net = lb.mlp { 2 } } end)
fails('labl', function() lb.pipeline { source = lb.read(file), target = "labl" }:train { net = lb.mlp { 2 } } end)
fails('there is no part "tset"', function() a:eval { on = "tset" } end)
fails('no step or method "standardise"; did you mean "standardize"', function() return p:standardise {} end)
return true
