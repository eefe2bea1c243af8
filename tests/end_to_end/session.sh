# A session by keys repairs, encodes and trains on the sample table, and saves its script; the script replayed without a screen ends
# with the same data and model hashes and the same metrics.
ln -s "$ROOT/sample_data" sample_data
"$LIMBECK" --headless 120x36 --keys "$ROOT/tests/screens/session.keys" --snap snap sample_data/churn.csv </dev/null
test -s session.lua
grep -q '^-- limbeck document v1$' session.lua
grep -q 'fill_missing' session.lua
mv runs by_keys
"$LIMBECK" run session.lua >out.txt </dev/null
facts() { grep -hE '"(model_hash|data_hash|valid\.[a-z_0-9]+|epochs|best_epoch)"' "$1"/*/calls/001-train/result.json; }
facts by_keys >a.txt
facts runs >b.txt
grep -q model_hash a.txt
diff a.txt b.txt
cmp by_keys/*/calls/001-train/model.safetensors runs/*/calls/001-train/model.safetensors
