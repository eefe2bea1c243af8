# A series from its file to a forecast: windows of a day feed a net of convolutions, the model is saved, and the last day alone, handed
# over as a file of raw rows, gives the number that all rows give.
data=
for root in "${LIMBECK_DATA:-}" "$ROOT/../shared/data" "$ROOT/../../shared/data"; do
    [ -z "$data" ] && [ -f "$root/nab/realKnownCause/nyc_taxi.csv" ] && data=$root/nab/realKnownCause/nyc_taxi.csv
done
if [ -z "$data" ]; then
    echo "nab is not there"
    exit 77
fi
ln -s "$data" taxi.csv
cat >forecast.lua <<'L'
local lb = require "limbeck"
local t = lb.read "taxi.csv"
local p = lb.pipeline { source = t, target = "value_lead1", seed = 3 } :lead { columns = "value" }
  :split { by = "time", column = "timestamp" } :window { length = 48 } :standardize {}
local m = p:train { net = { lb.conv1d { 8, 5 }, lb.relu {}, lb.max_pool { 2 }, lb.flatten {}, lb.dense { 16 }, lb.relu {} }, epochs = 6, batch = 64 }
m:save "taxi.safetensors"
print(("%.17g"):format(m:predict(t):get(#t, "prediction")))
-- The last value as the forecast has R squared 0.95 here.
assert(m:eval { on = "valid" }.r2 > 0.95, tostring(m:eval { on = "valid" }))
L
"$LIMBECK" run forecast.lua >out.txt
wanted=$(grep -E '^[0-9.]+$' out.txt)
{ head -n 1 taxi.csv; tail -n 48 taxi.csv; } >last.csv
"$LIMBECK" predict --last taxi.safetensors <last.csv >forecast.csv
[ "$(tail -n 1 forecast.csv)" = "2015-01-31T23:30:00,$wanted," ]
# A row less is too little past, and that is said instead of a number.
{ head -n 1 taxi.csv; tail -n 47 taxi.csv; } >short.csv
"$LIMBECK" predict --last taxi.safetensors <short.csv | grep -q '^2015-01-31T23:30:00,,"window of 48 rows: 46 earlier rows, 47 needed"$'
