# What regularization is worth on the public Telco table, by its case script: with noise in the inputs the plain net loses most.
case "$LIMBECK" in "$ROOT/build/limbeck") ;; *) echo "only with the plain build"; exit 77 ;; esac
data=${LIMBECK_DATA:-$ROOT/../shared/data}/telco-churn/Telco-Customer-Churn.csv
if [ ! -f "$data" ]; then
    echo "skipped: the public tables are not there (LIMBECK_DATA names their folder)"
    exit 77
fi
"$LIMBECK" -q run "$ROOT/lua/pipelines/regularize.lua" --data="$data" --seeds=3 --draws=2 >out 2>err || { tail -n 5 err; exit 1; }
holds() { # NAME TEST, such as ">= 0.84"
    value=$(sed -n "s/^result $1 //p" out | head -n 1)
    awk -v v="$value" "BEGIN { exit !(v != \"\" && v + 0 $2) }" || { echo "$1 is \"$value\", expected $2"; exit 1; }
}
holds none.clean ">= 0.80"
holds none.noisy "<= 0.75"
holds none.gap ">= 0.07"
for variant in l1 l2 elastic dropout; do
    holds "$variant.clean" ">= 0.815"
    holds "$variant.noisy" ">= 0.745"
    holds "$variant.noisy.low" "> 0"
done
for variant in l1 l2 elastic; do holds "$variant.gap" "<= 0.04"; done
holds l1.zeros ">= 0.9"
holds l2.zeros "== 0"
holds test.gain.low "> 0"
grep -q "with noise of 1 sd l1 .* better than none$" out
