#!/usr/bin/env -S limbeck run
-- What is regularization worth on the public Telco table (--data=Telco-Customer-Churn.csv), on rows as they are and on rows with noise in
-- every input? The same net, seeds and rows without it and with L1, L2, both, dropout, batch norm and all of them; then the variant that
-- the validation part likes best under noise, against none, on the test part.
local lb  = require "limbeck"
local opt = lb.args { data = "sample_data/churn.csv", epochs = 40, seed = 7, seeds = 5, draws = 5 }

local p = lb.pipeline { source = lb.read(opt.data), target = "churn", positive = "Yes", seed = opt.seed }
  :snake_case      {}
  :drop_duplicates {}
  :normalize_text  { columns = { "text", "!customer_id" } }
  :split           { by = "stratified", train = 0.70, valid = 0.15, test = 0.15 }
  :drop            { columns = { "customer_id" } }
  :fill_missing    { columns = { "all" }, strategy = "median" }
  :one_hot         { columns = { "text" } }
  :standardize     { columns = { "numeric" } }

local bench = p:regularize { net = lb.mlp { 64, 64 }, epochs = opt.epochs, batch = 128, optimizer = lb.adam { learning_rate = 1e-3 },
                             seeds = opt.seeds, draws = opt.draws }
print(bench)
local noise, best = bench.judged_noise, nil
for _, one in ipairs(bench.variants) do
  for _, point in ipairs(one.curve) do
    local name = point.noise == 0 and "clean" or point.noise == noise and "noisy"
    if name then print(("result %s.%s %.4f"):format(one.variant, name, point.mean)) end
    if name and point.gain then print(("result %s.%s.low %.4f"):format(one.variant, name, point.gain.low)) end
    if name == "noisy" and (not best or point.mean > best.mean) then best = { mean = point.mean, of = one } end
  end
  print(("result %s.gap %.4f"):format(one.variant, one.gap))
  print(("result %s.zeros %.4f"):format(one.variant, one.zeros / one.weights))
end

-- That variant on rows that had no say in the choice.
local function train(one)
  one.plan.seeds = opt.seeds
  return p:train(one.plan)
end
local plain = bench.variants[1]
if best.of ~= plain then
  local test = lb.compare { models = { none = train(plain), [best.of.variant] = train(best.of) }, on = "test", against = "none" }
  print(test)
  print(("result test.gain.low %.4f"):format(test.differences[best.of.variant].low))
end
