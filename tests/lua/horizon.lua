-- Several numbers predicted at once: a window with a horizon, and columns stacked to one target. Every figure is computed here once more.
local lb = require "limbeck"

local function refused(part, f, ...)
  local ok, message = pcall(f, ...)
  assert(not ok and tostring(message):find(part, 1, true), tostring(message))
end
local function near(a, b, what) assert(math.abs(a - b) <= 1e-4 * (1 + math.abs(b)), ("%s: %s, expected %s"):format(what, a, b)) end
local function said(p, part)
  local notes = table.concat(p:notes(), "\n")
  assert(notes:find(part, 1, true), notes)
end

-- One series in the order of t, with a season of 12.
local N, H = 240, 3
local t, y, x = {}, {}, {}
for i = 1, N do
  t[i], y[i], x[i] = i, 20 + 5 * math.sin(i * math.pi / 6) + (i * i * 37 % 101) / 101, math.cos(i * math.pi / 6)
end
local series = lb.table { t = t, y = y, x = x }
local function pipeline(window, rows)
  window.length, window.time, window.horizon = 12, "t", window.horizon or H
  return lb.pipeline { source = rows or series, target = "targets", seed = 3 }
    :window(window)
    :split { by = "time", column = "t", train = 0.6, valid = 0.2, test = 0.2 }
    :standardize { columns = { "window", "numeric" } }
end
local conv = { lb.conv1d { 4, 3 }, lb.relu {}, lb.flatten {} } -- where the window is alone
local function train(p, epochs, net) return p:train { net = net or lb.mlp { 8 }, epochs = epochs or 8, batch = 16 } end

