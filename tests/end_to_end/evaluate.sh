# The report card from outside: of a run, of a model and rows; a threshold by cost that is saved and used; looks at test are counted.
cp "$ROOT/sample_data/churn.csv" .
cat >fit.lua <<'LUA'
local lb = require "limbeck"
local p = lb.pipeline { source = lb.read "churn.csv", target = "churn", positive = "Yes", seed = 3 }:split { by = "stratified" }
  :drop { columns = { "customer_id" } }:fill_missing { columns = "numeric" }:one_hot { columns = "text" }:standardize { columns = "numeric" }
p:train { net = lb.mlp { 4 }, epochs = 4 }:save "m.safetensors"
LUA
"$LIMBECK" -q run fit.lua </dev/null >/dev/null
run=$(ls -d runs/*fit*)

"$LIMBECK" evaluate "$run" >card.txt
grep -q '^churn of valid, ' card.txt
grep -q '^worst rows' card.txt
[ ! -e runs/looks ]
"$LIMBECK" evaluate --on test "$run" | grep -q 'test part consulted 1 time$'
"$LIMBECK" evaluate --on test "$run/calls/001-train" | grep -q 'test part consulted 2 times$'

"$LIMBECK" evaluate "$run" --cost Yes:No=9 -o careful.safetensors --json >card.json
threshold=$(sed -n 's/^    "threshold": \(.*\),$/\1/p' card.json | head -1)
awk -v t="$threshold" 'BEGIN { exit !(t > 0 && t < 0.5) }'
"$LIMBECK" predict careful.safetensors <churn.csv >said.csv
awk -F, -v t="$threshold" 'NR == 1 { for (i = 1; i <= NF; i++) if ($i == "p_Yes") at = i }
    NR > 1 && ($at >= t) != ($1 == "Yes") { exit 1 }' said.csv
"$LIMBECK" evaluate careful.safetensors churn.csv --slice contract >of_file.txt
grep -q 'rows left out: a model was trained on them' of_file.txt
grep -q '^Yes from .*, chosen by cost on valid' of_file.txt

# Another table than the model was trained on is not judged in silence.
sed -i '2d' churn.csv
! "$LIMBECK" evaluate "$run" 2>why.txt
grep -q 'not what the model was trained on any more' why.txt
! "$LIMBECK" evaluate m.safetensors churn.csv --cost Yes=3 2>why.txt
grep -q 'TRUTH:DECISION=NUMBER' why.txt
! "$LIMBECK" evaluate "$run" --on tset 2>why.txt
grep -q 'there is no part "tset"' why.txt
