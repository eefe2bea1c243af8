# On a full disk a run waits and all can see it; with room again it goes on to the weights of a run that was left alone. Train, a
# study, folds and a distillation, each filled and freed a few times. Logs that cannot be written cost nothing.
mkdir disk
if ! mount -t tmpfs -o size=4m,mode=700 tmpfs disk 2>/dev/null; then
    echo "skipped: needs a file system of its own (root, mount)"
    exit 77
fi
trap 'rm -f disk/filler; umount -l disk' EXIT
awk 'BEGIN { srand(3); print "a,b,y"; for (i = 0; i < 300; i++) { a = rand(); b = rand(); print a "," b "," (a > b ? "yes" : "no") } }' >rows.csv
head_of='local lb = require "limbeck"
local p = lb.pipeline { source = lb.read("../rows.csv"), target = "y", seed = 7 }:split {}:standardize { columns = "numeric" }
'
mkdir plain
plan='epochs = 250, batch = 16, checkpoint_every = 40'
echo "$head_of print(string.rep('x', 100))
p:train { net = lb.mlp { 32 }, $plan }" >train.lua
echo "$head_of p:tune { net = lb.mlp { 8 }, trials = 3, jobs = 2, $plan, space = { learning_rate = lb.real(0.001, 0.01, 'log') } }" >tune.lua
echo "$head_of p:cross_validate { net = lb.mlp { 16 }, folds = 3, jobs = 2, $plan }" >folds.lua
echo "$head_of p:distill { teacher = p:train { net = lb.mlp { 8 }, epochs = 2 }, student = lb.mlp { 4 }, seeds = 2, jobs = 2, $plan }" >lesson.lua

state() { "$LIMBECK" runs --json "$(dirname "$1")" | sed -n 's/.*"state": *"\([^"]*\)".*/\1/p' | head -n 1; }
await() { # RUN STATE
    for _ in $(seq 2000); do
        now=$(state "$1")
        case $now in "$2" | done | failed | lost) [ "$now" = "$2" ]; return ;; esac
        sleep 0.05
    done
    return 1
}
is_seen() { # RUN: a viewer that comes now is told
    : >seen
    "$LIMBECK" watch --plain "$1" >seen 2>&1 &
    for _ in $(seq 600); do grep -q "disk full, paused" seen && break; sleep 0.05; done
    kill $! && wait $! 2>/dev/null || true
    grep -q "disk full, paused" seen
}
begin() { # SCRIPT: a run that has met the full disk; one that ended before has met nothing
    for _ in $(seq 10); do
        rm -rf disk/runs
        run=disk/$(cd disk && "$LIMBECK" run --detach ../$1.lua)
        cat /dev/zero >disk/filler 2>/dev/null || true
        ! await "$run" "disk full" || return 0
        rm disk/filler
    done
    echo "$1: never met the full disk"
    return 1
}
digest() { (cd "$1" && find calls -name '*.safetensors' -o -name held.bin | sort | xargs sha256sum); }

for script in train tune folds lesson; do
    (cd plain && rm -rf runs && "$LIMBECK" run ../$script.lua >/dev/null 2>&1)
    digest plain/runs/* >expected
    begin $script
    for cycle in 1 2 3; do
        cat /dev/zero >disk/filler 2>/dev/null || true
        await "$run" "disk full" || break
        [ $cycle = 1 ] && is_seen "$run"
        rm disk/filler
        sleep 0.3
    done
    rm -f disk/filler
    await "$run" "done" || { echo "$script: $(state "$run")"; cat "$run/errors.log"; exit 1; }
    digest "$run" >now
    cmp expected now || { echo "$script: other weights"; diff expected now | head -n 4; exit 1; }
    grep -rq "the disk was full" --include=events.jsonl "$run"
    "$LIMBECK" verify "$run" >out || { cat out; exit 1; }
done

# A stop is heard while the run waits.
begin train
"$LIMBECK" stop "$run"
for _ in $(seq 2000); do [ "$(state "$run")" != "disk full" ] && break; sleep 0.05; done
[ "$(state "$run")" != "disk full" ]
