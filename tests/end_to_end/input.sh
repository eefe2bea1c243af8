# A script's standard input and environment reach its worker, are recorded, and a resume is told the same. Control verbs.
fail() { echo "$*"; exit 1; }
cat >echo.lua <<'LUA'
print(os.getenv("FRUIT"), os.getenv("NOT_THERE"))
local first = io.read("l")
print(first)
for line in io.lines() do print("<" .. line .. ">") end
LUA
export FRUIT=pear
unset NOT_THERE
printf 'one\ntwo\nthree\n' | "$LIMBECK" run echo.lua >out 2>err
printf 'pear\tnil\none\n<two>\n<three>\n' | cmp - out
run=$(echo runs/*-echo-*)
printf 'one\ntwo\nthree\n' | cmp - "$run/input/stdin"
grep -q '"FRUIT": "pear"' "$run/environment.json"
grep -q '"NOT_THERE": null' "$run/environment.json"
[ "$(stat -c %a "$run/input/stdin" "$run/environment.json" | sort -u)" = 600 ]

# From a file, from nothing, and with --detach.
printf 'a,b\n1,2\n3,4\n' >rows.csv
echo 'print(#require("limbeck").read("-"))' >table.lua
[ "$("$LIMBECK" --quiet run table.lua <rows.csv)" = 2 ]
[ "$(cat rows.csv | "$LIMBECK" --quiet run table.lua)" = 2 ]
echo 'print(io.read("a") == "")' >none.lua
[ "$("$LIMBECK" --quiet run none.lua </dev/null)" = true ]
run=$("$LIMBECK" run --detach table.lua <rows.csv)
timeout 20 "$LIMBECK" watch --plain "$run" >/dev/null
[ "$(cat "$run/output.log")" = 2 ]

# Whoever never writes holds nothing up.
mkfifo never
exec 4<>never
echo 'print "done"' >reads_nothing.lua
[ "$(timeout 20 "$LIMBECK" --quiet run reads_nothing.lua <never)" = done ]

# A killed run reads again what it had read, and is told the same variables.
awk 'BEGIN { srand(3); print "a,b,y"; for (i = 0; i < 300; i++) { a = rand(); b = rand(); print a "," b "," (a > b ? "yes" : "no") } }' >train.csv
cat >learn.lua <<'LUA'
local lb = require "limbeck"
local t = lb.read("-")
local p = lb.pipeline { source = t, target = "y", seed = tonumber(os.getenv("SEED_OF_IT")) }:split {}
local m = p:train { net = lb.mlp { 16 }, epochs = 3000, batch = 16, name = os.getenv("FRUIT") }
print("behind", m)
LUA
export SEED_OF_IT=5
rm -rf runs
run=$("$LIMBECK" run --detach learn.lua <train.csv)
await() {
    for _ in $(seq 400); do
        grep -qs "$1" "$run"/calls/*/events.jsonl "$run/events.jsonl" && return 0
        sleep 0.05
    done
    fail "no event $1"
}
await '"e":"epoch"'
"$LIMBECK" checkpoint "$run" 2>err
grep -q 'was asked to save a checkpoint' err
await '"e":"control".*"verb":"checkpoint"'
"$LIMBECK" pause "$run" 2>err
await '"verb":"pause"'
"$LIMBECK" --quiet go "$run" 2>err
[ ! -s err ]
await '"verb":"resume"'
"$LIMBECK" stop "$run/calls/001-train" 2>err
timeout 20 "$LIMBECK" watch --plain "$run" >/dev/null || true
grep -q '"status":"stopped"' "$run/events.jsonl" || fail "a stop of the call did not end the script"
export SEED_OF_IT=6 FRUIT=plum
"$LIMBECK" resume "$run" >out 2>err </dev/null &
pid=$!
await '"e":"resume"'
sleep 0.3
kill -TERM $pid
code=0
wait $pid || code=$?
[ $code = 143 ] || [ $code = 0 ] || { cat err; fail "resume with another environment: exit $code"; }
! grep -q 'no longer does the same' err || fail "the script saw another environment"

# Requests to nothing.
for verb in stop pause go checkpoint; do
    code=0; "$LIMBECK" $verb 2>err || code=$?
    [ $code = 2 ] && grep -q 'which run' err || fail "$verb without a run: exit $code"
    code=0; "$LIMBECK" $verb nowhere 2>err || code=$?
    [ $code = 1 ] && grep -q 'nowhere is not a run directory' err || fail "$verb nowhere: exit $code"
    code=0; "$LIMBECK" $verb "$run" 2>err || code=$?
    [ $code = 1 ] && grep -q 'is not running' err || fail "$verb of a run that has ended: exit $code"
    "$LIMBECK" $verb --help | grep -q "limbeck $verb RUN"
    "$LIMBECK" help $verb >help
done
