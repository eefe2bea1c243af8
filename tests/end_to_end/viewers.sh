# Many watch one run: sixteen who join at any time get its log to the byte, over a kill and a resume; all see a pause, and who may only look
# changes nothing.
fail() { echo "$*"; exit 1; }
trap '[ -z "${run:-}" ] || "$LIMBECK" stop "$run" 2>/dev/null || true; kill $(jobs -p) 2>/dev/null || true' EXIT
awk 'BEGIN { srand(3); print "a,b,y"; for (i = 0; i < 200; i++) { a = rand(); b = rand(); print a "," b "," (a > b ? "yes" : "no") } }' >rows.csv
cat >fit.lua <<'LUA'
local lb = require "limbeck"
local opt = lb.args { epochs = 100000 }
local p = lb.pipeline { source = lb.read("rows.csv"), target = "y", seed = 7 } :standardize { columns = "numeric" }
p:train { net = lb.mlp { 4 }, epochs = opt.epochs, batch = 100 }
LUA
seen() { timeout 60 "$LIMBECK" watch --json "$1" | grep -m 1 "$2" >/dev/null || fail "no $2 in $1"; }
said() { for i in $(seq 400); do ! grep -q "$1" "$2" || return 0; sleep 0.05; done; fail "$2 does not say $1: $(tail -n 3 "$2")"; }

run=$("$LIMBECK" run --detach fit.lua --epochs=1500)
call=$run/calls/001-train
seen "$run" '"e":"epoch"'
viewers=
for i in $(seq 16); do
    ("$LIMBECK" watch --json "$call" >seen.$i) &
    viewers="$viewers $!"
    [ $((i % 6)) != 0 ] || sleep 0.1
done
wait $viewers || fail "a watcher ended with $?"
for i in $(seq 16); do cmp seen.$i "$call/events.jsonl" || fail "watcher $i saw something else"; done

# Killed and resumed: those who stay see both lives, each line once.
run=$("$LIMBECK" run --detach fit.lua)
call=$run/calls/001-train
seen "$run" '"e":"epoch"'
viewers=
for i in 1 2 3 4; do
    ("$LIMBECK" watch --json "$call" >seen.$i) &
    viewers="$viewers $!"
done
"$LIMBECK" watch --plain "$run" >plain.1 &
first=$!
"$LIMBECK" --read-only watch --plain "$run" >plain.2 &
second=$!
for seen in plain.1 plain.2; do said 'epoch 2/' $seen; done
for i in 1 2 3 4; do said '"epoch":2,' seen.$i; done
worker=$(pgrep -f "worker .*$(basename "$run")")
kill -9 $worker
for _ in $(seq 400); do kill -0 $worker 2>/dev/null || break; sleep 0.05; done
"$LIMBECK" resume --detach "$run" || fail "not resumed"
"$LIMBECK" pause "$run" 2>/dev/null
said 'paused' plain.1
said 'paused' plain.2
said '"verb":"pause"' seen.4
"$LIMBECK" runs --json | grep -q '"state": "paused"' || fail "the list knows of no pause"
for verb in stop go pause checkpoint "label --name=x"; do
    code=0
    "$LIMBECK" --read-only $verb "$run" 2>message || code=$?
    [ $code != 0 ] && grep -q 'read-only' message || fail "--read-only $verb: exit $code, $(cat message)"
done
[ -z "$(ls "$run/control" | grep json || true)" ] || fail "one who only looks has asked for something"
"$LIMBECK" stop "$run" 2>/dev/null
wait $viewers $first $second || fail "a watcher ended with $?"
grep -a '"crc":"[0-9a-f]\{8\}"}$' "$call/events.jsonl" >whole
for i in 1 2 3 4; do cmp seen.$i whole || fail "watcher $i saw something else after the resume"; done
code=0
"$LIMBECK" --read-only resume "$run" 2>message || code=$?
[ $code != 0 ] && grep -q 'read-only' message || fail "--read-only resume: exit $code, $(cat message)"
