#!/usr/bin/env bash
# One allocation fails, or all from there on, at points sampled over whole lives of the program: opening, profiling, converting, training,
# the screen, Lua, prediction and checking. Each life ends with what it would have done anyway, or with one message and exit code 1: never by a signal, never in silence.
# make B=build/fault EXTRA=-DLIMBECK_FAULT && POINTS=2000 tests/torture/allocations.sh [SCENE...]; POINTS a scene, SEED moves them.
set -u
LIMBECK=$(readlink -f "${LIMBECK:-build/fault/limbeck}")
POINTS=${POINTS:-200} SEED=${SEED:-1}
place=$(mktemp -d -p /dev/shm limbeck-allocations.XXXXXX)
trap 'rm -rf "$place"' EXIT
cd "$place" || exit 1
export OPENBLAS_NUM_THREADS=1 HOME=$place XDG_STATE_HOME=$place/state XDG_CONFIG_HOME=$place/config
awk 'BEGIN { srand(3); print "a,b,t,y"
    for (i = 0; i < 90; i++) { a = rand(); b = rand(); print a "," b "," (i % 3 ? "p" : "q r") "," (a > b ? "yes" : "no") } }' >rows.csv
cat >train.lua <<'LUA'
local lb = require "limbeck"
local p = lb.pipeline { source = lb.read("rows.csv"), target = "y", seed = 7 }
  :fill_missing { columns = "numeric" }:one_hot { columns = "text" }:standardize { columns = "numeric" }
local m = p:train { net = lb.mlp { 4 }, epochs = 2, batch = 32, on_epoch = function(e) return nil end }
m:save "saved.safetensors"
print(m)
LUA
cat >script.lua <<'LUA'
local lb = require "limbeck"
local t = lb.read("rows.csv")
local parts = {}
for k, v in pairs { a = 1, b = { 2, 3 }, c = "x" } do parts[#parts + 1] = k .. tostring(type(v)) end
print(table.concat(parts, " "), ("x"):rep(1000):len(), string.format("%q", "a\nb"))
print(t:filter { where = "a > 0.5" }:derive { name = "z", as = "a * b" })
print((pcall(error, { 1 })))
LUA
printf '%s\n' '<wait:idle>' '?' '<Escape>' F '<Escape>' 2 '<wait:idle>' 3 '<wait:idle>' 1 : '<Escape>' '<Space>' '<Escape>' a '<wait:idle>' '<Down>' '<Enter>' \
    '<wait:idle>' '<Enter>' '<wait:idle>' '<Escape>' 4 '<wait:idle>' 5 6 7 8 9 '<wait:idle>' u '<wait:idle>' '<snap:end>' >all.keys

new_run() {
    rm -rf run && mkdir -m 700 run run/control
    cp train.lua run/script.lua
    echo '{"format":1,"kind":"script","name":"points"}' >run/run.json
    echo "{\"arguments\":[],\"directory\":\"$place\",\"script\":\"train.lua\"}" >run/args.json
}
scene_open() { "$LIMBECK" convert rows.csv -o -; }
scene_profile() { "$LIMBECK" profile rows.csv; }
scene_train() { new_run; "$LIMBECK" worker run; }
scene_screen() { rm -rf snaps state; mkdir snaps; "$LIMBECK" --headless 100x30 --keys all.keys --snap snaps rows.csv; }
scene_json() { "$LIMBECK" convert rows.csv -o rows.jsonl && "$LIMBECK" convert rows.jsonl -o - && "$LIMBECK" profile --json rows.jsonl; }
scene_verify() { "$LIMBECK" verify kept && "$LIMBECK" compare model.safetensors; }
scene_lua() { "$LIMBECK" lua script.lua; }
scene_run() { rm -rf runs; "$LIMBECK" -q run train.lua; }
scene_predict() { "$LIMBECK" predict model.safetensors rows.csv; }

# once SCENE POINT: out, err and code of one life
once() {
    code=0
    { LIMBECK_FAULT=$2 timeout 60 bash -c "$(declare -f new_run "scene_$1"); LIMBECK='$LIMBECK' place='$place' scene_$1" >out 2>err || code=$?; } 2>/dev/null
}

# The last allocation: from the next one on all may fail and nothing is different.
count_allocations() {
    local low=1 high=1000000 middle
    while [ $low -lt $high ]; do
        middle=$(((low + high) / 2))
        once "$1" "alloc:$middle+"
        if [ "$code" = 0 ]; then high=$middle; else low=$((middle + 1)); fi
    done
    echo "$low"
}

judge() {
    local bad=
    case $code in
    0) cmp -s out "reference.$1" || bad="exit 0 with another output: $(diff out "reference.$1" | sed -n 2p)" ;;
    1)
        grep -v '^note: ' err >message # what the program did by itself is no message of a failure
        [ "$(grep -c '' message)" = 1 ] && grep -q '^limbeck: ' message || bad="exit 1 with $(grep -c '' message) lines of message"
        ;;
    124) bad="did not end" ;;
    *) bad="exit $code" ;;
    esac
    [ -z "$bad" ] && return
    faults=$((faults + 1))
    [ $faults -gt 20 ] || echo "$1 $2: $bad: $(head -c 160 err | tr '\n' '|')"
}

once train alloc:0 && [ "$code" = 0 ] && cp saved.safetensors model.safetensors && cp -r run kept || { cat err; exit 1; }
total=0 faults=0
[ $# -gt 0 ] || set -- open profile json train run screen lua predict verify
for scene in "$@"; do
    once "$scene" alloc:0
    [ "$code" = 0 ] || { echo "$scene: exit $code when left alone"; cat err; exit 1; }
    cp out "reference.$scene"
    last=$(count_allocations "$scene") tested=0
    for ((i = 0; i < POINTS && i < 2 * last; i++)); do
        n=$((1 + (POINTS < 2 * last ? (i * 2 * last / POINTS + SEED * 7919) : i) % (2 * last)))
        [ $n -gt "$last" ] && point="alloc:$((n - last))+" || point="alloc:$n"
        once "$scene" "$point"
        judge "$scene" "$point"
        tested=$((tested + 1))
    done
    echo "$scene: $last allocations, $tested points"
    total=$((total + tested))
done
echo "allocation failures $total, crashes and silent ends $faults"
[ $faults = 0 ]
