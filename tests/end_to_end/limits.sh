# What the system forbids or what never ends comes to one clear line and an exit code; what only pretends to be large costs nothing.
# Sanitizers hold several times the memory that the program asks for.
case "$LIMBECK" in "$ROOT/build/limbeck") ;; *) echo "only with the plain build"; exit 77 ;; esac
printf 'a,b,y\n1,2,yes\n3,4,no\n5,6,yes\n' >rows.csv
one_line() { # CODE PATTERN COMMAND...
    local code=0 wanted=$1 pattern=$2
    shift 2
    "$@" >out 2>err </dev/null || code=$?
    [ "$code" = "$wanted" ] && [ "$(grep -c . err)" = 1 ] && grep -q "$pattern" err || { echo "$*: exit $code"; head -n 5 err; exit 1; }
}
peak() { # MIB COMMAND...: at most this much memory
    local most=$1 peak
    shift
    "$@" >out 2>err &
    local pid=$! now
    peak=0
    while now=$(awk '/^VmHWM/ { print $2 }' /proc/$pid/status 2>/dev/null) && [ -n "$now" ]; do peak=$now; sleep 0.01; done
    wait $pid || true
    [ "$peak" -le $((most * 1024)) ] || { echo "$*: $((peak / 1024)) MiB"; exit 1; }
}

# Files that are mostly holes.
"$LIMBECK" run --quiet - <<<'local lb = require "limbeck" lb.read("rows.csv")' >/dev/null 2>&1
run=$(echo runs/*)
truncate -s 10G "$run/events.jsonl" sparse.csv sparse.json sparse.lua sparse.safetensors
peak 64 "$LIMBECK" runs
grep -q stdin out
peak 64 "$LIMBECK" verify "$run"
grep -q "1 damaged line" out
one_line 1 "NUL bytes" "$LIMBECK" profile sparse.csv
one_line 1 "NUL bytes" "$LIMBECK" convert sparse.json -o x.csv
[ ! -e x.csv ]
one_line 1 "limit" "$LIMBECK" run sparse.lua
one_line 1 "sparse.safetensors" "$LIMBECK" predict sparse.safetensors rows.csv

# Links inside of a run lead nowhere.
for i in 1 2 3 4 5 6; do ln -s .. "$run/calls$i" && ln -s "$PWD/runs" "$run/l$i"; done
truncate -s 1K "$run/events.jsonl"
timeout 20 "$LIMBECK" runs >/dev/null
timeout 20 "$LIMBECK" verify "$run" >/dev/null || true

# Limits of the system.
awk 'BEGIN { print "a,b"; for (i = 0; i < 400000; i++) print i ".5," i }' >big.csv
(ulimit -f 100 && one_line 1 "File too large" "$LIMBECK" convert big.csv -o big.jsonl)
[ ! -e big.jsonl ] && [ -z "$(find . -maxdepth 1 -name '.*.tmp')" ]
if ! nm "$LIMBECK" 2>/dev/null | grep -q __asan_init; then
    export OPENBLAS_NUM_THREADS=1 # its threads need room before the program runs, and it has its own words for want of it
    least=20000 # what the program itself needs differs from system to system
    while ! (ulimit -v $least && "$LIMBECK" --version >/dev/null 2>&1); do least=$((least + 5000)); done
    (ulimit -v $least && one_line 1 "memory" "$LIMBECK" profile big.csv)
fi
(cat rows.csv; while cat big.csv; do :; done) 2>/dev/null | (one=0; "$LIMBECK" profile - >out 2>err <&0 --read '{"max_memory": 20}' || one=$?; [ "$one" != 0 ] && grep -q "max_memory" err) || { cat err; exit 1; }

# A script that only reads runs where nothing can be recorded, and says so.
if mkdir closed && cp rows.csv closed && echo 'print(require("limbeck").read("rows.csv").rows)' >closed/reads.lua && mount -t tmpfs tmpfs closed 2>/dev/null; then
    trap 'umount -l closed' EXIT
    cp rows.csv closed
    echo 'print(require("limbeck").read("rows.csv").rows)' >closed/reads.lua
    mount -o remount,ro closed
    (cd closed && [ "$("$LIMBECK" run reads.lua 2>../err)" = 3 ])
    grep -q "runs without a record" err
    # A run that is asked for all the same is told where to go.
    (cd closed && ! "$LIMBECK" run --detach reads.lua 2>../err)
    grep -q "go where you may write" err
fi

# Nets that this memory cannot hold: the layer and the size are named.
cat >large.lua <<'END'
local lb = require "limbeck"
local width = lb.args { width = 0 }.width
lb.pipeline { source = lb.table { x = { 1, 2, 3, 4, 5, 6 }, y = { "a", "b", "a", "b", "a", "b" } }, target = "y" }
  :split { by = "random", train = 0.8, valid = 0, test = 0.2 }
  :train { net = { lb.dense { width }, lb.dense { width } }, epochs = 1 }
END
too_large() { # WIDTH WORDS
    if (ulimit -v 1048576; "$LIMBECK" -q run large.lua --width="$1") >out 2>err; then echo "width $1 was trained"; exit 1; fi
    grep -qE "^limbeck: .*$2" err && [ "$(grep -c '^limbeck: large' err)" = 1 ] || { echo "width $1:"; head -n 5 err; exit 1; }
}
too_large 52000 'with 1.weight the net has more than 2,147,483,648 weights; make that layer smaller'
too_large 41000 'the weights of the net need 6.26 GB, of which 1.weight has 6.26 GB; make that layer smaller'
too_large 8000 'training a net of 64[0-9]+ weights in batches of .* rows: out of memory'
