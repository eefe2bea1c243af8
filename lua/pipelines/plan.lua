#!/usr/bin/env -S limbeck run
-- Which plan fits a customer? From raw logs of calls, messages and data (--data=FOLDER holds users.csv, calls.csv, messages.csv,
-- internet.csv, plans.csv; --months=users_behavior.csv is a second table) to what each customer pays a month, and to a net that recommends a plan from the logs alone.
local lb  = require "limbeck"
local opt = lb.args { data = "../shared/data/megaline-usage", epochs = 60, months = "", seed = 7, folds = 5 }
local function file(name) return opt.data .. "/" .. name .. ".csv" end

-- 1 The logs by user and month: each call is rounded up to a minute, a month's data to a gigabyte.
local calls    = lb.read(file "calls"):derive { name = "month", as = "month(call_date)" }
local messages = lb.read(file "messages"):derive { name = "month", as = "month(message_date)" }
local internet = lb.read(file "internet"):derive { name = "month", as = "month(session_date)" }
local by_month = { "user_id", "month" }
local usage = calls:concat { table = messages }:concat { table = internet }
  :group_by { by = by_month, make = { minutes = "sum(ceil(duration))", calls = "count(duration)",
                                      texts = "count(message_date)", mb = "sum(mb_used)" } }

-- 2 What a month costs, by the terms of the plan the user is on, and on the other one.
local users = lb.read(file "users")
local terms = lb.read(file "plans")
local function bill(t, name)
  return t:derive { name = name, as = [[usd_monthly_pay
    + max(minutes - minutes_included, 0) * usd_per_minute
    + max(texts - messages_included, 0) * usd_per_message
    + max(ceil(mb / 1024) - mb_per_month_included / 1024, 0) * usd_per_gb]] }
end
local bills = bill(usage:join { table = users, on = "user_id", columns = { "plan" } }
                        :join { table = terms, on = { plan = "plan_name" } }, "paid")
for _, row in bills:group_by { by = { "plan" }, make = { revenue = "sum(paid)", months = "count()" } }:each() do
  print(("result revenue.%s %.2f"):format(row.plan, row.revenue))
end

-- 3 The customer whose plan costs more than the other would have.
local other = lb.table { plan_name = { "surf", "ultimate" }, other = { "ultimate", "surf" } }
local both = bills:pick { "user_id", "month", "plan", "minutes", "texts", "mb", "paid" }
  :join { table = other, on = { plan = "plan_name" } }
  :join { table = terms, on = { other = "plan_name" } }
local year = bill(both, "would_pay"):group_by { by = { "user_id" }, make = { paid = "sum(paid)", would_pay = "sum(would_pay)" } }
local cheaper = year:filter { where = "would_pay < paid" }
print(("result cheaper.share %.4f"):format(#cheaper / #year))

-- 4 Which plan does a customer choose? The logs are side tables of the recipe, so a model takes raw logs when it predicts, and holds
-- none of their rows.
local habits = usage:group_by { by = { "user_id" }, make = {
  months = "count()", minutes = "mean(minutes)", minutes_max = "max(minutes)", minutes_sd = "sd(minutes)", calls = "mean(calls)",
  texts = "mean(texts)", texts_max = "max(texts)", mb = "mean(mb)", mb_max = "max(mb)", mb_min = "min(mb)", mb_sd = "sd(mb)" } }
local plan = { net = lb.mlp { 16, dropout = 0.3 }, epochs = opt.epochs, batch = 32, optimizer = lb.adam { learning_rate = 3e-3 }, l2 = 1e-2,
               early_stop = { metric = "valid.loss", patience = 12 } }
local function pipeline(source, with_logs)
  local p = lb.pipeline { source = source, target = "plan", key = "user_id", seed = opt.seed }
    :drop { columns = { "first_name", "last_name", "reg_date", "churn_date", "city" } }
  if with_logs then p = p:join { table = habits, on = "user_id" } end
  return p:split { train = 0.85, valid = 0.15, test = 0 }
    :fill_missing { columns = { "numeric" }, strategy = "median" }
    :standardize { columns = { "numeric" } }
end
local function folds(p, own)
  local c = { folds = opt.folds }
  for k, v in pairs(own or plan) do c[k] = v end
  return p:cross_validate(c)
end
local most = users:group_by { by = { "plan" }, make = { n = "count()" } }:sort { by = { "n" }, descending = true }:get(1, "n") / #users
local with = folds(pipeline(users, true))
print(("always the larger plan: accuracy %.3f"):format(most))
print(("result accuracy.logs %.4f"):format(with.mean.accuracy))
print(("result auc.logs %.4f"):format(with.mean.auc))
if with.mean.auc - 2 * with.sd.auc < 0.5 then print "the logs say nothing of the plan that a customer is on: bills do, habits do not" end

-- 5 A table in which they do: months of customers of two other plans.
if #opt.months > 0 then
  local p = lb.pipeline { source = lb.read(opt.months), target = "is_ultra", positive = "1", target_type = "classes", seed = opt.seed }
  local own = { net = lb.mlp { 32, 32 }, epochs = 2 * opt.epochs, batch = 64, optimizer = lb.adam { learning_rate = 3e-3 }, l2 = 1e-3,
                early_stop = { metric = "valid.loss", patience = 20 } }
  local function months(q)
    return folds(q:split { train = 0.85, valid = 0.15, test = 0 }:standardize { columns = { "numeric" } }, own)
  end
  local table_alone = months(p)
  local derived = months(p:derive { name = "minutes_per_call", as = "if(calls > 0, minutes / calls, 0)" }
                          :derive { name = "little", as = "minutes < 300 and mb_used < 10000 and messages < 30" }
                          :log1p  { columns = { "messages" } })
  print(("result accuracy.table %.4f"):format(table_alone.mean.accuracy))
  print(("result accuracy.features %.4f"):format(derived.mean.accuracy))
end

-- 6 New customers, from raw files.
local model  = pipeline(users, true):train(plan)
local answer = model:predict(users:head(5), { tables = { calls = lb.read(file "calls"), messages = lb.read(file "messages"),
                                                         internet = lb.read(file "internet") } })
print(answer)
