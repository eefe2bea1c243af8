-- Ways to choose features. The seeded table and what stays are those of scikit-learn 1.2.1: Lasso, LogisticRegression with an L1 penalty (see
-- tests/unit/l1.c), and RFE(LinearRegression(), n_features_to_select = 4 and 1) on StandardScaler'd columns: support a, d, g, h, ranking
-- a, d, g, h before the others.
local lb = require "limbeck"
local two = "100111001111010111000101101100111111100011000000001000100001011011001000000111011001101111000000011110011000010000010111"
local names, columns, seed = { "a", "b", "c", "d", "e", "f", "g", "h" }, { y = {}, label = {} }, 7
local function round(x) return math.floor(x * 1e4 + 0.5) / 1e4 end
for _, name in ipairs(names) do columns[name] = {} end
for i = 1, #two do
  for _, name in ipairs(names) do
    seed = (seed * 1103515245 + 12345) & 0x7fffffff
    columns[name][i] = (seed >> 8) % 1000 / 1000
  end
  columns.f[i] = round((columns.a[i] + columns.f[i]) / 2)
  columns.y[i] = round(3 * columns.a[i] - 2 * columns.d[i] + 0.5 * columns.g[i] + 0.3 * columns.h[i])
  columns.label[i] = two:sub(i, i) == "1" and "yes" or "no"
end
local t = lb.table(columns)
local function left(target, options)
  local other = target == "y" and "label" or "y"
  local p = lb.pipeline { source = t, target = target, seed = 3 }:split { by = "random", train = 1, valid = 0, test = 0 }
  local kept = {}
  for _, name in ipairs(p:drop { columns = { other } }:select(options):table().columns) do kept[#kept + 1] = name ~= target and name or nil end
  return table.concat(kept, " ")
end
local function check(target, options, wanted)
  local is = left(target, options)
  assert(is == wanted, ("%s: %s stay, not %s"):format(options.by, is, wanted))
end
check("y", { by = "l1", penalty = 0.3 }, "a d")
check("y", { by = "l1", penalty = 0.1 }, "a d g")
check("y", { by = "l1" }, "a d g h")
check("y", { by = "l1", keep = 1 }, "a")
check("y", { by = "l1", keep = 3 }, "a d g")
check("label", { by = "l1", penalty = 0.1 }, "a")
check("label", { by = "l1", penalty = 0.03 }, "a d e g")
check("label", { by = "l1", penalty = 1 }, "")
-- Halves of the rows agree on what tells, and on little else; the strongest of few is found by either.
check("y", { by = "stability", penalty = 0.2, share = 0.9 }, "a d")
check("y", { by = "stability", penalty = 0.1, keep = 2 }, "a d")
check("y", { by = "mrmr", keep = 2 }, "a d")
assert(left("y", { by = "mutual_information", keep = 2 }) == "a f", "the copy of a comes before d where nobody asks what it shares")

-- Recursive elimination by nets: the same that stay as scikit-learn's, in its order.
local plan = { folds = 3, net = {}, epochs = 60, batch = 20, optimizer = lb.adam { learning_rate = 0.05 }, keep = 4, keep_by = "rfe" }
local whole = lb.pipeline { source = t, target = "y", seed = 3 }:split { by = "random", train = 0.6, valid = 0.4, test = 0 }
  :drop { columns = { "label" } }:standardize {}
local chosen = whole:select_features(plan)
local order = {}
for i = 1, 4 do order[i] = chosen.features[i].feature end
assert(table.concat(order, " ") == "a d g h" and chosen.by == "rfe" and #chosen.dropped == 4, tostring(chosen))
assert(#chosen.pipeline:table().columns == 5 and tostring(chosen):find("ranked by rfe", 1, true))
assert(math.abs(whole:cross_validate(plan).mean.rmse - chosen.curve[1].mean) < 1e-12, "its point is what cross_validate says")

-- A measure of the step: that step is what the pipeline gets, and what the folds were judged with.
plan.keep, plan.keep_by, plan.margin = nil, "l1", 0.1
whole = lb.pipeline { source = t, target = "label", seed = 3 }:split {}:drop { columns = { "y" } }:standardize {}
chosen = whole:select_features(plan)
plan.keep_by, plan.margin = nil, nil
assert(chosen.by == "l1" and chosen.keep < 8 and chosen.features[1].feature == "a", tostring(chosen))
local by_hand = whole:select { by = "l1", keep = chosen.keep }
for _, point in ipairs(chosen.curve) do
  if point.keep == chosen.keep then assert(math.abs(by_hand:cross_validate(plan).mean.auc - point.mean) < 1e-12) end
end
assert(table.concat(chosen.pipeline:table().columns, " ") == table.concat(by_hand:table().columns, " "))

-- Of noise nothing is chosen that judges well: eight of sixty columns, judged by rows that had no say. Chosen on all rows they reach 0.65.
local noise = { label = {} }
for k = 1, 60 do
  noise["x" .. k] = {}
  for i = 1, 240 do noise["x" .. k][i] = math.random() end
end
for i = 1, 240 do noise.label[i] = math.random() < 0.5 and "yes" or "no" end
local random = lb.pipeline { source = lb.table(noise), target = "label", positive = "yes", seed = 3 }:split {}:standardize {}
for _, by in ipairs { "l1", "mrmr" } do
  local figures = random:cross_validate { folds = 4, epochs = 8, batch = 16, net = {}, optimizer = lb.adam { learning_rate = 0.05 }, keep = 8, keep_by = by }
  assert(figures.pooled.auc < 0.58, by .. " " .. figures.pooled.auc)
end
local ok, message = pcall(random.cross_validate, random, { net = {}, keep = 8, keep_by = "lasso" })
assert(not ok and tostring(message):find 'lasso', tostring(message))
