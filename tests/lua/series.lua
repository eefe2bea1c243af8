-- Steps that look at other rows: where they run, what becomes of rows with too little past, what a model asks of its rows, and what is
-- refused.
local lb = require "limbeck"
local place = os.getenv "LIMBECK_TEST_DIR"

local function write(name, lines)
  local file = place .. "/" .. name
  local out = assert(io.open(file, "w"))
  out:write(table.concat(lines, "\n"), "\n")
  out:close()
  return lb.read(file)
end

local function refused(words, f)
  local ok, message = pcall(f)
  assert(not ok and tostring(message):find(words, 1, true), tostring(message))
end

-- Two sites, hours mixed in the file: y of a site is 10 times its last y plus the hour.
local hours, rows = 120, { "site,hour,y" }
local function value(site, hour) return (hour * 7 + (site == "a" and 3 or 5)) % 24 end
for hour = 1, hours do
  for _, site in ipairs { "a", "b" } do rows[#rows + 1] = ("%s,%d,%d"):format(site, hour, value(site, hour)) end
end
local t = write("series.csv", rows)
local base = lb.pipeline { source = t, target = "y", key = "site", seed = 5 }
  :split { by = "time", column = "hour" }
  :lag { columns = "y", steps = { 1, 24 } }
  :standardize {}

local notes = table.concat(base:notes(), "\n")
for _, words in ipairs { "lag looks at other rows, so it runs before the split", "48 rows with too little past for lag: left out" } do
  assert(notes:find(words, 1, true), notes)
end
local m = base:train { net = lb.mlp { 8 }, epochs = 3, batch = 32 }
local counts = m.metrics.row_counts
assert(counts.read == 240 and counts.left_out["with too little past for lag"] == 48)
assert(counts.used.train + counts.used.valid + counts.used.test == 192)

-- The key keeps series apart, and the target is read although it is the target.
local shown = base:table "train"
assert(#shown == counts.used.train)

-- Prediction: the past is given along, the row to predict has no y; without it, or without y, there is no number.
local past = { "site,hour,y" }
for hour = hours - 23, hours do
  for _, site in ipairs { "a", "b" } do past[#past + 1] = ("%s,%d,%d"):format(site, hour, value(site, hour)) end
end
past[#past + 1] = ("b,%d,"):format(hours + 1)
past[#past + 1] = ("a,%d,"):format(hours + 1)
local newest = m:predict(write("past.csv", past), { last = true })
assert(#newest == 2, tostring(newest))
local all = m:predict(write("past.csv", past))
assert(#all == 50)
m:save(place .. "/series.safetensors")
local text = tostring(newest)
assert(text:find("site", 1, true) and text:find("121", 1, true) and not text:find("needed", 1, true), text)
table.remove(past, 2)
text = tostring(m:predict(write("short.csv", past), { last = true }))
assert(text:find("lag 24 of y: 23 earlier", 1, true), text)
refused("the rows lack columns that the model needs: y", function() m:predict(write("bare.csv", { "site,hour", "a,1" })) end)

-- Judged elsewhere, every row of the table is history of the later ones.
local later = { "site,hour,y" }
for hour = hours + 1, hours + 30 do later[#later + 1] = ("a,%d,%d"):format(hour, value("a", hour)) end
assert(m:eval { on = write("later.csv", later) }.rows == 6)

-- A target ahead is absent in rows to predict; what looks ahead is no feature, however it got there.
local ahead = lb.pipeline { source = t, target = "y_lead1", key = "site", seed = 5 }
  :lag { columns = "y" } :lead { columns = "y" } :split { by = "time", column = "hour" } :standardize {}
local forecast = ahead:train { net = lb.mlp { 8 }, epochs = 3, batch = 32 }
assert(forecast.metrics.row_counts.left_out["without y_lead1"] == 2)
assert(#forecast:predict(write("past.csv", past), { last = true }) == 2)
local leak = lb.pipeline { source = t, target = "y", seed = 5, key = "site" } :lag { columns = "y" } :lead { columns = "y" }
  :split { by = "time", column = "hour" }
refused("lead: y_lead1 looks ahead; make it the target or drop it", function() leak:standardize {}:notes() end)
refused("lead: z looks ahead", function()
  lb.pipeline { source = t, target = "y", seed = 5, key = "site" } :lead { columns = "y" } :derive { name = "z", as = "y_lead1 * 2" }
    :drop { columns = "y_lead1" } :split { by = "time", column = "hour" } :notes()
end)
refused("lead: y_lead1_lag1 looks ahead", function()
  lb.pipeline { source = t, target = "y", seed = 5, key = "site" } :lead { columns = "y" } :lag { columns = "y_lead1" }
    :drop { columns = "y_lead1" } :split { by = "time", column = "hour" } :notes()
end)

-- What they cannot wait for, and what has no order.
local split = lb.pipeline { source = t, target = "y", seed = 5, key = "site" } :split { by = "time", column = "hour" }
refused("derive, which runs behind it, changes what lag reads; put lag first", function()
  split:derive { name = "z", as = "hour * 2" } :lag { columns = "z" }
end)
refused("name time =", function() lb.pipeline { source = t, target = "y", seed = 5 } :lag { columns = "y" } :notes() end)
refused("two rows stand at one time (hour 1)", function()
  lb.pipeline { source = t, target = "y", seed = 5 } :lag { columns = "y" } :split { by = "time", column = "hour" } :notes()
end)
refused("each row has a key hour of its own", function()
  lb.pipeline { source = write("alone.csv", { "hour,y", "1,2", "2,3", "3,4" }), target = "y", key = "hour", seed = 5 }
    :lag { columns = "y" } :split { by = "time", column = "hour" } :notes()
end)

-- Rows that are put in are the past of others; a target ahead in time; what is made of them is the same when rows are predicted.
local clock = { "when,y" }
for day = 1, 6 do
  for hour = 0, 23 do
    if (day * 24 + hour) % 11 ~= 0 then clock[#clock + 1] = ("2005-06-%02dT%02d:00,%d"):format(day, hour, (hour * 5 + day) % 17 + 1) end
  end
end
local hourly = write("clock.csv", clock)
local full = lb.pipeline { source = hourly, target = "goal", seed = 5 }
  :fill_gaps { unit = "hours", time = "when", mark = "put_in" }
  :lead { columns = "y", unit = "hours", time = "when", into = "goal" }
  :forward_fill { columns = "y", time = "when" }
  :lag { columns = "y", steps = { 1, 23 }, time = "when" }
  :rolling { columns = "y", length = 6, functions = { "mean", "max" }, time = "when" }
  :ewm { columns = "y", span = 4, time = "when" }
  :time_since { event = "y > 14", into = "since", time = "when" }
  :split { by = "time", column = "when" }
  :calendar { columns = "when", parts = { "hour", "weekday" } }
  :fill_missing { columns = "since", strategy = "constant", value = 99 }
  :standardize {}
local net = full:train { net = lb.mlp { 8 }, epochs = 3, batch = 32 }
local row_counts = net.metrics.row_counts
assert(row_counts.added.fill_gaps == 144 - #hourly and row_counts.left_out["with too little past for lag"] == 23, tostring(net))
assert(net.valid.mase and net.valid.mape and net.valid.smape, tostring(net.valid))
local whole = net:predict(hourly, { last = true })
local recent = { clock[1] }
for i = #clock - 59, #clock do recent[#recent + 1] = clock[i] end
local part = net:predict(write("recent.csv", recent), { last = true })
assert(#whole == 1 and #part == 1 and tostring(whole) == tostring(part), tostring(whole) .. tostring(part))
refused("y is the target, which is not known of the row itself", function()
  lb.pipeline { source = hourly, target = "y", seed = 5 } :rolling { columns = "y", length = 3, time = "when" } :notes()
end)
refused("interpolate: y looks ahead", function()
  lb.pipeline { source = hourly, target = "goal", seed = 5 } :fill_gaps { unit = "hours", time = "when" }
    :lead { columns = "y", time = "when", into = "goal" } :interpolate { columns = "y", time = "when" }
    :split { by = "time", column = "when" } :notes()
end)

-- The plainest forecast stands beside the figures: a column taken as it is.
assert(table.concat(full:notes(), "\n"):find("taken as the forecast has on valid RMSE", 1, true), table.concat(full:notes(), "\n"))
assert(table.concat(full:notes(), "\n"):find("2 rows before a later part left out: targets reach 1 hour ahead", 1, true))

-- No row left, whatever left them out: the account, and what to do.
local function trained(p) return p:split {}:train { net = lb.mlp { 2 }, epochs = 1 } end
local function numbers() return lb.pipeline { source = lb.table { k = { 1, 2, 3, 4 }, x = { 5, 6, 7, 8 }, y = { 0.5, 1, 2, 3 } }, target = "y" } end
refused("no row is left for the split: 4 read; 4 dropped by filter; loosen the step", function() return trained(numbers():filter "x > 9") end)
refused("4 read; 4 with too little past for rolling; loosen the step", function()
  return trained(numbers():rolling { columns = { "x" }, length = 9, time = "k" })
end)
refused("counts no time; leave unit out", function() return numbers():fill_gaps { time = "k", unit = "days" }:table() end)
refused("no column \"z\"; the table has 3 columns", function() return numbers():pivot { by = { "k" }, names = "z", values = "x" }:table() end)

-- A table beside the rows hides no later rows: neither by steps that look ahead, whatever is made of them, nor by stretches of time.
local function beside(side, how)
  how.table, how.prefix = side, "o_"
  return lb.pipeline { source = t, target = "y", key = "site", seed = 5 }
    :join(how):split { by = "time", column = "hour" }:fill_missing {}:standardize {}
end
local function forecast(side, how) return beside(side, how):train { net = lb.mlp { 2 }, epochs = 1 } end
local by_time = { how = "asof", on = "site", time = "hour" }
local ahead = t:lead { columns = { "y" }, by = { "site" }, time = "hour" }
refused("lead: o_y_lead1 looks ahead; make it the target or drop it", function() return forecast(ahead:drop { columns = { "y" } }, by_time) end)
refused("lead: o_z looks ahead", function()
  return forecast(ahead:group_by { by = { "site" }, make = { z = "mean(y_lead1)" } }, { on = "site" })
end)
refused("interpolate: o_y looks ahead", function()
  return forecast(t:interpolate { columns = { "y" }, by = { "site" }, time = "hour" }, by_time)
end)
by_time.columns = { "y" }
forecast(ahead, by_time) -- what looks ahead is not taken
local function stretches(stamp) return t:resample { every = 6, make = { y = "mean(y)" }, by = { "site" }, time = "hour", stamp = stamp } end
refused("puts its rows at the beginning of the time that they sum up", function() return forecast(stretches "begin", by_time) end)
local known = beside(stretches "end", by_time):drop { columns = { "site" } }
for _, row in lb.read(place .. "/series.csv"):join { table = stretches "end", how = "asof", on = "site", time = "hour", prefix = "o_" }:each() do
  local sum, count, last = 0, 0, row.hour // 6 * 6
  for hour = math.max(1, last - 6), last - 1 do sum, count = sum + value(row.site, hour), count + 1 end
  assert(count == 0 and row.o_y == nil or math.abs(row.o_y - sum / count) < 1e-12, row.site .. row.hour)
end
known:train { net = lb.mlp { 2 }, epochs = 1 }

-- A date that a step has read need not be dropped by hand: it is told once, and is no feature. One that nobody has read is refused.
local dated = lb.pipeline { source = hourly, target = "y", seed = 5 }:split {}
local read_date = table.concat(dated:calendar { columns = "when", parts = { "hour" } }:notes(), "\n")
assert(read_date:find("when holds dates, which calendar has read: no feature", 1, true), read_date)
assert(not table.concat(full:notes(), "\n"):find("holds dates", 1, true))
refused("columns still hold dates: when", function() dated:notes() end)

-- The same values at another time are another row; a header alone is answered with the columns of the series.
assert(not table.concat(base:notes(), "\n"):find("equal a training row", 1, true))
local none = m:predict(write("header.csv", { "site,hour,y" }), { last = true })
assert(#none == 0 and table.concat(none.columns, " ") == "site hour prediction reason", table.concat(none.columns, " "))

-- The training part is shown with the rows that steps made.
local richer = lb.pipeline { source = t, target = "y", target_type = "values", key = "site", seed = 5 }:split { by = "random" }
  :jitter { columns = { "hour" }, copies = 1 }
assert(#richer:table("train") == 2 * #lb.pipeline { source = t, target = "y", target_type = "values", key = "site", seed = 5 }:split { by = "random" }:table("train"))
