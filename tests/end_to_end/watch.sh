# Two watchers, from the first moment and late, see the same lines, and these are the lines of the logs.
awk 'BEGIN { srand(3); print "a,b,y"; for (i = 0; i < 200; i++) { a = rand(); b = rand(); print a "," b "," (a > b ? "yes" : "no") } }' >rows.csv
cat >train.lua <<'LUA'
local lb = require "limbeck"
local p = lb.pipeline { source = lb.read("rows.csv"), target = "y", seed = 7 }:standardize { columns = "numeric" }
p:train { net = lb.mlp { 8 }, epochs = EPOCHS, batch = 16, optimizer = lb.adam { learning_rate = 1e-3 } }
print("trained")
LUA
sed 's/EPOCHS/40/' train.lua >short.lua
sed 's/EPOCHS/100000/' train.lua >long.lua

run=$("$LIMBECK" run --detach short.lua)
"$LIMBECK" watch --json "$run" >early &
early=$!
"$LIMBECK" watch --plain "$run" >plain
wait "$early"
"$LIMBECK" watch --json "$run" >late
sort early >a; sort late >b; sort "$run/events.jsonl" "$run"/calls/*/events.jsonl >c
cmp a b
cmp b c
tail -n 1 late | grep -q '"e":"end"'
[ "$(grep -c 'epoch .*valid.loss' plain)" = 40 ]
grep -qx trained "$run/output.log"
"$LIMBECK" runs --json | grep -q '"state": "done"'
"$LIMBECK" verify "$run" >verified
[ "$(grep -c '^ok' verified)" = 2 ]

# A changed byte in a log is seen, and named.
sed -i 's/"epochs":40/"epochs":41/' "$run"/calls/*/events.jsonl
code=0
"$LIMBECK" verify "$run" >verified || code=$?
[ "$code" = 1 ]
grep -q '^DAMAGED.*damaged line' verified

# A stop at the top reaches the open call; the worker ends by itself and both logs say so.
run=$("$LIMBECK" run --detach long.lua)
"$LIMBECK" watch --json "$run" | grep -m 1 '"e":"epoch"' >/dev/null
echo '{"verb":"stop"}' >"$run/control/new" && mv "$run/control/new" "$run/control/1-stop.json"
timeout 20 "$LIMBECK" watch --plain "$run" >plain
grep -q '^stopped' plain
grep -q 'calls/001-train  stopped after' plain
for log in "$run/events.jsonl" "$run/calls/001-train/events.jsonl"; do grep -q '"e":"control".*"verb":"stop"' "$log"; done
[ ! -e "$run/control/1-stop.json" ]

# A second writer is refused while one is alive; a run that is done has nothing to resume.
run=$("$LIMBECK" run --detach long.lua)
"$LIMBECK" watch --json "$run" | grep -m 1 '"e":"epoch"' >/dev/null
code=0
"$LIMBECK" resume "$run" 2>message || code=$?
[ "$code" = 1 ]
grep -q 'is running' message
echo '{"verb":"stop"}' >"$run/control/new" && mv "$run/control/new" "$run/control/1-stop.json"
timeout 20 "$LIMBECK" watch --plain "$run" >/dev/null

# What a file says does not reach the terminal as it is.
mkdir forged
printf '{"format":1,"kind":"x\\u001b]0;title\\u0007","name":"\\u009b31m"}' >forged/run.json
: >forged/events.jsonl
for verb in verify runs watch\ --plain; do
    "$LIMBECK" $verb $([ $verb = runs ] && echo . || echo forged) >out 2>&1 </dev/null || true
    ! grep -q "$(printf '\033')\|$(printf '\302\233')" out || { echo "$verb prints escapes of a file"; exit 1; }
done
