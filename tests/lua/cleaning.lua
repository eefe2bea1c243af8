-- Cleaning from raw rows to predictions: what reads forms runs before the split and once for all rows, what learns values runs after it,
-- and rows to be predicted go the same way, with a reason where a cell cannot be read.
local lb = require "limbeck"
local here = os.getenv "LIMBECK_TEST_DIR" .. "/"

local function write(name, lines)
  local out = assert(io.open(here .. name, "w"))
  out:write(table.concat(lines, "\n"), "\n")
  out:close()
  return lb.read(here .. name, { delimiter = ";" })
end

local rows = { "price;since;size;area;kind;y" }
for i = 1, 120 do
  local price, area = i * 37 % 101, i * 61 % 97
  rows[#rows + 1] = ("%d,%d EUR;%d/%d/2024;%dx%d;%s;%s;%s"):format(price, i % 10, 1 + i % 28, 1 + i % 12, i % 7, i % 5,
    i % 11 == 0 and "" or tostring(area), i % 3 == 0 and "p" or "q", price + area > 98 and "yes" or "no")
end
local t = write("raw.csv", rows)
local p = lb.pipeline { source = t, target = "y", positive = "yes", seed = 3 }
  :parse_number { columns = { "price" } }
  :parse_date { columns = { "since" } }
  :derive { name = "week", as = "week(since)" }
  :extract { column = "size", pattern = "(\\d+)x(\\d+)", into = { "w", "h" }, keep = false }
  :cast { columns = { "w", "h" }, to = "int" }
  :recode { columns = { "h" }, map = { ["0"] = 5 } }
  :drop { columns = { "since" } }
  :split {}
  :knn_impute { columns = { "price", "area" }, k = 3 }
  :iterative_impute { columns = { "w", "h", "week" } }
  :fill_missing { columns = { "price" }, by = "w" }
  :fill_missing { columns = { "h" }, by = "kind" }
  :drop { columns = { "kind" } }
  :standardize {}
local notes = table.concat(p:notes(), "\n")
assert(notes:find('price is read with decimal = "comma"', 1, true), notes)
assert(notes:find('since is read as dates with order = "dmy"', 1, true), notes)
assert(not notes:find("so it runs after the split", 1, true), notes)
local m = p:train { net = lb.mlp { 4 }, epochs = 2, batch = 32 }

-- Alone each of these cells could be read two ways: the model knows how its column was written.
local raw = write("new.csv", { "price;since;size;area;kind", "1.234 EUR;3/4/2024;3x2;5;p", "cheap;soon;large;;q" })
local out = m:predict(raw)
assert(#out == 2 and out:get(1, "prediction") and out:get(2, "prediction"), tostring(out))
assert((out:get(1, "reason") or "") == "", out:get(1, "reason"))
local reason = out:get(2, "reason")
assert(reason and reason:find('parse_number: price: "cheap" is no number', 1, true), tostring(reason))

m:save(here .. "clean.safetensors")
local again = lb.load(here .. "clean.safetensors"):predict(raw)
assert(again:get(1, "prediction") == out:get(1, "prediction") and again:get(2, "reason") == reason)

-- The column of groups goes into what is filled, so rows to be predicted must have it, although it is dropped behind.
local short = write("short.csv", { "price;since;size;area", "1.234 EUR;3/4/2024;3x2;5" })
local ok, why = pcall(function() return m:predict(short) end)
assert(not ok and tostring(why):find("the rows lack columns that the model needs: kind", 1, true), tostring(why))
