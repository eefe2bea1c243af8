#!/usr/bin/env bash
# P1: seconds to load a table of 1,000,000 x 20 against pandas, in interleaved runs; prints both medians and their ratio. Fails when
# we are slower, hold more memory than pandas, or the peer is missing. MAKER (of the data), PYTHON and ROUNDS may be set.
set -u
cd "$(dirname "$0")/../.." || exit 1
limbeck="${LIMBECK:-build/limbeck}"
maker="${MAKER:-../shared/bench/gen_data.py}"
python="${PYTHON:-/usr/bin/python3}"
rounds="${ROUNDS:-5}"
export BENCH_DIR="${BENCH_DIR:-/tmp/bench}"
table="$BENCH_DIR/table.csv"

missing() {
    echo "peer missing: $1"
    exit 1
}
"$python" -c 'import pandas' 2>/dev/null || missing "pandas for $python (apt-get install python3-pandas)"
if [ ! -f "$table" ]; then
    [ -f "$maker" ] || missing "$maker, which makes $table"
    echo "making the data in $BENCH_DIR"
    mkdir -p "$BENCH_DIR" && "$python" "$maker" table || exit 1
fi

median() { sort -n | awk '{ v[NR] = $1 } END { print NR % 2 ? v[(NR + 1) / 2] : (v[NR / 2] + v[NR / 2 + 1]) / 2 }'; }

peer() {
    "$python" - "$table" <<'PYTHON'
import pandas, resource, sys, time
start = time.perf_counter()
rows = len(pandas.read_csv(sys.argv[1], parse_dates=["signup_date"]))
print("rows", rows)
print("load %.3f s" % (time.perf_counter() - start))
print("rss %.0f MiB" % (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024))
PYTHON
}
figure() { awk -v name="$1" '$1 == name { print $2 }'; }

ours="" theirs="" our_rss=0 their_rss=0
for i in $(seq "$rounds"); do
    a=$("$limbeck" bench p1 "$table") && b=$(peer) || exit 1
    [ "$(figure rows <<<"$a")" = "$(figure rows <<<"$b")" ] || { echo "not the same rows: $a, $b"; exit 1; }
    echo "round $i: limbeck $(figure load <<<"$a") s, pandas $(figure load <<<"$b") s"
    ours+="$(figure load <<<"$a")"$'\n' theirs+="$(figure load <<<"$b")"$'\n'
    our_rss=$(figure rss <<<"$a") their_rss=$(figure rss <<<"$b")
done
a=$(printf %s "$ours" | median) b=$(printf %s "$theirs" | median)
awk -v a="$a" -v b="$b" -v m="$our_rss" -v n="$their_rss" 'BEGIN {
    printf "p1 medians: limbeck %.3f s, pandas %.3f s, ratio %.2f; memory %d and %d MiB\n", a, b, b / a, m, n
    exit !(b / a >= 1 && m <= n)
}'
