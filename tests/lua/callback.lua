-- Callbacks that remember: the state is handed to each call, is plain data, and belongs to the script's own table.
local lb = require "limbeck"
local file = os.getenv "LIMBECK_TEST_DIR" .. "/b.csv"
local out = assert(io.open(file, "w"))
out:write "x,z,label\n"
for i = 1, 200 do
  local x, z = (i * 37) % 101 / 101, (i * 61) % 97 / 97
  out:write(("%.4f,%.4f,%s\n"):format(x, z, x + z + (i * 13 % 10) / 40 > 1.1 and "yes" or "no"))
end
out:close()
local p = lb.pipeline { source = lb.read(file), target = "label", positive = "yes", seed = 3 } :split {} :standardize {}
local function train(on_epoch) return p:train { net = lb.mlp { 4 }, epochs = 9, batch = 32, on_epoch = on_epoch } end

local cb = lb.callback { state = { n = 0, seen = { best = 9 } }, fn = function(e, state)
  state.n = state.n + 1
  state.seen.best = math.min(state.seen.best, e.train.loss)
  state[state.n == 1 and "first" or "last"] = e.epoch
  if state.n == 6 then return "stop" end
end }
local model = train(cb)
assert(model.epochs == 6 and cb.state.n == 6 and cb.state.first == 1 and cb.state.last == 6 and cb.state.seen.best < 9)
assert(tostring(cb):find "^callback of callback.lua line %d+$", tostring(cb))

local function fails(wanted, f, ...)
  local ok, message = pcall(f, ...)
  assert(not ok and message:find(wanted, 1, true), tostring(message))
end
local plain = "state of the callback: it may hold numbers, texts, true and false"
fails(plain, lb.callback, { state = { print }, fn = print })
fails(plain, lb.callback, { state = { 0 / 0 }, fn = print })
fails("needs state = {...} and fn = function", lb.callback, { fn = print })
fails('found "count"', lb.callback, { state = {}, fn = print, count = 1 })
fails(plain, train, lb.callback { state = {}, fn = function(_, state) state.f = print end })
fails("cross_validate: on_epoch is called by train only", p.cross_validate, p, { net = lb.mlp { 4 }, on_epoch = print })
fails("tune: on_epoch is called by train only", p.tune, p, { net = lb.mlp { 4 }, on_epoch = print })
