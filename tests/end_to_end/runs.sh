# What ran is found again: by labels, by figures, by the file it read, the script it ran and the model it made; also in a copy.
fail() { echo "$*"; exit 1; }
awk 'BEGIN { srand(3); print "a,b,y"; for (i = 0; i < 120; i++) { a = rand(); b = rand(); print a "," b "," (a > b ? "yes" : "no") } }' >rows.csv
cat >fit.lua <<'LUA'
local lb = require "limbeck"
local opt = lb.args { epochs = 3, data = "rows.csv" }
local p = lb.pipeline { source = lb.read(opt.data), target = "y", seed = 7 } :standardize { columns = "numeric" }
p:train { net = lb.mlp { 4 }, epochs = opt.epochs, batch = 16 }:save "kept.safetensors"
LUA
"$LIMBECK" -q run fit.lua >said 2>&1 </dev/null || fail "$(cat said)"
first=$(echo runs/*-fit-*)
sed '2s/,yes$/,no/;2t;2s/,no$/,yes/' rows.csv >other.csv
cmp -s rows.csv other.csv && fail "the other table is the same"
"$LIMBECK" -q run fit.lua --epochs=5 --data=other.csv >said 2>&1 </dev/null || fail "$(cat said)"
second=$(ls -d runs/*-fit-* | grep -v "$first")

"$LIMBECK" label "$first" --name="the first" --tags="base, paper" --notes="three epochs"
"$LIMBECK" runs --filter="name = 'the first' and tags = 'base paper' and epochs = 3" --json >list
grep -q "\"path\": \"$first\"" list && [ "$(grep -c '"path"' list)" = 1 ] || fail "the labelled run is not found: $(cat list)"
"$LIMBECK" runs --sort=epochs --descending >list
sed -n 2p list | grep -q "$(basename "$second")" || fail "not sorted: $(cat list)"
"$LIMBECK" verify "$first" >said || fail "a label damages the run: $(cat said)"

# By content, wherever it lies; by path when the content there is another.
uses() { "$LIMBECK" runs --uses "$1" | sed 1d >list; }
cp rows.csv elsewhere.csv
uses elsewhere.csv
[ "$(wc -l <list)" = 1 ] && grep -q "$(basename "$first").*learned from this data" list || fail "a copy of the table: $(cat list)"
cp rows.csv kept_rows.csv && cp other.csv rows.csv
uses rows.csv
grep -q "$(basename "$second").*learned from this data" list && grep -q "$(basename "$first").*its content was another" list || fail "a changed table: $(cat list)"
uses kept.safetensors
[ "$(wc -l <list)" = 1 ] && grep -q "$(basename "$second").*made this model: calls/001-train/model.safetensors" list || fail "a model: $(cat list)"
uses fit.lua
[ "$(wc -l <list)" = 2 ] || fail "a script: $(cat list)"

# Put away, and found again where all are asked for.
"$LIMBECK" label "$second" --archive
[ "$("$LIMBECK" runs | wc -l)" = 2 ] && [ "$("$LIMBECK" runs --all | wc -l)" = 3 ] || fail "archived runs are listed"
"$LIMBECK" label "$second" --restore

# All figures in a file; the pieces of a run; a copy of a run elsewhere, and of a piece alone.
"$LIMBECK" runs --output=runs.csv && head -n 1 runs.csv | grep -q '^path,run,name,kind,what,number,tags,.*valid.accuracy' || fail "$(head -n 1 runs.csv)"
"$LIMBECK" runs "$first" --json | grep -q '"kind": "train"' || fail "no pieces"
mkdir -p there/below && cp -r "$first" there/below/x && cp -r "$first/calls/001-train" there/piece
for copy in there/below there; do
    "$LIMBECK" runs $copy --json >list
    grep -q '"state": "done"' list && grep -q '"epoch": 3' list && grep -q '"net": "2-4-2"' list || fail "a copy: $(cat list)"
done
code=0
"$LIMBECK" runs --filter="learning_rat > 2" 2>message || code=$?
[ $code != 0 ] && grep -q 'did you mean "learning_rate"' message || fail "$(cat message)"

# Side by side: only what differs, the lines of the scripts, and the models on the same rows.
cp kept_rows.csv rows.csv
sed 's/mlp { 4 }/mlp { 16 }/' fit.lua >wide.lua
"$LIMBECK" -q run wide.lua >said 2>&1 </dev/null || fail "$(cat said)"
third=$(echo runs/*-wide-*)
"$LIMBECK" compare "$first" "$third" >said || fail "no comparison"
grep -q '^net  *2-4-2  *2-16-2' said && grep -q '^+ 4 .*mlp { 16 }' said && ! grep -q '^epochs' said || fail "what differs: $(cat said)"
grep -q '^wide-.*95 % interval .* to .* (1[0-9] rows)' said || fail "no interval: $(cat said)"
"$LIMBECK" compare "$third" "$third" >said && grep -q 'the same script and settings' said && grep -q '+0.0000' said || fail "with itself: $(cat said)"
rm rows.csv && "$LIMBECK" compare "$first" "$third" --data=kept_rows.csv | grep -q '95 % interval' || fail "the table is not read where it is now"
"$LIMBECK" delete "$third" --yes

# Room on the disk: nothing goes unasked, the best checkpoint and the model never, and the run is as whole as before.
call=$first/calls/001-train
[ "$(ls "$call/checkpoints" | wc -l)" -ge 2 ] || fail "no checkpoints to prune: $(ls "$call/checkpoints")"
"$LIMBECK" prune 2>said </dev/null
grep -q '2 runs take .* can go' said && [ "$(ls "$call/checkpoints" | wc -l)" -ge 2 ] || fail "pruned unasked: $(cat said)"
"$LIMBECK" prune --yes 2>said
[ "$(ls "$call/checkpoints")" = best.checkpoint ] && [ -s "$call/model.safetensors" ] || fail "after pruning: $(ls "$call/checkpoints")"
"$LIMBECK" verify "$first" >said || fail "pruning damages the run: $(cat said)"
"$LIMBECK" delete "$second" 2>said </dev/null
[ -e "$second/run.json" ] || fail "deleted unasked"
"$LIMBECK" delete "$second" --yes
[ ! -e "$second" ] && [ "$("$LIMBECK" runs | wc -l)" = 2 ] || fail "not deleted"
mkdir not_a_run
! "$LIMBECK" delete not_a_run --yes 2>said && [ -d not_a_run ] || fail "what is no run was deleted"