-- Rows 12 to 237 have both, 226 in all; of each of the first two parts the last 3 reach into the next one.
local p = pipeline { columns = { "y" } }
said(p, "6 rows before a later part left out: targets reach 3 rows ahead, and none may lie in it")
local first, last = {}, {}
for _, part in ipairs { "train", "valid", "test" } do
  local when = p:table(part):column "t"
  first[part], last[part] = when[1], when[#when]
end
assert(first.train == 12 and last.test == N - H, first.train .. " " .. last.test)
assert(last.train + H < first.valid and last.train + H + 1 == first.valid and last.valid + H + 1 == first.test)

local m = train(p)
local judged = m:eval {}
assert(tostring(judged):find("no target lies in the next part (they reach 3 rows ahead)", 1, true), tostring(judged))
local season = judged.season
assert(#judged.by_horizon == H and season >= H and season % 12 == 0, tostring(judged))
local answers = m:predict(series)
local naive = 0
for i = first.train + 1, last.train do naive = naive + math.abs(y[i + 1] - y[i]) / (last.train - first.train) end
local mean = 0
for h = 1, H do
  local found, guess, size, now, before, n = judged.by_horizon[h], answers:column("y_" .. h), 0, 0, 0, 0
  for i = first.test, last.test do
    size, now, before = size + math.abs(guess[i] - y[i + h]), now + math.abs(y[i] - y[i + h]), before + math.abs(y[i + h - season] - y[i + h])
    n = n + 1
  end
  assert(found.output == "y_" .. h and found.ahead == h)
  near(found.mae, size / n, "mae")
  near(found.mase, size / n / naive, "mase")
  near(found.last.mae, now / n, "mae of the last value")
  near(found.seasonal.mae, before / n, "mae of a season before")
  mean = mean + size / n / H
end
near(judged.mae, mean, "mean over outputs")
assert(tostring(judged):find("by horizon", 1, true) and tostring(judged):find("rows before", 1, true), tostring(judged))

-- Before there is a model: what the plainest forecasts are worth on valid, one row ahead and three.
local plainest = table.concat(p:notes(), "\n")
local one, far = 0, 0
for i = first.valid, last.valid do
  one, far = one + math.abs(y[i + 1] - y[i]) / (last.valid - first.valid + 1), far + math.abs(y[i + H] - y[i]) / (last.valid - first.valid + 1)
end
local a, b = plainest:match "1 and 3 rows ahead the row's own value taken as the forecast has on valid MAE ([%d.]+), ([%d.]+); the value"
near(tonumber(a), one, "one row ahead, on valid")
near(tonumber(b), far, "three rows ahead, on valid")

-- The model takes raw rows: all of them, the last twelve alone, and in a file.
assert(table.concat(answers.columns, " ") == "y_1 y_2 y_3 reason", table.concat(answers.columns, " "))
local recent = {}
for i = N - 11, N do recent[#recent + 1] = i end
local few = { t = {}, y = {}, x = {} }
for k, i in ipairs(recent) do few.t[k], few.y[k], few.x[k] = t[i], y[i], x[i] end
assert(tostring(m:predict(lb.table(few), { last = true })) == tostring(m:predict(series, { last = true })))
assert(m:predict(lb.table(few)):get(11, "reason"):find("window of 12 rows", 1, true))
m:save "day.safetensors"
assert(tostring(lb.load "day.safetensors":predict(series)) == tostring(answers))
assert(#lb.load "day.safetensors":eval { on = series }.by_horizon == H)

-- Differences from the row itself: the last value is a forecast of no change.
local changes = train(pipeline { columns = { "y" }, relative = true })
local told, change = changes:eval {}, changes:predict(series):column "y_2"
local size, n = 0, 0
for i = first.test, last.test do size, n = size + math.abs(change[i] - (y[i + 2] - y[i])), n + 1 end
near(told.by_horizon[2].mae, size / n, "mae of changes")
near(told.by_horizon[2].last.mae, judged.by_horizon[2].last.mae, "no change")
near(told.by_horizon[3].seasonal.mae, judged.by_horizon[3].seasonal.mae, "a season before")
local whole = last.train - first.train -- a row more: its own change is in its target
naive = (naive * whole + math.abs(y[first.train + 1] - y[first.train])) / (whole + 1)
near(told.by_horizon[1].mase, told.by_horizon[1].mae / naive, "mase of changes")

-- What is only looked ahead at need not be there to predict, and no feature is made of it.
local other = train(pipeline { columns = { "x" }, targets = { "y" } }, 2, conv)
assert(#other:predict(lb.table { t = t, x = x }).columns == H + 1)
refused("the rows lack columns that the model needs: x", function() other:predict(lb.table { t = t, y = y }) end)

-- Two series at the same times, rows in any order.
local site, when, value = {}, {}, {}
for k = 1, 2 * N do
  local i = (k * 7) % (2 * N)
  site[k], when[k], value[k] = i % 2 == 0 and "a" or "b", i // 2, y[i // 2 + 1] * (i % 2 == 0 and 1 or 3)
end
local both = pipeline({ columns = { "y" }, by = { "site" } }, lb.table { t = when, y = value, site = site }):drop { columns = { "site" } }
said(both, "12 rows before a later part left out")
local of_both = train(both, 2, conv):eval {}
near(of_both.by_horizon[1].last.mae, 2 * judged.by_horizon[1].last.mae, "one series of three times the size")

-- Later rows are a target and nothing else.
local function with(target, steps)
  local q = lb.pipeline { source = series, target = target, seed = 3 }
    :window { columns = { "y" }, length = 2, horizon = 2, time = "t", keep = true }
  return steps(q):split { by = "time", column = "t" }
end
refused("window: targets looks ahead; make it the target or drop it", function() with("x", function(q) return q end):notes() end)
refused("filter: rows cannot be chosen by y_lead1, which is known only later (lead looks ahead)", function()
  lb.pipeline { source = series, target = "y_lead1", seed = 3 }:lead { columns = { "y" }, time = "t" }:filter "y_lead1 > 3"
    :split { by = "time", column = "t" }:notes()
end)
refused("no step after the split may read or change the target \"targets\"", function()
  with("targets", function(q) return q end):standardize { columns = { "targets" } }:notes()
end)
refused("targets reach 200 rows ahead, which leaves no row in the", function() pipeline { columns = { "y" }, horizon = 200 }:notes() end)
refused("target targets holds arrays, whose numbers are predicted", function()
  lb.pipeline { source = series, target = "targets", target_type = "classes" }
    :window { columns = { "y" }, length = 2, horizon = 2, time = "t" }:notes()
end)
refused("distill needs a target with classes", function() p:distill { teacher = m, student = lb.mlp { 2 } } end)

-- Columns side by side.
local pair = lb.pipeline { source = lb.table { a = x, b = t, u = y, v = x }, target = { "u", "v" }, seed = 3 }
  :standardize { columns = "numeric" }
local one = train(pair, 20)
local parts = one:eval {}
assert(#parts.by_output == 2 and parts.by_output[2].output == "v" and not parts.by_output[1].ahead, tostring(parts))
near(parts.rmse, (parts.by_output[1].rmse + parts.by_output[2].rmse) / 2, "mean over outputs")
assert(table.concat(one:predict(lb.table { a = x, b = t }).columns, " ") == "u v reason")

refused("no column \"w\"", function()
  lb.pipeline { source = lb.table { a = x, u = y }, target = { "u", "w" } }:notes()
end)

-- Folds go forward with the same distance; models are compared output by output.
local folds = p:cross_validate { net = lb.mlp { 4 }, epochs = 2, folds = 2 }
assert(folds.mean.mae > 0)
local versus = lb.compare { teacher = m, student = train(p, 2) }
assert(versus.student.mae > 0 and versus.against_teacher.low <= versus.against_teacher.high, tostring(versus))
