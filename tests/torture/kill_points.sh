#!/usr/bin/env bash
# A worker of the fault build dies at its N-th I/O call, for every N (or every STEP-th); each time the run must resume to the model and
# the events of a run that was left alone. Then the same calls fail with ENOSPC and EIO, or write short, instead.
# make B=build/fault EXTRA=-DLIMBECK_FAULT && LIMBECK=build/fault/limbeck tests/torture/kill_points.sh
set -eu
LIMBECK=$(readlink -f "${LIMBECK:-build/fault/limbeck}")
place=$(mktemp -d -p /dev/shm limbeck-points.XXXXXX)
trap 'rm -rf "$place"' EXIT
cd "$place"
awk 'BEGIN { srand(3); print "a,b,y"; for (i = 0; i < 120; i++) { a = rand(); b = rand(); print a "," b "," (a > b ? "yes" : "no") } }' >rows.csv
cat >train.lua <<'LUA'
local lb = require "limbeck"
local p = lb.pipeline { source = lb.read("rows.csv"), target = "y", seed = 7 }:standardize { columns = "numeric" }
p:train { net = lb.mlp { 4 }, epochs = 4, batch = 32, optimizer = lb.adam { learning_rate = 1e-2 }, checkpoint_every = 3 }
LUA

new_run() {
    rm -rf run && mkdir -m 700 run run/control
    cp train.lua run/script.lua
    echo '{"format":1,"kind":"script","name":"points"}' >run/run.json
    echo "{\"arguments\":[],\"directory\":\"$place\",\"script\":\"train.lua\"}" >run/args.json
}

new_run
"$LIMBECK" worker run
cp run/calls/001-train/model.safetensors reference
tested=0 ended=0
for cause in ${CAUSES:-kill ENOSPC EIO short}; do
    for ((n = 1; n < 10000; n += ${STEP:-1})); do
        new_run
        code=0
        { LIMBECK_FAULT="io:$n:$cause" "$LIMBECK" worker run >log 2>&1 || code=$?; } 2>/dev/null
        tested=$((tested + 1))
        if [ "$code" = 0 ]; then
            ended=$((ended + 1))
            [ "$ended" -gt 60 ] && break # past the last call, or a call whose failure does not matter
        else
            ended=0
            [ "$cause" = kill ] || [ -s log ] || { echo "$cause at $n: exit $code without a message"; exit 1; }
        fi
        grep -q '"status":"done"' run/events.jsonl 2>/dev/null || "$LIMBECK" worker run >log 2>&1 || { cat log; echo "$cause at $n: no resume"; exit 1; }
        cmp -s run/calls/001-train/model.safetensors reference || { echo "$cause at $n: another model"; exit 1; }
        "$LIMBECK" verify run >log || { cat log; echo "$cause at $n: damaged"; exit 1; }
    done
done
echo "points $tested, lost 0, differing 0"
