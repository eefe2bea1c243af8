# Steps that a module defines: trained, saved, and the model predicts where the module is not; in a sandbox, within limits.
fail() { echo "$*"; cat out err 2>/dev/null; exit 1; }
run() { # CODE PATTERN ARGUMENTS...: exit code, and what it prints
    local code=0 wanted=$1 pattern=$2
    shift 2
    timeout 60 "$LIMBECK" "$@" >out 2>err </dev/null || code=$?
    [ "$code" = "$wanted" ] && grep -q -e "$pattern" out err || fail "$*: exit $code, expected $wanted and $pattern"
}
{ echo 'x,z,y'; for i in $(seq 60); do echo "$i,$((i * 7 % 13)),$((i % 3 > 0))"; done; } >rows.csv
mkdir away

cat >caps.lua <<'LUA'
local lb = require "limbeck"
lb.define.step {
  name = "cap_at", doc = "caps numbers at a share of the training rows",
  params = { share = { type = "real", default = 0.9, min = 0, max = 1 }, mark = true },
  fit = function(columns, params)
    local caps = {}
    for name, x in pairs(columns) do
      local sorted = table.pack(table.unpack(x, 1, x.n))
      table.sort(sorted)
      caps[name] = sorted[math.ceil(sorted.n * params.share)]
    end
    return caps
  end,
  apply = function(columns, params, caps)
    local out = {}
    for name, x in pairs(columns) do
      local capped, mark = { n = x.n }, { n = x.n }
      for i = 1, x.n do
        capped[i] = x[i] and math.min(x[i], caps[name])
        mark[i] = x[i] and x[i] > caps[name]
      end
      out[name], out[name .. "_capped"] = capped, params.mark and mark or nil
    end
    return out
  end,
}
LUA
cat >train.lua <<'LUA'
local lb = require "limbeck"
require "caps"
local p = lb.pipeline { source = lb.read "rows.csv", target = "y", target_type = "classes", seed = 1 }
  :split {} :cap_at { "x", share = 0.5 } :standardize { columns = "numeric" }
