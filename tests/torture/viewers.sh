#!/usr/bin/env bash
# Sixteen viewers follow one run while screens on it are killed by every signal there is (DEATHS of them) and its worker is killed and
# resumed. The run comes to the weights of one that was left alone, and every viewer has seen its end.
set -u
RANDOM=$((${SEED:-1} % 32768))
awk 'BEGIN { srand(3); print "a,b,y"; for (i = 0; i < 400; i++) { a = rand(); b = rand(); print a "," b "," (a > b ? "yes" : "no") } }' >rows.csv
cat >script.lua <<'LUA'
local lb = require "limbeck"
local p = lb.pipeline { source = lb.read("rows.csv"), target = "y", seed = 7 }:split {}:standardize { columns = "numeric" }
p:train { net = lb.mlp { 16 }, epochs = 400, batch = 16, checkpoint_every = 50, on_epoch = function() local t = os.clock() while os.clock() - t < 0.005 do end end }
LUA
"$LIMBECK" run --runs=reference script.lua >log 2>&1 || { cat log; exit 1; }
deaths=0
while [ "$deaths" -lt "$DEATHS" ]; do
    run=$("$LIMBECK" run --detach script.lua)
    viewers=()
    for i in $(seq 16); do
        "$LIMBECK" watch --plain "$run" >"seen.$i" 2>&1 &
        viewers+=($!)
    done
    while ! grep -qs '"e":"end"' "$run/events.jsonl" && [ "$deaths" -lt "$DEATHS" ]; do
        signals=(KILL SEGV HUP TERM QUIT USR1 ALRM ABRT INT)
        if command -v script >/dev/null; then
            how="timeout --foreground -k 1 -s ${signals[$((RANDOM % ${#signals[@]}))]} 0.$((RANDOM % 3 + 1))"
            TERM=xterm timeout -k 1 5 script -qfc "$how $LIMBECK watch $run" /dev/null >/dev/null 2>&1 </dev/null
        fi
        deaths=$((deaths + 1))
    done
    if [ $((RANDOM % 2)) = 0 ] && ! grep -qs '"e":"end"' "$run/events.jsonl"; then
        kill -9 "$(awk -v inode="$(stat -c %i "$run/lock")" '$2 == "FLOCK" && $4 == "WRITE" { split($6, part, ":"); if (part[3] == inode) print $5 }' /proc/locks)" 2>/dev/null
        sleep 0.2
        "$LIMBECK" resume --detach "$run" >log 2>&1
    fi
    for pid in "${viewers[@]}"; do wait "$pid" || { echo "a viewer ended with $?"; exit 1; }; done
    for i in $(seq 16); do tail -n 1 "seen.$i" | grep -q "^done" || { echo "viewer $i has not seen the end:"; tail -n 2 "seen.$i"; exit 1; }; done
    cmp "$run/calls/001-train/model.safetensors" reference/*/calls/001-train/model.safetensors || exit 1
    rm -rf "$run"
done
