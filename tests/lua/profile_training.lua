-- What a profile says of the target comes from training rows once there is a split: it equals the profile of that part alone.
local lb = require "limbeck"
local source = lb.read("sample_data/churn.csv"):drop_duplicates {}
local base = lb.pipeline { source = source, target = "churn", positive = "Yes", seed = 5 }
  :drop { columns = { "text" } }:fill_missing { columns = { "numeric" } }
local p = base:split { by = "random", train = 0.5, valid = 0.2, test = 0.3 }
local all, here, part = base:profile(), p:profile(), p:table("train"):profile { target = "churn", positive = "Yes" }

local function column(profile, name)
  for _, c in ipairs(profile.columns) do if c.name == name then return c end end
  error("no column " .. name)
end

local checked = 0
for _, name in ipairs { "tenure", "support_calls", "senior_citizen" } do
  local a, b, c = column(all, name), column(here, name), column(part, name)
  assert(b.auc == c.auc, name .. ": AUC is not that of the training part")
  assert(a.auc ~= b.auc, name .. ": AUC is that of all rows")
  assert(b.count == a.count and b.mean == a.mean, name .. ": what does not speak of the target is of all rows")
  checked = checked + 1
end
for i, rate in ipairs(column(here, "senior_citizen").rates) do
  local wanted = column(part, "senior_citizen").rates[i]
  assert(rate.label == wanted.label and rate.rows == wanted.rows and rate.positives == wanted.positives, "rates of senior_citizen")
  checked = checked + 1
end
assert(tostring(here):find("training rows", 1, true) and not tostring(all):find("training rows", 1, true))
-- the share of the positive class, and what always guessing the larger one scores
local function balance(profile)
  for line in tostring(profile):gmatch("[^\n]+") do
    if line:find("accuracy", 1, true) then return line:match("[%d.]+ %% Yes: always No scores [%d.]+ %% accuracy") end
  end
end
assert(balance(here) and balance(here) == balance(part) and balance(here) ~= balance(all), "the balance of the classes is that of the training part")
return checked == 5
