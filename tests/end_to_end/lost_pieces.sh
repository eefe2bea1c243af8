# A trial, a fold or a student whose process is killed is run again, to the same result. Killed each time, a trial is no result: the
# others go on, the study says which it lost and ends with 1, and a resume runs it again.
awk 'BEGIN { srand(3); print "a,b,y"; for (i = 0; i < 300; i++) { a = rand(); b = rand(); print a "," b "," (a > b ? "yes" : "no") } }' >rows.csv
head_of='local lb = require "limbeck"
local p = lb.pipeline { source = lb.read("rows.csv"), target = "y", seed = 7 }:split {}:standardize { columns = "numeric" }
'
plan='epochs = 600, batch = 16, jobs = 1, checkpoint_every = 50'
echo "$head_of p:tune { net = lb.mlp { 16 }, trials = 3, $plan, space = { learning_rate = lb.real(0.001, 0.01, 'log') } }" >tune.lua
echo "$head_of p:cross_validate { net = lb.mlp { 16 }, folds = 3, $plan }" >folds.lua
echo "$head_of p:distill { teacher = p:train { net = lb.mlp { 8 }, epochs = 2 }, student = lb.mlp { 16 }, seeds = 1, $plan }" >lesson.lua

writer() {
    local inode
    inode=$(stat -c %i "$1/lock" 2>/dev/null) || return 0
    awk -v inode="$inode" '$2 == "FLOCK" && $4 == "WRITE" { split($6, part, ":"); if (part[3] == inode) print $5 }' /proc/locks
}
kill_piece() { # DIRECTORY: its process, once it trains
    local lines pid
    lines=$(grep -c '"e":"epoch"' "$1/events.jsonl" 2>/dev/null || true)
    for _ in $(seq 1000); do
        pid=$(writer "$1")
        if [ -n "$pid" ] && [ "$(grep -c '"e":"epoch"' "$1/events.jsonl" 2>/dev/null || true)" -gt "${lines:-0}" ]; then
            kill -9 "$pid" && return 0
        fi
        sleep 0.01
    done
    echo "nobody writes $1"
    return 1
}
digest() { (cd "$1" && find calls -name '*.safetensors' -o -name held.bin | sort | xargs sha256sum); }
result() { grep '"e":"end","n"' "$1/journal.jsonl" | sed 's/,"crc".*//'; }
begin() { # SCRIPT: sets run, pid
    rm -rf runs
    "$LIMBECK" run "$1" >out 2>&1 &
    pid=$!
    for _ in $(seq 500); do run=$(echo runs/*) && [ -d "$run/calls" ] && return 0; sleep 0.01; done
    return 1
}

for script in tune folds lesson; do
    rm -rf runs
    "$LIMBECK" run $script.lua >out 2>&1
    result runs/* >$script.result
    digest runs/* >$script.expected
    begin $script.lua
    case $script in
    tune) kill_piece "$run/calls/001-tune/trials/0002" ;;
    folds) kill_piece "$run/calls/001-crossval/folds/02" ;;
    lesson) kill_piece "$run/calls/002-distill/seeds/01/student" ;;
    esac
    wait $pid || { cat out; exit 1; }
    digest "$run" | diff - $script.expected
    grep -rq "killed (signal 9).*it is run again" --include=events.jsonl "$run"
done

begin tune.lua
for _ in 1 2 3; do kill_piece "$run/calls/001-tune/trials/0002"; done
code=0
wait $pid || code=$?
[ "$code" = 1 ] && grep -q "trial 2 was run 3 times and is lost" out || { echo "exit $code"; cat out; exit 1; }
[ -e "$run/calls/001-tune/trials/0003/result.json" ] && [ ! -e "$run/calls/001-tune/trials/0002/result.json" ]
! grep -q '"e":"end","n"' "$run/journal.jsonl"
"$LIMBECK" resume "$run" >out 2>&1
digest "$run" | diff - tune.expected
result "$run" | diff - tune.result
