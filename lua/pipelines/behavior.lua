#!/usr/bin/env -S limbeck run
-- How do customers behave: who leaves, and who is worth much? Three tables of one operator (--data=FOLDER holds status, demographics and
-- services .csv). Each question is asked of the same net under five learning-rate schedules and with early stopping, over the same seeds:
-- what a schedule is worth, how it spreads, and how many epochs it saves against training to the end.
local lb  = require "limbeck"
local opt = lb.args { data = "../shared/data/telco-extended", epochs = 60, seeds = 5, seed = 7 }
local function read(name) return lb.read(("%s/%s.csv"):format(opt.data, name)) end
local status, people, services = read "status", read "demographics", read "services"

local function rows(target)
  return lb.pipeline { source = status, target = target, positive = "Yes", key = "Customer ID", seed = opt.seed }
    :derive { name = "valuable", as = "if(CLTV >= 5381, 'Yes', 'No')" } -- the upper quarter
    :drop { columns = { "Count", "Quarter", "Satisfaction Score", "Customer Status", "Churn Value", "Churn Score", "CLTV", "Churn Category",
                        "Churn Reason", target == "valuable" and "Churn Label" or "valuable" } }
    :join { table = people, on = "Customer ID", columns = { "Gender", "Age", "Married", "Dependents", "Number of Dependents" } }
    :join { table = services, on = "Customer ID", columns = { "Number of Referrals", "Tenure in Months", "Offer", "Multiple Lines", "Internet Type",
        "Avg Monthly GB Download", "Online Security", "Premium Tech Support", "Unlimited Data", "Contract", "Paperless Billing",
        "Payment Method", "Monthly Charge", "Total Charges" } }
    :split { by = "stratified", train = 0.70, valid = 0.15, test = 0.15 }
    :fill_missing { columns = { "all" }, strategy = "median" }
    :one_hot { columns = { "text" } }
    :standardize { columns = { "numeric" } }
end

local schedules = {
  { "constant",  lb.constant {} },
  { "step",      lb.step { every = 5, factor = 0.5 } },
  { "cosine",    lb.cosine {} },
  { "one_cycle", lb.one_cycle {} },
  { "plateau",   lb.plateau { factor = 0.3, patience = 2 } },
}

local out = { question = {}, schedule = {}, auc = {}, low = {}, high = {}, epochs = {}, saved = {} }
for _, question in ipairs { { "churn", "Churn Label" }, { "value", "valuable" } } do
  local p = rows(question[2])
  for _, s in ipairs(schedules) do
    local m = p:train { net = lb.mlp { 64, 32, dropout = 0.2 }, epochs = opt.epochs, batch = 128, optimizer = lb.adam { learning_rate = 3e-3 },
                        schedule = s[2], early_stop = { metric = "valid.loss", patience = 10 }, seed = opt.seed, seeds = opt.seeds }
    local test, epochs = m:eval "test", 0
    for k = 1, opt.seeds do epochs = epochs + m.seeds[k].epochs / opt.seeds end
    local line = { question = question[1], schedule = s[1], auc = test.auc, low = test.low.auc, high = test.high.auc, epochs = epochs,
                   saved = ("%.0f %%"):format(100 * (1 - epochs / opt.epochs)) }
    for name, list in pairs(out) do list[#list + 1] = line[name] end
    print(("result %s.%s.auc %.4f"):format(question[1], s[1], test.auc))
    print(("result %s.%s.epochs %.1f"):format(question[1], s[1], epochs))
  end
end
print(lb.table(out):pick { "question", "schedule", "auc", "low", "high", "epochs", "saved" })
