# A line break in a name (of a table, a script, a model, a run, an option) begins no line of its own, in no message and no list.
fail() { echo "$*"; exit 1; }
name=$'x\nFORGED\r\nFORGED\tcsv'
tried=0
# said WORD...: neither stdout nor stderr has a line that the name made.
said() {
    tried=$((tried + 1))
    timeout 30 "$LIMBECK" "$@" >out 2>err </dev/null || true
    [ -s out ] || [ -s err ] || fail "limbeck $1 says nothing"
    ! grep -aq '^ *FORGED' out err || fail "limbeck $1: $(grep -ah -B1 '^ *FORGED' out err)"
    [ "$(grep -c '^limbeck: [^r]' err)" -le 1 ] || fail "limbeck $1: $(cat err)"
}

awk 'BEGIN { srand(3); print "a,b,y"; for (i = 0; i < 90; i++) { a = rand(); b = rand(); print a "," b "," (a > b ? "yes" : "no") } }' >"$name.csv"
printf 'Report\n\na,b\n1,2,3\n=1,2\n' >"odd$name.csv"
cat >"$name.lua" <<'LUA'
local lb = require "limbeck"
local n = "x\nFORGED\r\nFORGED\tcsv"
local p = lb.pipeline { source = lb.read(n .. ".csv"), target = "y", seed = 1 }:split {}:standardize { columns = "numeric" }
p:train { net = lb.mlp { 2 }, epochs = 1 }:save(n .. ".safetensors")
LUA
printf 'local function f() error("a\\nFORGED") end\nlocal function g() f() end\ng()\n' >raises.lua
printf 'require("limbeck").read("absent\\nFORGED.csv")\n' >reads.lua
printf 'x = = 1' >"syntax$name.lua"
said run "$name.lua"
[ -s "$name.safetensors" ] || fail "no model was saved: $(cat err)"
for where in absent "no$name/" ""; do
    said profile "$where$name.csv"
    said profile "$where$name.csv" --target "y$name"
    said convert "$where$name.csv" -o "absent$name/out.csv"
    said predict "$where$name.safetensors" "$name.csv"
    said predict "$name.safetensors" "$where$name.csv"
    said predict "$name.safetensors" "odd$name.csv"
    said compare "$where$name.safetensors"
    said run "$where$name.lua"
    said lua "$where$name.lua" "--$name"
    said --headless 80x24 --keys "$where$name.keys" "$name.csv"
    said theme check "$where$name"
done
said convert "odd$name.csv" -o "odd$name.out.csv"
said convert "$name.csv" -o "$name.what"
said run "syntax$name.lua"
said lua "syntax$name.lua"
said run raises.lua
grep -q '^stack traceback:$' err && grep -q '^    raises.lua:2: in ' err || fail "the levels of a script are gone: $(cat err)"
said lua raises.lua
said run reads.lua
said "$name"
said help "$name"
said "--$name"
said --theme "$name" runs
said --runs "$name" run "$name.lua"
said run "--runs=$name" "$name.lua"
said run "--runs=$name" --detach "$name.lua"
said runs "$name"
for run in "$name"/*-x* "absent$name"; do
    for verb in verify resume stop pause go checkpoint; do said $verb "$run"; done
    said watch --plain "$run"
done
[ "$tried" -ge 60 ] || fail "only $tried were tried"
