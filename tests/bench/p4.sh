#!/usr/bin/env bash
# P4: training speed against PyTorch at its best, batch 32 and 256 on one and two threads, in interleaved runs; prints the medians and
# their ratios. Fails when a ratio is below its goal, an accuracy below 0.918, or the peer is missing. Wants a quiet machine.
# PEER, PYTHON, ROUNDS, OPENMP (directory of the OpenMP build of OpenBLAS, the peer's best on two threads) and GOALS=0 may be set.
set -u
cd "$(dirname "$0")/../.." || exit 1
limbeck="${LIMBECK:-build/limbeck}"
peer="${PEER:-../shared/bench/p4_mlp_torch.py}"
python="${PYTHON:-/usr/bin/python3}"
rounds="${ROUNDS:-5}"
openmp="${OPENMP:-/usr/lib/x86_64-linux-gnu/openblas-openmp}"
export BENCH_DIR="${BENCH_DIR:-/tmp/bench}"

missing() {
    echo "peer missing: $1"
    exit 1
}
[ -f "$peer" ] || missing "$peer"
"$python" -c 'import torch' 2>/dev/null || missing "PyTorch for $python (apt-get install python3-torch)"
if [ ! -f "$BENCH_DIR/mlp_X.f32" ]; then
    echo "making the data in $BENCH_DIR"
    "$python" "$(dirname "$peer")/gen_data.py" mlp || exit 1
fi

median() { sort -n | awk '{ v[NR] = $1 } END { print NR % 2 ? v[(NR + 1) / 2] : (v[NR / 2] + v[NR / 2 + 1]) / 2 }'; }

# The better of the peer's two ways to run Adam.
peer_rate() {
    local path=""
    [ "$2" -gt 1 ] && path="$openmp"
    for adam in "" --foreach; do
        LD_LIBRARY_PATH="$path" timeout 120 "$python" "$peer" --threads "$2" --batch "$1" $adam | sed -n 's/^P4 .*median \([0-9]*\) samples.*/\1/p'
    done | sort -n | tail -n 1
}

# compare BATCH THREADS GOAL
compare() {
    local ours="" theirs="" accuracy="" out rate other a b
    for i in $(seq "$rounds"); do
        out=$("$limbeck" bench p4 --batch "$1" --threads "$2" --quiet) || return 1
        rate=$(awk '/^samples\/s/ { print $2 }' <<<"$out")
        accuracy=$(awk '/^test accuracy/ { print $3 }' <<<"$out")
        other=$(peer_rate "$1" "$2")
        [ -n "$rate" ] && [ -n "$other" ] || { echo "round $i gave no figures"; return 1; }
        ours+="$rate"$'\n' theirs+="$other"$'\n'
    done
    a=$(printf %s "$ours" | median) b=$(printf %s "$theirs" | median)
    awk -v batch="$1" -v threads="$2" -v goal="$3" -v a="$a" -v b="$b" -v accuracy="$accuracy" -v strict="${GOALS:-1}" 'BEGIN {
        reached = (a / b >= goal && accuracy >= 0.918)
        printf "p4 batch %3d, %d thread%s limbeck %7d  PyTorch %7d samples/s  ratio %.2f (goal %.1f)  accuracy %s%s\n", batch, threads,
               (threads > 1 ? "s:" : ": "), a, b, a / b, goal, accuracy, (reached ? "" : "  NOT REACHED")
        exit strict && !reached
    }'
}

worst=0
compare 32 1 3.5 || worst=1
compare 256 1 1.3 || worst=1
compare 32 2 3.5 || worst=1
compare 256 2 2.6 || worst=1
exit $worst
