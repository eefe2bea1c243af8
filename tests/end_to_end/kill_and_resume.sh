# A training is killed with SIGKILL at 50 random moments and resumed; weights and events must be those of a run that was left alone.
# SEED= repeats a run of this test, KILLS= makes it longer.
RANDOM="${SEED:-20261123}"
kills="${KILLS:-50}"
place="$WORK"
if [ -w /dev/shm ]; then
    place=$(mktemp -d -p /dev/shm limbeck-kill.XXXXXX)
    trap 'rm -rf "$place"' EXIT
fi
cd "$place"

awk 'BEGIN {
    srand(7); print "id,a,b,kind,y"
    for (i = 1; i <= 240; i++) {
        a = rand() - 0.5; b = rand() - 0.5; k = substr("xyz", int(rand() * 3) + 1, 1)
        printf "%d,%.4f,%.4f,%s,%s\n", i, a, b, k, (a * b + 0.1 * (k == "x") + 0.1 * (rand() - 0.5) > 0.02 ? "yes" : "no")
    }
}' >rows.csv
cat >train.lua <<'LUA'
local lb = require "limbeck"
local p = lb.pipeline { source = lb.read("rows.csv"), target = "y", positive = "yes", seed = 7 }
  :split { by = "stratified", train = 0.70, valid = 0.15, test = 0.15 }
  :drop { columns = { "id" } }
  :one_hot { columns = "text" }
  :standardize { columns = "numeric" }
p:train { net = lb.mlp { 6, dropout = 0.2 }, epochs = 300, batch = 32, optimizer = lb.adam { learning_rate = 1e-2 }, checkpoint_every = 7,
          early_stop = { metric = "valid.auc", patience = 1000, restore_best = true }, schedule = lb.cosine {} }
LUA

# The events that count, without what may differ: written anew here, not the program's own reader.
events() {
    awk '
    !/,"crc":"[0-9a-f]+"}$/ { next }
    {
        match($0, /"e":"[a-z]+"/); e = substr($0, RSTART + 5, RLENGTH - 6)
        match($0, /"step":[0-9]+/); step = substr($0, RSTART + 7, RLENGTH - 7) + 0
        gsub(/,"(g|seconds|elapsed|rate|cpu|memory)":[-+.e0-9]+|,"(t|crc)":"[^"]*"/, "")
        sub(/"g":[0-9]+,/, "")
    }
    e == "resume" {
        kept = 0
        for (i = 1; i <= n; i++)
            if (steps[i] <= step && kinds[i] != "end" && !(step == 0 && kinds[i] == "start")) {
                kept++; lines[kept] = lines[i]; steps[kept] = steps[i]; kinds[kept] = kinds[i]
            }
        n = kept
        next
    }
    { n++; lines[n] = $0; steps[n] = step; kinds[n] = e }
    END { for (i = 1; i <= n; i++) print lines[i] }' "$1"
}

# The process that holds the lock of a run, by what the kernel says.
writer() {
    local inode
    inode=$(stat -c %i "$1/lock" 2>/dev/null) || return 0
    awk -v inode="$inode" '$2 == "FLOCK" && $4 == "WRITE" { split($6, part, ":"); if (part[3] == inode) print $5 }' /proc/locks
}

await_writer() {
    local pid="" tries=0
    while [ -z "$pid" ] && [ $tries -lt 200 ] && ! grep -q '"e":"end"' "$1/events.jsonl" 2>/dev/null; do
        pid=$(writer "$1")
        tries=$((tries + 1))
    done
    echo "$pid"
}

"$LIMBECK" run --runs=reference train.lua
reference=$(echo reference/*)
call=calls/001-train
events "$reference/$call/events.jsonl" >expected
[ "$(grep -c '"e":"epoch"' expected)" = 300 ]
began=$(awk -F'"t":"' 'NR == 1 { split($2, p, /[:Z]/); print p[2] * 60000 + p[3] * 1000 }' "$reference/events.jsonl")
ended=$(awk -F'"t":"' 'END { split($2, p, /[:Z]/); print p[2] * 60000 + p[3] * 1000 }' "$reference/events.jsonl")
length=$((ended > began ? ended - began : 200))

done_kills=0 attempts=0 lost_states=0
while [ "$done_kills" -lt "$kills" ] && [ "$attempts" -lt $((4 * kills)) ]; do
    attempts=$((attempts + 1))
    run=$("$LIMBECK" run --detach train.lua)
    lives=$((RANDOM % 5 == 0 ? 2 : 1))
    hit=0
    for ((life = 0; life < lives; life++)); do
        pid=$(await_writer "$run")
        [ -n "$pid" ] || break
        sleep "$(printf '0.%04d' $((RANDOM % (length * 8) % 9999)))"
        [ "$(writer "$run")" = "$pid" ] && kill -9 "$pid" 2>/dev/null || break
        while [ -n "$(writer "$run")" ]; do :; done
        grep -q '"e":"end"' "$run/events.jsonl" && break
        hit=1
        done_kills=$((done_kills + 1))
        [ -e "$run/$call/checkpoints" ] && lost_states=$((lost_states + 1))
        if [ $((life + 1)) -lt "$lives" ]; then "$LIMBECK" resume --detach "$run"; fi
    done
    if [ "$hit" = 0 ]; then
        "$LIMBECK" watch --plain "$run" >/dev/null 2>&1 || true
        rm -rf "$run"
        continue
    fi
    "$LIMBECK" resume "$run" >output 2>&1 || { cat output; echo "run $run did not end after its resume"; exit 1; }
    cmp "$run/$call/model.safetensors" "$reference/$call/model.safetensors"
    events "$run/$call/events.jsonl" >found
    cmp found expected || { diff found expected | head -5; exit 1; }
    "$LIMBECK" verify "$run" >output || { cat output; exit 1; }
    rm -rf "$run"
done
echo "kills $done_kills in $attempts runs of $length ms, of them $lost_states in the middle of training; lost 0, differing 0"
[ "$done_kills" -ge "$kills" ]
[ "$lost_states" -ge $((kills / 3)) ]
