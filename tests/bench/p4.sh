#!/usr/bin/env bash
# P4: training speed against PyTorch's best one-thread form, in interleaved runs; prints both medians and their ratio. Fails when
# the ratio is below 1.3, the accuracy below 0.918, or the peer is missing. PEER, PYTHON and ROUNDS may be set.
set -u
cd "$(dirname "$0")/../.." || exit 1
limbeck="${LIMBECK:-build/limbeck}"
peer="${PEER:-../shared/bench/p4_mlp_torch.py}"
python="${PYTHON:-/usr/bin/python3}"
rounds="${ROUNDS:-5}"
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

ours="" theirs="" accuracy=""
for i in $(seq "$rounds"); do
    out=$("$limbeck" bench p4 --batch 256 --threads 1 --quiet) || exit 1
    rate=$(awk '/^samples\/s/ { print $2 }' <<<"$out")
    accuracy=$(awk '/^accuracy/ { print $2 }' <<<"$out")
    other=$("$python" "$peer" --threads 1 --batch 256 --foreach | sed -n 's/^P4 .*median \([0-9]*\) samples.*/\1/p')
    [ -n "$rate" ] && [ -n "$other" ] || { echo "round $i gave no figures"; exit 1; }
    echo "round $i: limbeck $rate, PyTorch $other samples/s"
    ours+="$rate"$'\n' theirs+="$other"$'\n'
done
a=$(printf %s "$ours" | median) b=$(printf %s "$theirs" | median)
awk -v a="$a" -v b="$b" -v accuracy="$accuracy" 'BEGIN {
    printf "p4 medians: limbeck %d, PyTorch %d samples/s, ratio %.2f, accuracy %s\n", a, b, a / b, accuracy
    exit !(a / b >= 1.3 && accuracy >= 0.918)
}'
