#!/usr/bin/env -S limbeck run
-- How much traffic will the link carry? Two public series (--data=FOLDER holds isp-eu-hourly.csv and isp-eu-5min.csv): lags, calendar
-- and a small net against the last value; errors by horizon; and whether dropout steadies a net under noise. Features are steps of the
-- recipe, so the model takes raw rows of the past.
local lb  = require "limbeck"
local opt = lb.args { data = "../shared/data/internet-traffic", seed = 7, seeds = 5, epochs = 100, noise = 0.10 }

local function read(name)
  local t = lb.read(("%s/isp-eu-%s.csv"):format(opt.data, name))
  return t:rename { columns = { [t.columns[1]] = "time", [t.columns[2]] = "bits" } }
end

-- What is learned is the change of the logarithm from now to `horizon` steps ahead; what is seen are earlier changes, and the clock.
local function pipeline(t, c)
  local past, seen = {}, {}
  for _, k in ipairs(c.lags) do past[#past + 1] = k end
  local p = lb.pipeline { source = t, target = "change", seed = c.seed }
    :derive { name = "y", as = "log(bits)" }
    :lag    { columns = { "y" }, steps = past, time = "time" }
    :lead   { columns = { "y" }, steps = { c.horizon }, time = "time" }
    :derive { name = "change", as = ("y_lead%d - y"):format(c.horizon) }
  for _, k in ipairs(c.lags) do p = p:derive { name = "back" .. k, as = ("y_lag%d - y"):format(k) } end
  return p:calendar { columns = { "time" }, parts = { "hour", "weekday" } }
    :drop  { columns = { "/^y_/", "bits" } }
    :split { by = "time", column = "time", train = 0.68, valid = 0.12, test = 0.20 }
    :standardize { columns = { "numeric" } }
end

local function train(t, c)
  local layers = c.dropout > 0 and lb.mlp { c.width, c.width, dropout = c.dropout } or lb.mlp { c.width, c.width }
  return pipeline(t, c):train { net = layers, epochs = c.epochs or opt.epochs, batch = c.batch, l2 = c.l2,
                                optimizer = lb.adam { learning_rate = 2e-3 }, schedule = "cosine",
                                early_stop = { metric = "valid.loss", patience = 30 }, name = c.name }
end

-- Mean error in percent over the last fifth, of the mean forecast of the models; `seen` are the rows as the net sees them.
local function judge(t, models, horizon, seen)
  local bits, now = t:column("bits"), (seen or t):column("bits")
  local answers = {}
  for i, m in ipairs(models) do answers[i] = m:predict(seen or t):column("prediction") end
  local first, percent, size, naive, count = math.floor(#t * 0.8) + 1, 0, 0, 0, 0
  for i = first, #t - horizon do
    local change = 0
    for _, a in ipairs(answers) do change = change + a[i] / #answers end
    local guess, truth = now[i] * math.exp(change), bits[i + horizon]
    percent = percent + math.abs(guess - truth) / truth
    size    = size + math.abs(guess - truth)
    naive   = naive + math.abs(now[i] - truth) / truth
    count   = count + 1
  end
  local step = 0 -- the mean change over the horizon in the past, which scales the error (MASE)
  for i = 1 + horizon, first - 1 do step = step + math.abs(bits[i] - bits[i - horizon]) / (first - 1 - horizon) end
  return { mape = 100 * percent / count, naive = 100 * naive / count, mase = size / count / step }
end

local function ensemble(t, c)
  local models = {}
  for s = 1, opt.seeds do
    local own = { seed = opt.seed + s }
    for k, v in pairs(c) do own[k] = v end
    models[s] = train(t, own)
  end
  return models
end

-- 1 One step ahead.
local hourly, fine = read "hourly", read "5min"
local hours   = { lags = { 1, 2, 3, 4, 5, 6, 12, 23, 24, 25, 48, 167, 168 }, horizon = 1, width = 16, batch = 16, l2 = 3e-3, dropout = 0 }
local minutes = { lags = { 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 24, 287, 288, 289 }, horizon = 1, width = 32, batch = 64, l2 = 1e-3, dropout = 0 }
local best = ensemble(hourly, hours)
local h, m = judge(hourly, best, 1), judge(fine, ensemble(fine, minutes), 1)
print(("hourly: MAPE %.2f %%, last value %.2f %%;  5 minutes: %.2f %%, last value %.2f %%"):format(h.mape, h.naive, m.mape, m.naive))
print(("result mape.hourly %.3f"):format(h.mape))
print(("result mape.5min %.3f"):format(m.mape))
print(("result mase.hourly %.3f"):format(h.mase))

-- 2 A day ahead, hour by hour, from one net: it sees the changes of a whole week and gives those of the next 24 hours.
local ahead = 24
local function day(seed)
  return lb.pipeline { source = hourly, target = "targets", seed = seed }
    :derive { name = "y", as = "log(bits)" }
    :window { columns = { "y" }, length = 168, horizon = ahead, relative = true, time = "time" }
    :calendar { columns = { "time" }, parts = { "hour", "weekday" } }
    :drop   { columns = { "bits" } }
    :split  { by = "time", column = "time", train = 0.68, valid = 0.12, test = 0.20 }
    :standardize { columns = { "numeric", "window" } }
end

local days, forecasts = {}, {}
for s = 1, opt.seeds do
  days[s] = day(opt.seed + s):train { net = lb.mlp { 16, 16 }, epochs = opt.epochs, batch = 16, l2 = 3e-3,
                                      optimizer = lb.adam { learning_rate = 2e-3 }, schedule = "cosine",
                                      early_stop = { metric = "valid.loss", patience = 30 } }
  forecasts[s] = days[s]:predict(hourly)
end

-- Judged on the rows of the test part; errors are measured by that of the last value one hour ahead (MASE).
local bits, times = hourly:column("bits"), hourly:column("time")
local begins, first, one = day(opt.seed):table("test"):column("time")[1], 1, 0
while times[first] ~= begins do first = first + 1 end
for i = 2, first - 1 do one = one + math.abs(bits[i] - bits[i - 1]) / (first - 2) end
print "hours ahead   MAPE   MASE   last value   24 hours before"
local worst = 0
for k = 1, ahead do
  local percent, size, last, before, count, changes = 0, 0, 0, 0, 0, {}
  for s = 1, opt.seeds do changes[s] = forecasts[s]:column("y_" .. k) end
  for i = first, #hourly - k do
    local change, truth = 0, bits[i + k]
    for s = 1, opt.seeds do change = change + changes[s][i] / opt.seeds end
    local guess = bits[i] * math.exp(change)
    percent = percent + math.abs(guess - truth) / truth
    size    = size + math.abs(guess - truth)
    last    = last + math.abs(bits[i] - truth) / truth
    before  = before + math.abs(bits[i + k - 24] - truth) / truth
    count   = count + 1
  end
  local mase = size / count / one
  worst = math.max(worst, mase)
  print(("%11d  %5.2f  %5.3f  %11.2f  %16.2f"):format(k, 100 * percent / count, mase, 100 * last / count, 100 * before / count))
  print(("result horizon.%d.mape %.3f"):format(k, 100 * percent / count))
  print(("result horizon.%d.mase %.3f"):format(k, mase))
end
print(("result horizon.worst.mase %.3f"):format(worst))

-- 3 Is a net with dropout steadier when what it sees is noisy? The same seeds with and without, judged on rows with noise.
local noisy, bits = {}, hourly:column("bits")
math.randomseed(opt.seed)
for i = 1, #hourly do
  local a, b = 1 - math.random(), math.random()
  noisy[i] = bits[i] * math.exp(opt.noise * math.sqrt(-2 * math.log(a)) * math.cos(2 * math.pi * b))
end
local seen = hourly:with { bits = noisy }
local sums, worth = { 0, 0, 0, 0 }, {}
for s = 1, opt.seeds do
  local f = {}
  for i, dropout in ipairs { 0, 0.2 } do
    local c = {}
    for k, v in pairs(hours) do c[k] = v end
    c.dropout, c.seed = dropout, opt.seed + s
    local model = { train(hourly, c) }
    f[2 * i - 1], f[2 * i] = judge(hourly, model, 1).mape, judge(hourly, model, 1, seen).mape
  end
  for i = 1, 4 do sums[i] = sums[i] + f[i] / opt.seeds end
  worth[s] = f[4] - f[2]
end
local mean, square = 0, 0
for _, w in ipairs(worth) do mean = mean + w / #worth end
for _, w in ipairs(worth) do square = square + (w - mean) ^ 2 end
local t975 = { 12.706, 4.303, 3.182, 2.776, 2.571, 2.447, 2.365, 2.306, 2.262 }
local half = #worth > 1 and (t975[#worth - 1] or 2) * math.sqrt(square / (#worth - 1) / #worth) or 0 / 0
print(("MAPE without dropout: clean %.2f, noisy %.2f; with dropout 0.2: clean %.2f, noisy %.2f"):format(table.unpack(sums)))
print(("under noise dropout changes MAPE by %+.2f, 95 %% interval %+.2f to %+.2f over %d seeds"):format(mean, mean - half, mean + half, #worth))
print(("result noise.dropout %.3f"):format(mean))

-- 4 The next hour and the next day, from the last rows of the raw file.
local last = best[1]:predict(hourly, { last = true })
print(("next hour: %+.1f %%"):format(100 * (math.exp(last:get(#last, "prediction")) - 1)))
local tomorrow = days[1]:predict(hourly, { last = true })
print(("this hour tomorrow: %+.1f %%"):format(100 * (math.exp(tomorrow:get(#tomorrow, "y_" .. ahead)) - 1)))
