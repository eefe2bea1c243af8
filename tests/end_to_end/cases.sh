# The case scripts on the public tables they are written for: what they print as `result NAME VALUE` keeps its floor.
case "$LIMBECK" in "$ROOT/build/limbeck") ;; *) echo "only with the plain build"; exit 77 ;; esac
data=${LIMBECK_DATA:-$ROOT/../shared/data}
if [ ! -d "$data" ]; then
    echo "skipped: the public tables are not there (LIMBECK_DATA names their folder)"
    exit 77
fi
run() { # SCRIPT FOLDER [options]
    local script=$1 folder=$2
    shift 2
    "$LIMBECK" -q run "$ROOT/lua/pipelines/$script.lua" --data="$data/$folder" "$@" >"$script.out" 2>"$script.err" || {
        tail -n 5 "$script.err"
        exit 1
    }
}
holds() { # SCRIPT NAME TEST, such as ">= 0.84"
    value=$(sed -n "s/^result $2 //p" "$1.out" | head -n 1)
    awk -v v="$value" "BEGIN { exit !(v != \"\" && v + 0 $3) }" || { echo "$1: $2 is \"$value\", expected $3"; exit 1; }
}

run plan megaline-usage --months="$data/megaline-plans/users_behavior.csv"
holds plan revenue.surf "== 95491.18"
holds plan revenue.ultimate "== 52066.00"
holds plan accuracy.table ">= 0.78"
holds plan accuracy.features ">= 0.79"

run churn telco-churn/Telco-Customer-Churn.csv --trials=2 --seeds=2
holds churn honest.auc ">= 0.83"
holds churn honest.auc "<= 0.86"
holds churn dishonest.auc ">= 0.88"

run fault ai4i2020
holds fault f1.features ">= 0.70"
holds fault f1.features "> $(sed -n 's/^result f1.plain //p' fault.out)"
for mode in TWF HDF PWF OSF; do grep -q "^leak: $mode" fault.out; done

run churn_join telco-extended --model=joined.safetensors
holds churn_join model.bytes "< 100000"
holds churn_join auc ">= 0.89"
grep -q "^leak: Customer Status" churn_join.out

run traffic internet-traffic --seeds=3
holds traffic mape.hourly "<= 4.2"
holds traffic mape.5min "<= 2.75"
holds traffic horizon.1.mape "<= 4.2"
for horizon in $(seq 24); do holds traffic "horizon.$horizon.mase" "< 1"; done

run anomaly_normal nsl-kdd
holds anomaly_normal auc ">= 0.95"
holds anomaly_normal accuracy ">= 0.82"

# Of the sweep two nets, of the left-out kinds one set.
run anomaly nsl-kdd --parts=1 --depth=3 --width=16 --kernel="3 7" --epochs=5 --seeds=2
holds anomaly accuracy ">= 0.81"
holds anomaly accuracy.21 ">= 0.63"
holds anomaly auc ">= 0.93"
holds anomaly threshold "< 0.5"

run behavior telco-extended --seeds=2
for schedule in constant step cosine one_cycle plateau; do
    holds behavior "churn.$schedule.auc" ">= 0.90"
    holds behavior "value.$schedule.auc" ">= 0.66"
    holds behavior "churn.$schedule.epochs" "<= 45"
done

run anomaly_series nab
holds anomaly_series windows.weakest ">= 4"
holds anomaly_series false.alarms "<= 0.2"