local m = p:train { net = lb.mlp { 4 }, epochs = 2 }
m:save "caps.safetensors"
m:predict("rows.csv"):save "away/expected.csv"
LUA
run 0 '' run train.lua
cmp caps.lua runs/*/modules/caps.lua || fail "the run holds no copy of the module"
mv caps.safetensors away
cd away
run 0 '^prediction' predict caps.safetensors ../rows.csv
cmp out expected.csv || fail "the model predicts something else than in the script"
cd ..
run 0 '' resume runs/*

# A model without the text of its module says so in one sentence; a damaged text is refused.
LC_ALL=C sed 's/"module\\"/"modulx\\"/g' away/caps.safetensors >lost.safetensors
LC_ALL=C sed 's/math\.min/math.max/g' away/caps.safetensors >other.safetensors
run 2 'no step "cap_at".*comes with its module, and none is here' predict lost.safetensors rows.csv
run 1 'caps.lua: its text is not the one that its sha256 names' predict other.safetensors rows.csv

# A metric that a module defines judges the model where the module is not.
cat >cost.lua <<'LUA'
require("limbeck").define.metric { name = "cost", better = "lower", takes = "positive", params = { missed = 5.0 },
  compute = function(truth, p, params) return ((1 - p:ge(0.5)) * truth * params.missed):mean() end }
LUA
cat >cost_train.lua <<'LUA'
local lb = require "limbeck"
require "cost"
local p = lb.pipeline { source = lb.read "rows.csv", target = "y", target_type = "classes", seed = 1 }:split {} :standardize {}
local m = p:train { net = lb.mlp { 4 }, epochs = 2, early_stop = lb.early_stop { metric = "valid.cost" } }
print(m:eval { on = lb.read "other.csv" }.cost)
m:save "away/cost.safetensors"
LUA
cat >away/judge.lua <<'LUA'
local lb = require "limbeck"
print(lb.load("cost.safetensors"):eval { on = lb.read "../other.csv" }.cost)
LUA
{ echo 'x,z,y'; for i in $(seq 200 240); do echo "$i.5,$((i * 5 % 13)),$((i % 3 > 0))"; done; } >other.csv
rm -rf runs
run 0 '^[0-9]' run cost_train.lua
cp out cost.out
ls runs/*/modules | grep -q cost.lua || fail "the run holds no copy of the metric"
printf '<wait:idle>\n5\n<wait:idle>\n<snap:train>\n' >keys
timeout 60 "$LIMBECK" --headless 100x30 --keys keys --snap snaps runs/* >out 2>err || fail "headless: $?"
grep -q 'valid.cost    *[01]' snaps/train.txt || { cat snaps/train.txt; fail "the watched metric is not among the figures"; }
cd away
run 0 '^[0-9]' run judge.lua
cmp out ../cost.out || fail "the metric is another where its module is not installed"
cd ..
run 0 '' resume runs/*

# A loss of a module: its gradient is checked from outside, and a run that it trains goes on where it was.
cat >losses.lua <<'LUA'
local loss = require("limbeck").define.loss
loss { name = "squares", takes = "values", pass = function(o, t) return (o - t) ^ 2, 2 * (o - t) end }
LUA
cat >wrong.lua <<'LUA'
require("limbeck").define.loss { name = "wrong", takes = "values", pass = function(o, t) return (o - t) ^ 2, o - t end }
LUA
cat >loss_train.lua <<'LUA'
local lb = require "limbeck"
require "losses"
lb.pipeline { source = lb.read "rows.csv", target = "z", target_type = "values", seed = 1 }:split {} :standardize {}
  :train { net = lb.mlp { 4 }, epochs = 2, loss = lb.squares {} }:save "squares.safetensors"
LUA
run 0 '^squares' check_gradients losses.lua
run 1 '^wrong .*FAILED' check_gradients losses.lua wrong.lua
rm -rf runs
run 0 '' run loss_train.lua
run 0 '' resume runs/*

# What a module reaches: nothing but its columns. Of three rows it loops for ever, pcall or not.
echo 'return "secret"' >secret.lua
cat >hostile.lua <<'LUA'
local lb = require "limbeck"
lb.define.step { name = "reach",
  apply = function(columns)
    for _, name in ipairs { "io", "os", "dofile", "loadfile", "package", "warn" } do
      if rawget(_G, name) then error("reaches " .. name) end
    end
    for _, name in ipairs { "secret", "io", "os", "package" } do
      if pcall(require, name) then error("requires " .. name) end
    end
    for _, name in ipairs { "read", "load", "table", "pipeline", "args" } do
      if pcall(function() return lb[name] end) then error("reaches lb." .. name) end
    end
    print "says something"
    if columns.x.n == 4 then string.find(("a"):rep(3e5), (".-"):rep(8) .. "b") end
    while columns.x.n == 3 do pcall(function() while true do end end) end
    return { reached = columns.x }
  end }
LUA
cat >hostile_train.lua <<'LUA'
local lb = require "limbeck"
require "hostile"
lb.pipeline { source = lb.read "rows.csv", target = "y", target_type = "classes", seed = 1 }
  :split {} :reach { "x" } :train { net = lb.mlp { 2 }, epochs = 1 } :save "hostile.safetensors"
LUA
rm -rf runs
run 0 '' run hostile_train.lua
run 0 '^prediction' predict hostile.safetensors rows.csv
! grep -q says out err || fail "a module printed"
head -4 rows.csv >three.csv
head -5 rows.csv >four.csv
run 1 'reach): hostile.lua: it took 1 seconds of processor time.*--script-seconds' --script-seconds=1 predict hostile.safetensors three.csv
run 1 'hostile.lua: it took 1 seconds of processor time.*could not be stopped' --script-seconds=1 predict hostile.safetensors four.csv
