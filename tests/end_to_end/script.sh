# Exit codes and messages of scripts as their caller sees them.
expect() { # CODE PATTERN COMMAND...
    code=$1 pattern=$2
    shift 2
    set +e
    "$@" >out 2>&1
    got=$?
    set -e
    [ "$got" = "$code" ] || { echo "$*: exit $got, expected $code"; cat out; exit 1; }
    [ -z "$pattern" ] || grep -q -- "$pattern" out || { echo "$*: no line with '$pattern':"; cat out; exit 1; }
}
echo 'print("hello", ...) return false' >no.lua
expect 1 hello "$LIMBECK" run no.lua
echo 'os.exit(7)' >seven.lua
expect 7 '' "$LIMBECK" run seven.lua
printf 'local x = 1\nlocal y = x + nothing\n' >bad.lua
expect 1 'bad.lua:2: "nothing" is not set' "$LIMBECK" run bad.lua
printf 'local o = require("limbeck").args { data = "a", n = 3 }\nprint(o.data .. o.n)\n' >args.lua
expect 0 b4 "$LIMBECK" run args.lua --data=b --n=4
expect 0 '--data ' "$LIMBECK" run args.lua --help
expect 2 'did you mean --data' "$LIMBECK" run args.lua --dta=b
expect 0 a3 "$LIMBECK" run - <args.lua
expect 1 'no_such.lua' "$LIMBECK" run no_such.lua
expect 2 'which script' "$LIMBECK" run
printf 'print(require("limbeck").args { seed = 1 }.seed)\n' >seed.lua
expect 0 '^9$' "$LIMBECK" --seed 9 run seed.lua
mkdir -p lib && echo 'return { word = "from a module" }' >lib/own.lua
echo 'print(require("lib.own").word)' >uses.lua
expect 0 'from a module' "$LIMBECK" run uses.lua
expect 0 '^2$' "$LIMBECK" lua -e 'print(1 + 1)'
echo 'print(...)' >words.lua
expect 0 'one.two' "$LIMBECK" lua words.lua one two
expect 0 '^5$' "$LIMBECK" lua - <<<'print(2 + 3)'
expect 1 'stdin:1: broken' "$LIMBECK" lua - <<<'error "broken"'
"$LIMBECK" stubs | cmp - "$ROOT/lua/meta/limbeck.d.lua" || { echo "stubs differ: $LIMBECK stubs > lua/meta/limbeck.d.lua"; exit 1; }

# What the program decides about the data is said once, whichever calls come upon it, and by none of them with --quiet.
{ echo y,x,z; for i in $(seq 120); do echo "$((i * 7 % 3 ? 1 : 0)),$i,$((i * 13 % 17))"; done; echo 1,2; } >notes.csv
cat >notes.lua <<'LUA'
local lb = require "limbeck"
return lb.pipeline { source = lb.read "notes.csv", target = "y", seed = 2 }:split {}:standardize {}
LUA
cat >tune.lua <<'LUA'
local lb = require "limbeck"
require "notes":tune { net = lb.mlp { 2 }, trials = 2, epochs = 1, space = { learning_rate = { 0.1, 0.01 } } }
LUA
cat >chain.lua <<'LUA'
local lb = require "limbeck"
local p, net = require "notes", lb.mlp { 2 }
local m = p:train { net = net, epochs = 1 }
p:distill { teacher = m, student = net, seeds = 2, epochs = 1 }
p:cross_validate { net = net, epochs = 1, folds = 2 }
LUA
for script in tune chain; do
    "$LIMBECK" run $script.lua </dev/null 2>said.txt >/dev/null
    [ "$(grep -c 'note: positive class is 0, the rarer one of y' said.txt)" = 1 ] && [ "$(grep -c 'note: 1 row could not be read' said.txt)" = 1 ] || { cat said.txt; exit 1; }
    "$LIMBECK" --quiet run $script.lua </dev/null 2>said.txt >/dev/null
    [ ! -s said.txt ] || { cat said.txt; exit 1; }
done
