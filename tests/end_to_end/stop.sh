# Whoever stops a run gets 128 + signal, and no line of its script runs behind the call that was stopped, pcall or not. A resume
# goes on with that call.
awk 'BEGIN { srand(3); print "a,b,y"; for (i = 0; i < 300; i++) { a = rand(); b = rand(); print a "," b "," (a > b ? "yes" : "no") } }' >rows.csv
head_of='local lb = require "limbeck"
local p = lb.pipeline { source = lb.read("rows.csv"), target = "y", seed = 7 }:split {}:standardize { columns = "numeric" }
'
echo "$head_of"'local m = p:train { net = lb.mlp { 16 }, epochs = 100000, batch = 16 }
print "behind"
m:save "deploy.safetensors"' >train.lua
echo "$head_of"'pcall(function() p:train { net = lb.mlp { 16 }, epochs = 100000, batch = 16 } end)
print "behind"' >caught.lua
echo "$head_of"'for i = 1, 2 do coroutine.wrap(function() pcall(p.tune, p, { net = lb.mlp { 16 }, epochs = 20000, trials = 4, jobs = 2,
  space = { learning_rate = lb.real(0.001, 0.01, "log") } }) end)() end
print "behind"' >study.lua
echo "$head_of"'p:cross_validate { net = lb.mlp { 16 }, epochs = 20000, folds = 3, jobs = 2 }
print "behind"' >folds.lua
echo "$head_of"'local t = p:train { net = lb.mlp { 4 }, epochs = 1 }
p:distill { teacher = t, student = lb.mlp { 16 }, epochs = 20000, seeds = 2 }
print "behind"' >lesson.lua
echo 'while true do pcall(function() while true do end end) end' >spin.lua
echo 'xpcall(function() while true do end end, function() while true do end end)' >handler.lua
echo 'string.find(string.rep("a", 40) .. "b", string.rep("a?", 40) .. string.rep("a", 40) .. "c") print "behind"' >pattern.lua
echo "$head_of"'p:train { net = lb.mlp { 4 }, epochs = 3, on_epoch = function() while true do end end }
print "behind"' >callback.lua

await() { # PATTERN: until a log of the newest run has it
    for _ in $(seq 400); do
        grep -rqs --include=events.jsonl "$1" runs && return 0
        sleep 0.05
    done
    echo "no event $1"
    return 1
}
stop() { # SCRIPT SIGNAL CODE PATTERN
    rm -rf runs
    "$LIMBECK" run "$1" >out 2>&1 &
    pid=$!
    await "$4"
    [ "$4" = '"e":"start"' ] && sleep 0.3
    kill "-$2" $pid
    code=0
    wait $pid || code=$?
    [ "$code" = "$3" ] || { echo "$1: exit $code after SIG$2, expected $3"; cat out; exit 1; }
    ! grep behind out || { echo "$1: a line behind the stopped call ran"; exit 1; }
    grep -q '"e":"end".*"status":"stopped"' runs/*/events.jsonl || { echo "$1: not marked as stopped"; cat runs/*/events.jsonl; exit 1; }
}
for script in train caught study folds lesson; do
    pattern='"e":"epoch"'
    [ $script = lesson ] && pattern='"kind":"distill"\|"temperature"'
    stop $script.lua INT 130 "$pattern"
done
stop train.lua TERM 143 '"e":"epoch"'
[ ! -e deploy.safetensors ]
echo 'coroutine.wrap(function() local x <close> = setmetatable({}, { __close = function() while true do end end }) while true do end end)()' >close.lua
echo "$head_of"'p:train { net = lb.mlp { 4 }, epochs = 3, on_epoch = function() while true do pcall(string.rep, "", 1 << 60) xpcall(error, function() while true do end end) end end }
print "behind"' >handled.lua
for script in spin handler pattern callback close; do stop $script.lua INT 130 '"e":"start"'; done
stop pattern.lua TERM 143 '"e":"start"'

# So is one that a request stops.
for script in pattern handled; do
    rm -rf runs
    run=$("$LIMBECK" run --detach $script.lua)
    await '"e":"start"'
    "$LIMBECK" stop "$run" >/dev/null
    timeout 20 "$LIMBECK" watch --plain "$run" >/dev/null || [ $? != 124 ]
    grep -q '"e":"end".*"status":"stopped"' "$run/events.jsonl" || { echo "$script: a stop request does not stop it"; exit 1; }
done

# The worker itself may be the one that is told.
rm -rf runs
run=$("$LIMBECK" run --detach train.lua)
await '"e":"epoch"'
inode=$(stat -c %i "$run/lock")
kill -TERM "$(awk -v inode="$inode" '$2 == "FLOCK" && $4 == "WRITE" { split($6, part, ":"); if (part[3] == inode) print $5 }' /proc/locks)"
timeout 20 "$LIMBECK" watch --plain "$run" >/dev/null || true
grep -q '"status":"stopped","exit":143' "$run/events.jsonl"

# A stopped training is not over: a resume goes on from its step, to the same weights, and then the next line runs.
sed -i 's/100000/400/' train.lua
rm -rf runs
"$LIMBECK" run train.lua >/dev/null
mv deploy.safetensors expected.safetensors
rm -rf runs # its epochs are not those that are waited for
run=$("$LIMBECK" run --detach train.lua)
await '"e":"epoch"'
echo '{}' >"$run/control/1-stop.json"
timeout 20 "$LIMBECK" watch --plain "$run" >/dev/null || true
if ! grep -q behind "$run/output.log"; then
    [ ! -e deploy.safetensors ]
    [ -e "$run/calls/001-train/model.safetensors" ]
    grep -q '"status":"stopped","exit":130' "$run/events.jsonl"
    "$LIMBECK" resume "$run" >out 2>&1
    grep -q behind out
fi
cmp deploy.safetensors expected.safetensors

# A worker whose run was removed ends, and brings no file back.
sed -i 's/400,/100000,/' train.lua
rm -rf runs
run=$("$LIMBECK" run --detach train.lua)
await '"e":"epoch"'
inode=$(stat -c %i "$run/lock")
worker=$(awk -v inode="$inode" '$2 == "FLOCK" && $4 == "WRITE" { split($6, part, ":"); if (part[3] == inode) print $5 }' /proc/locks)
[ -n "$worker" ]
rm -rf "$run" || rm -rf "$run"
for _ in $(seq 100); do kill -0 "$worker" 2>/dev/null || break; sleep 0.05; done
! kill -0 "$worker" 2>/dev/null || { echo "the worker of a removed run goes on"; exit 1; }
[ ! -e "$run/manifest.json" ] || { echo "a removed run got a manifest"; exit 1; }

# A script without a run that waits for its input: what a signal interrupts is no end of file to go on behind.
mkfifo input
exec 9<>input
for reads in 'io.read()' 'io.read("a")' 'pcall(io.read, 5)' 'for _ in io.lines() do end' 'pcall(io.stdin:lines())' 'coroutine.wrap(io.read)()'; do
    printf 'print "reads"\n%s\nprint "behind"\n' "$reads" >reads.lua
    for signal in INT TERM; do
        "$LIMBECK" lua reads.lua <input >out 2>&1 &
        pid=$!
        for _ in $(seq 200); do ! grep -q reads out || break; sleep 0.02; done
        sleep 0.05
        kill -$signal $pid
        code=0
        wait $pid || code=$?
        [ "$code $signal" = "130 INT" -o "$code $signal" = "143 TERM" ] && ! grep behind out || { echo "$reads: exit $code after SIG$signal"; cat out; exit 1; }
    done
done
exec 9>&-
