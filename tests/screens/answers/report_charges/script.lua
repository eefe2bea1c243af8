#!/usr/bin/env -S limbeck run
-- limbeck document v1
local lb = require "limbeck"
local source = lb.read("sample_data/churn.csv")
local p = lb.pipeline { source = source, target = "monthly_charges", seed = 0 }
p = p:drop_duplicates {}
p = p:drop { columns = { "customer_id" } }
p = p:make_missing { columns = { "support_calls" }, values = { "99" } }
p = p:normalize_text { columns = { "internet_service" }, dashes = "keep" }
p = p:normalize_text { columns = { "contract" } }
p = p:split {}
p = p:fill_missing { columns = { "gender", "payment_method" }, strategy = "mode" }
p = p:fill_missing { columns = { "total_charges", "support_calls", "data_gb" } }
p = p:one_hot {}
p = p:standardize {}
p:train { net = lb.mlp { 6 }, epochs = 6, batch = 32 }
