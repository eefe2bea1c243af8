# A numeric target by hand: T, t, curves with the metrics of a number; nothing else is typed.
cp "$ROOT/sample_data/churn.csv" .
printf '%s\n' '<wait:idle>' '<wait:idle>' c text:^monthly_charges '<Enter>' T '<wait:idle>' t '<wait:end>' '<snap:curves>' 3 '<snap:recipe>' 9 '<snap:script>' >by_hand.keys
"$LIMBECK" --headless 120x36 --keys by_hand.keys --snap snap churn.csv </dev/null
grep -q 'monthly_charges' snap/curves.txt
grep -q 'valid MAE' snap/curves.txt
grep -q 'valid RMSE' snap/curves.txt
! grep -q 'AUC' snap/curves.txt
grep -q 'split *random' snap/recipe.txt
grep -q '"status":"done"\|"status":"stopped"' runs/*/calls/001-train/events.jsonl

# The values differ: nothing is said of rows that were all the same, only because they have no order in time.
if grep -q 'have the same monthly_charges' runs/*/calls/001-train/events.jsonl; then exit 1; fi
