#!/usr/bin/env -S limbeck run
-- Who leaves? Five tables of one operator (--data=FOLDER holds status, demographics, location, population and services .csv) are joined
-- inside the recipe: the model holds their columns and steps, none of their rows, and is given fresh tables when it predicts.
local lb  = require "limbeck"
local opt = lb.args { data = "../shared/data/telco-extended", epochs = 40, seed = 7, model = "churn_join.safetensors" }
local function read(name) return lb.read(("%s/%s.csv"):format(opt.data, name)) end
local status, people, places, towns, services = read "status", read "demographics", read "location", read "population", read "services"

-- 1 Columns that were written after the customer had left, or say that he had.
local leaks = {}
for _, column in ipairs(status.columns) do
  if column ~= "Churn Label" and column ~= "Customer ID" then leaks[#leaks + 1] = column end
end
local left = status:filter { where = "`Churn Label` = \"Yes\"" }
for _, column in ipairs(leaks) do
  local only = {}
  for _, row in left:each() do if row[column] ~= nil then only[tostring(row[column])] = true end end
  local hits, all = 0, 0
  for _, row in status:each() do
    if row[column] ~= nil and only[tostring(row[column])] then
      all  = all + 1
      hits = hits + (row["Churn Label"] == "Yes" and 1 or 0)
    end
  end
  if hits == all then print(("leak: %s has values that only customers have who left"):format(column)) end
end

-- 2 The recipe: towns are found by the zip code, which the places bring.
local p = lb.pipeline { source = status, target = "Churn Label", positive = "Yes", key = "Customer ID", seed = opt.seed }
  :drop { columns = leaks }
  :join { table = people, on = "Customer ID", columns = { "Gender", "Age", "Married", "Dependents", "Number of Dependents" } }
  :join { table = places, on = "Customer ID", columns = { "Zip Code", "Latitude", "Longitude" } }
  :join { table = towns, on = "Zip Code", columns = { "Population" } }
  :join { table = services, on = "Customer ID", columns = { "Referred a Friend", "Number of Referrals", "Tenure in Months", "Offer",
      "Phone Service", "Multiple Lines", "Internet Type", "Avg Monthly GB Download", "Online Security", "Online Backup",
      "Premium Tech Support", "Streaming TV", "Unlimited Data", "Contract", "Paperless Billing", "Payment Method", "Monthly Charge", "Total Charges" } }
  :drop  { columns = { "Zip Code" } }
  :split { by = "stratified", train = 0.70, valid = 0.15, test = 0.15 }
  :log1p { columns = { "Population" } }
  :fill_missing { columns = { "all" }, strategy = "median" }
  :one_hot { columns = { "text" } }
  :standardize { columns = { "numeric" } }
local model = p:train { net = lb.mlp { 64, 32, dropout = 0.3 }, epochs = opt.epochs, batch = 128, optimizer = lb.adam { learning_rate = 1e-3 },
                        early_stop = { metric = "valid.auc", patience = 10 } }
local test = model:eval "test"
print(test)
print(("result auc.test %.4f"):format(test.auc))

-- 3 The model alone, and fresh tables.
model:save(opt.model)
local file = assert(io.open(opt.model, "rb"))
print(("result model.bytes %d"):format(file:seek "end"))
file:close()
local loaded = lb.load(opt.model)
local fresh  = { demographics = read "demographics", location = read "location", population = read "population", services = read "services" }
local again  = loaded:eval { on = status, tables = fresh }
print(again)
print(("result auc %.4f"):format(again.auc))
print(loaded:predict(status:head(3), { tables = fresh }))
