# Questions about the recipe are answered by a run of their own while the screen lives: steps are priced beside them, s stops what goes on,
# what is known stays, and the curve of features ends with a step of the recipe that U takes back.
${CC:-cc} -std=c11 -D_GNU_SOURCE -O1 -o terminal "$ROOT/tests/end_to_end/terminal.c" -lutil
head -n 301 "$ROOT/sample_data/churn.csv" >small.csv
export HOME="$PWD"
enter=$'\r'
screen() { # STEP...
    local code=0
    ./terminal 120x36 "$@" -- "$LIMBECK" small.csv >out 2>&1 || code=$?
    [ "$code" = 0 ] || { echo "exit code $code: $(tail -n 1 out)"; exit 1; }
}

redraw=$'\f' back=$'\177'
# So many runs have ended, and the screen knows it.
ended() {
    cat >"ended$1.sh" <<SH
for _ in \$(seq 600); do
    [ "\$(cat runs/*/events.jsonl 2>/dev/null | grep -c '"e":"end"')" = $1 ] && exit
    sleep 0.05
done
SH
    echo "do:sh ended$1.sh"
}
screen "until:small.csv" "until:% Yes" keys:3 "until:No steps yet" keys:p "until:nothing to price" keys:A "until:standardize" \
    "keys::recipe_price folds=2 epochs=2$enter" "until:95 %, 2 folds" "$(ended 1)" "keys:$redraw" "until:✓" "until:nothing" \
    "keys::recipe_price folds=5 epochs=2000$enter" "until:pricing the steps" keys:s "until:so far stays" "$(ended 2)" "keys:$redraw" \
    "until:✓" "until:stopped after" \
    "keys::recipe_curve folds=2 epochs=2 keep_by=f margin=1$enter" "$(ended 3)" "keys:$redraw" "until:✓" \
    "until:m keeps" keys:m "until:features by f" "keys:$redraw" "until:best by f" keys:U "until:undone" keys:Q "until:Not saved" \
    "keys:${back}y$enter" || exit 1
# Of runs of the same second the names say no order.
expect() { # COUNT WORDS FILE...
    local wanted=$1 words=$2 count
    shift 2
    count=$(grep -l "$words" "$@" | wc -l)
    [ "$count" = "$wanted" ] || { echo "$count of $* hold $words, not $wanted"; exit 1; }
}
expect 1 '"status": "done"' runs/*/price.json
expect 1 '"status":"stopped"' runs/*/events.jsonl
expect 1 '"status": "done"' runs/*/select_features.json

# Ways to regularize: the answer stays on the screen while it grows, and one of them becomes the plan.
rm -rf runs
screen "until:small.csv" "until:% Yes" keys:3 "until:No steps yet" keys:A "until:standardize" keys:4 \
    "keys::net_regularize seeds=2 epochs=2 variants=l2 draws=1$enter" "until:Regularization" "$(ended 1)" "keys:$redraw" "until:✓" \
    "until:on clean rows" keys:j "keys:$enter" "until:by l2 0.01" keys:q "keys:$redraw" keys:Q "until:Not saved" \
    "keys:${back}y$enter" || exit 1
grep -q '"status": "done"' runs/*/regularize.json || { echo "the bench has no end"; exit 1; }
grep -q '"kind":"regularize"' runs/*/journal.jsonl || { echo "the bench is no call of its own"; exit 1; }
