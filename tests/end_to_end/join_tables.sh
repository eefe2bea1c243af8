# The customers of a telephone company in five tables, real data: a model over them holds none of their rows, takes fresh ones, and answers
# as it was judged.
data=
for place in "${LIMBECK_DATA:-}" "$ROOT/../shared/data" "$ROOT/../../shared/data"; do
    [ -n "$place" ] && [ -r "$place/telco-extended/status.csv" ] && { data=$place/telco-extended; break; }
done
[ -n "$data" ] || { echo "skipped: telco-extended is not here; LIMBECK_DATA names where data sets are"; exit 77; }
cp "$data"/*.csv .
cat >fit.lua <<'LUA'
local lb = require "limbeck"
local place = lb.read "location.csv":join { table = lb.read "population.csv", on = "Zip Code", columns = { "Population" } }
local p = lb.pipeline { source = lb.read "demographics.csv", target = "Churn Label", positive = "Yes", key = "Customer ID", seed = 3 }
  :join { table = lb.read "services.csv", on = "Customer ID", columns = { "Tenure in Months", "Monthly Charge", "Contract", "Internet Type" } }
  :join { table = place, on = "Customer ID", columns = { "Latitude", "Longitude", "Population" } }
  :join { table = "status.csv", on = "Customer ID", columns = { "Churn Label" } }
  :split {}:drop { columns = { "Customer ID", "Count" } }:one_hot {}:standardize {}
local m = p:train { net = lb.mlp { 8 }, epochs = 4 }
m:save "m.safetensors"
local notes = table.concat(p:notes(), "\n")
for _, name in ipairs { "services", "location", "status" } do
  assert(notes:find("7043 of 7043 rows found their Customer ID; 0 did not, 0 have none; 7043 of 7043 keys of " .. name .. " are used", 1, true), notes)
end
assert(m.metrics.row_counts.read == 7043 and not next(m.metrics.row_counts.left_out))
local tables = { services = "services.csv", location = "location.csv", population = "population.csv" }
m:predict("demographics.csv", { tables = tables }):write "wanted.csv"
tables.status = "status.csv"
local seen, judged = m:eval "train", lb.load "m.safetensors":eval { on = lb.read "demographics.csv", tables = tables }
assert(seen.rows + judged.rows == 7043 and seen.auc > 0.7 and judged.auc > 0.7, judged.auc)
LUA
"$LIMBECK" -q run fit.lua </dev/null
[ "$(wc -c <m.safetensors)" -lt 100000 ]
mkdir fresh && mv services.csv location.csv population.csv status.csv fresh/
predict() { "$LIMBECK" predict m.safetensors "$@" demographics.csv >predict.csv 2>said.txt; }
predict --table services=fresh/services.csv --table location=fresh/location.csv --table population=fresh/population.csv
cmp predict.csv wanted.csv && [ "$(wc -l <predict.csv)" = 7044 ] && [ ! -s said.txt ]
code=0; predict --table services=fresh/services.csv --table location=fresh/location.csv || code=$?
[ "$code" = 2 ] && [ "$(wc -l <said.txt)" = 1 ] && grep -qF 'the model needs the table population (Zip Code, Population): --table population=FILE' said.txt
