-- How weights are drawn: test figures of the usual training over data sets and seeds, the table behind the default of `init`.
--   limbeck lua tests/bench/init.lua --data=../shared/data --seeds=5
local lb = require "limbeck"
local opt = lb.args { data = "../shared/data", seeds = 5, epochs = 40 }

local function pipeline(file, target, positive, dropped)
  local p = lb.pipeline { source = lb.read(opt.data .. "/" .. file), target = target, positive = positive, seed = 1 }
  if #dropped > 0 then p = p:drop { columns = dropped } end
  return p:split {} :fill_missing { columns = "numeric", strategy = "median" } :one_hot { columns = "text" } :standardize {}
end

local telco, ai4i = "telco-churn/Telco-Customer-Churn.csv", "ai4i2020/ai4i2020.csv"
local sets = {
  { "telco-churn", "log_loss", telco, "Churn", "Yes", { "customerID" } },
  { "digits", "log_loss", "digits/digits.csv", "digit", nil, {} },
  { "ai4i2020", "log_loss", ai4i, "Machine failure", "1", { "UDI", "Product ID", "TWF", "HDF", "PWF", "OSF", "RNF" } },
  { "megaline-plans", "log_loss", "megaline-plans/users_behavior.csv", "is_ultra", "1", {} },
  { "telco tenure", "r2", telco, "tenure", nil, { "customerID", "Churn", "TotalCharges" } },
  { "ai4i torque", "r2", ai4i, "Torque [Nm]", nil, { "UDI", "Product ID" } },
}

local function figures(p, metric, init)
  local sum, squares = 0, 0
  for seed = 1, opt.seeds do
    local model = p:train { net = lb.mlp { 64, 32, init = init }, epochs = opt.epochs, seed = seed }
    local x = model:eval { on = "test" }[metric]
    sum, squares = sum + x, squares + x * x
  end
  return sum / opt.seeds, math.sqrt(math.max(0, (squares - sum * sum / opt.seeds) / math.max(1, opt.seeds - 1)))
end

print(("%-16s %-9s %18s %18s %18s"):format("data set", "figure", "he_normal", "xavier", "uniform"))
for _, set in ipairs(sets) do
  local p = pipeline(table.unpack(set, 3, 6))
  local row = ("%-16s %-9s"):format(set[1], set[2])
  for _, init in ipairs { "he_normal", "xavier", "uniform" } do
    row = row .. ("   %.4f sd %.4f"):format(figures(p, set[2], init))
  end
  print(row)
end
