#!/usr/bin/env bash
# Every I/O call of a worker, of its trials, seeds and folds is a point where it can be hit: killed alone or with all processes of the
# run, told ENOSPC or EIO, made to write short. Whatever happens, a resume must bring the result, the models and the events of a run
# that was left alone. One line for each kind and cause:  KIND CAUSE points P ended E resumed R differing 0
# make build/fault/limbeck B=build/fault EXTRA=-DLIMBECK_FAULT && LIMBECK=build/fault/limbeck tests/torture/kill_points.sh
# KINDS, CAUSES, STEP (every STEP-th point), FROM choose a part.
set -u
LIMBECK=$(readlink -f "${LIMBECK:-build/fault/limbeck}")
place=$(mktemp -d -p "${SHM:-/dev/shm}" limbeck-points.XXXXXX) || exit 1
trap 'rm -rf "$place"' EXIT
cd "$place" || exit 1
awk 'BEGIN { srand(3); print "a,b,y"; for (i = 0; i < 120; i++) { a = rand(); b = rand(); print a "," b "," (a > b ? "yes" : "no") } }' >rows.csv
# Models are compared by their content and results without the time they took.
cat >head.lua <<'LUA'
local lb = require "limbeck"
local p = lb.pipeline { source = lb.read("rows.csv"), target = "y", seed = 7 }:standardize { columns = "numeric" }
LUA
script_of() {
    cat head.lua
    case $1 in
    train) echo 'p:train { net = lb.mlp { 4 }, epochs = 4, batch = 32, optimizer = lb.adam { learning_rate = 1e-2 }, checkpoint_every = 3 }' ;;
    tune) echo 'p:tune { net = lb.mlp { 4 }, epochs = 2, batch = 32, trials = 3, jobs = 1, checkpoint_every = 3, space = { width = lb.int(2, 8) } }' ;;
    distill) echo 'p:distill { teacher = p:train { net = lb.mlp { 8 }, epochs = 2, batch = 32 }, student = lb.mlp { 3 }, epochs = 2, batch = 32, seeds = 2, jobs = 1, checkpoint_every = 3 }' ;;
    folds) echo 'p:cross_validate { net = lb.mlp { 4 }, epochs = 2, batch = 32, folds = 3, jobs = 1, checkpoint_every = 3 }' ;;
    esac
}
new_run() {
    rm -rf run && mkdir -m 700 run run/control
    script_of "$1" >run/script.lua
    echo '{"format":1,"kind":"script","name":"points"}' >run/run.json
    echo "{\"arguments\":[],\"directory\":\"$place\",\"script\":\"train.lua\"}" >run/args.json
}
# What must be the same: every model and stored output, and every result without its seconds.
digest() {
    (cd run/calls && find . -name '*.safetensors' -o -name 'held.bin' -o -name 'result.json' | sort | while read -r f; do
        echo "$f $(grep -va '"seconds"' "$f" | sha256sum)"
    done)
    grep -h '"e":"end","n"' run/journal.jsonl | sed 's/"seconds":[^,}]*//g; s/,"crc".*//' | sha256sum
}
worker() { timeout -s KILL 60 setsid -w "$LIMBECK" worker run >log 2>&1; }

bad=0
for kind in ${KINDS:-train tune distill folds}; do
    new_run "$kind"
    LIMBECK_FAULT=count worker || { cat log; echo "$kind: does not run"; exit 1; }
    last=$(sed -n 's/^io calls \([0-9]*\).*/\1/p' log)
    digest >reference
    from=$(((${FROM:-1} - 1) % last + 1))
    for cause in ${CAUSES:-kill_all kill ENOSPC EIO short}; do
        points=0 ended=0 resumed=0 silent=0 differing=0
        for ((n = from; n <= last; n += ${STEP:-1})); do
            new_run "$kind"
            code=0
            { LIMBECK_FAULT="io:$n:$cause" worker || code=$?; } 2>/dev/null
            points=$((points + 1))
            if [ "$code" = 0 ]; then
                ended=$((ended + 1))
            else
                case $cause in kill*) ;; *) [ -s log ] || { silent=$((silent + 1)); echo "$kind $cause at $n: exit $code without a message"; } ;; esac
            fi
            if ! grep -q '"e":"end".*"status":"done"' run/events.jsonl 2>/dev/null; then
                resumed=$((resumed + 1))
                worker || { differing=$((differing + 1)); echo "$kind $cause at $n: no resume"; cat log; continue; }
            fi
            digest >now
            cmp -s now reference || { differing=$((differing + 1)); echo "$kind $cause at $n (exit $code): another result"; diff now reference | head -n 4; }
            "$LIMBECK" verify run >log 2>&1 || { differing=$((differing + 1)); echo "$kind $cause at $n: damaged"; head -n 3 log; }
        done
        echo "$kind $cause points $points ended $ended resumed $resumed silent $silent differing $differing"
        bad=$((bad + silent + differing))
    done
done
[ "$bad" = 0 ]
