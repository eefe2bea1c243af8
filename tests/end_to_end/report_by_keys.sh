# By keys alone: train, the report card, a cell's rows, costs, the test part, the model as a file with its threshold and certificate.
cp "$ROOT/sample_data/churn.csv" .
printf '%s\n' '<wait:idle>' '<wait:idle>' t '<wait:end>' 0 '<wait:idle>' '<snap:report>' '<Tab>' '<Enter>' '<snap:rows>' '<Esc>' '<snap:back>' \
    '$' '<C-u>' 'text:Yes:No=5' '<Enter>' '<wait:idle>' T '<Enter>' '<wait:idle>' '<snap:test>' w '<C-u>' text:kept.safetensors '<Enter>' \
    '<wait:idle>' '<snap:saved>' >by_hand.keys
"$LIMBECK" --headless 120x36 --keys by_hand.keys --snap snap churn.csv </dev/null
grep -q '^ Threshold' snap/report.txt
grep -q 'only [0-9]* of 2,0[0-9]* rows: churn Yes, called No at 0.50' snap/rows.txt
grep -q '^ Confusion ━' snap/back.txt
grep -q 'consulted 1 time' snap/test.txt
grep -q "saved $PWD/kept.safetensors" snap/saved.txt
grep -aq '"by\\":\\"cost\\"' kept.safetensors
grep -aq 'test_consulted\\":1' kept.safetensors

# What was chosen decides: each Yes has at least the threshold, each No less.
run=$(ls -d runs/*churn*)
threshold=$("$LIMBECK" evaluate kept.safetensors churn.csv --json | sed -n 's/^    "threshold": \(.*\),$/\1/p' | head -1)
"$LIMBECK" predict kept.safetensors <churn.csv >said.csv 2>/dev/null
awk -F, -v t="$threshold" 'NR == 1 { for (i = 1; i <= NF; i++) if ($i == "p_Yes") at = i }
    NR > 1 && $1 != "" { seen++; if (($at >= t) != ($1 == "Yes")) exit 1 } END { exit !(seen > 1900) }' said.csv
awk -v t="$threshold" 'BEGIN { exit !(t > 0 && t < 0.5) }'

# The same model comes to the same figures by the command line; the look at test stays counted.
"$LIMBECK" evaluate "$run" --on test | grep -q 'consulted 2 times'
