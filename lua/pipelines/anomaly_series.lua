#!/usr/bin/env -S limbeck run
-- Which days were not like the others? Taxi rides in New York every half hour, with the five labelled windows of the Numenta Anomaly
-- Benchmark (--data=FOLDER holds realKnownCause/nyc_taxi.csv and combined_windows.json). A net that sees the same half hour of the day
-- and of the week before forecasts the next one; where the forecast fails for hours something is going on.
local lb  = require "limbeck"
local opt = lb.args { data = "../shared/data/nab", epochs = 15, seed = 7 }
local name = "realKnownCause/nyc_taxi.csv"
local taxi = lb.read(opt.data .. "/" .. name)
local windows = lb.json.read(opt.data .. "/combined_windows.json")[name]

-- 1 A forecast of the next change; learned from the summer.
local p = lb.pipeline { source = taxi, target = "change", seed = opt.seed }
  :lag      { columns = { "value" }, steps = { 47, 335 }, time = "timestamp" }
  :lead     { columns = { "value" }, steps = { 1 }, time = "timestamp" }
  :derive   { name = "change", as = "value_lead1 - value" }
  :derive   { name = "day", as = "value_lag47 - value" }
  :derive   { name = "week", as = "value_lag335 - value" }
  :calendar { columns = { "timestamp" }, parts = { "hour", "weekday" } }
  :drop     { columns = { "value_lead1", "/^value_lag/" } }
  :split    { by = "time", column = "timestamp", train = 0.45, valid = 0.10, test = 0.45 }
  :standardize { columns = { "numeric" } }
local model = p:train { net = lb.mlp { 64, 64 }, epochs = opt.epochs, batch = 64, optimizer = lb.adam { learning_rate = 1e-3 },
                        early_stop = { metric = "valid.loss", patience = 5 } }
print(model)

-- 2 The error of the forecast over half a day, in units of what it was while the net learned.
local answer, value, time = model:predict(taxi):column "prediction", taxi:column "value", taxi:column "timestamp"
local errors, half = {}, 24
for i = 1, #taxi - 1 do
  if answer[i] then errors[i + 1] = math.abs(value[i] + answer[i] - value[i + 1]) end
end
local score, learned = {}, math.floor(#taxi * 0.45)
local mean, count = 0, 0
for i = 1, learned do if errors[i] then mean, count = mean + errors[i], count + 1 end end
mean = mean / count
for i = half, #taxi do
  local sum, n = 0, 0
  for k = i - half + 1, i do if errors[k] then sum, n = sum + errors[k], n + 1 end end
  if n == half then score[i] = sum / n / mean end
end

-- 3 Judged on what came after: each labelled window by its highest score, beside ordinary stretches as long as a window.
local function at(text) return (text:sub(1, 19):gsub(" ", "T")) end
local labelled, length = {}, 0
for _, w in ipairs(windows) do
  for i = 1, #taxi do
    if time[i] >= at(w[1]) and time[i] <= at(w[2]) then labelled[i], length = true, length + 1 / #windows end
  end
end
local function highest(from, to)
  local top = 0
  for i = from, to do if score[i] and score[i] > top then top = score[i] end end
  return top
end
local weakest = math.huge
for _, w in ipairs(windows) do
  local from, to = 1, #taxi
  while time[from] < at(w[1]) do from = from + 1 end
  while time[to] > at(w[2]) do to = to - 1 end
  local top = highest(from, to)
  weakest = math.min(weakest, top)
  print(("window from %s: error up to %.1f times the usual"):format(w[1]:sub(1, 10), top))
end
local stretches, alarms, from = 0, 0, math.floor(#taxi * 0.55) + 1
while from + length - 1 <= #taxi do
  local to, free = from + math.floor(length) - 1, true
  for i = from, to do free = free and not labelled[i] end
  if free then
    stretches = stretches + 1
    alarms = alarms + (highest(from, to) >= weakest and 1 or 0)
    from = to + 1
  else
    from = from + 1
  end
end
print(("%d of %d ordinary stretches of that length score as much as the weakest window"):format(alarms, stretches))
print(("result windows.weakest %.3f"):format(weakest))
print(("result false.alarms %.3f"):format(alarms / stretches))

-- 4 The next half hour, from the last rows.
local last = model:predict(taxi, { last = true })
print(("next half hour: %.0f rides"):format(value[#taxi] + last:get(#last, "prediction")))
