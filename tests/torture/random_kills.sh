#!/usr/bin/env bash
# A study, a distillation or folds (KIND) with two processes at a time: KILLS times at a random moment either the worker or one of the
# processes below it is killed with SIGKILL. Then what is left is resumed until it has ended, and must be what a run that was left alone is.
set -u
RANDOM=$((${SEED:-1} % 32768))
awk 'BEGIN { srand(3); print "a,b,y"; for (i = 0; i < 200; i++) { a = rand(); b = rand(); print a "," b "," (a > b ? "yes" : "no") } }' >rows.csv
plan='epochs = 40, batch = 16, jobs = 2, checkpoint_every = 20'
{
    echo 'local lb = require "limbeck"'
    echo 'local p = lb.pipeline { source = lb.read("rows.csv"), target = "y", seed = 7 }:split {}:standardize { columns = "numeric" }'
    case $KIND in
    tune) echo "p:tune { net = lb.mlp { 8 }, trials = 4, $plan, space = { learning_rate = lb.real(0.001, 0.01, 'log') } }" ;;
    folds) echo "p:cross_validate { net = lb.mlp { 8 }, folds = 4, $plan }" ;;
    distill) echo "p:distill { teacher = p:train { net = lb.mlp { 8 }, epochs = 2 }, student = lb.mlp { 8 }, seeds = 2, $plan }" ;;
    esac
} >script.lua
writers() { # of the run and of all below it
    local lock
    for lock in $(find "$1" -name lock); do
        awk -v inode="$(stat -c %i "$lock")" '$2 == "FLOCK" && $4 == "WRITE" { split($6, part, ":"); if (part[3] == inode) print $5 }' /proc/locks
    done | sort -un
}
digest() { (cd "$1" && find calls -name '*.safetensors' -o -name held.bin | sort | xargs sha256sum; grep -h '"e":"end","n"' journal.jsonl | sed 's/"seconds":[^,}]*//g; s/,"crc".*//'); }

"$LIMBECK" run --runs=reference script.lua >log 2>&1 || { cat log; exit 1; }
digest reference/* >expected
done_kills=0
while [ "$done_kills" -lt "$KILLS" ]; do
    run=$("$LIMBECK" run --detach script.lua)
    for life in 1 2 3; do
        sleep "0.$((RANDOM % 3))$((RANDOM % 10))"
        mapfile -t pids < <(writers "$run")
        [ "${#pids[@]}" -gt 0 ] || break
        kill -9 "${pids[$((RANDOM % ${#pids[@]}))]}" 2>/dev/null && done_kills=$((done_kills + 1))
    done
    for try in 1 2 3 4; do
        timeout 60 "$LIMBECK" watch --plain "$run" >log 2>&1
        grep -q '"e":"end".*"status":"done"' "$run/events.jsonl" && break
        timeout 60 "$LIMBECK" resume "$run" >log 2>&1
    done
    digest "$run" >now
    cmp -s now expected || { echo "another result"; diff now expected | head -n 4; cat log; exit 1; }
    "$LIMBECK" verify "$run" >log || { cat log; exit 1; }
    rm -rf "$run"
done
