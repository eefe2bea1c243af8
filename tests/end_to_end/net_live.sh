# Two nets trained over the same seeds from the Net view, a sweep from its form, and the net that is made of a trial; then the saved
# script makes the same sweep without a screen.
ln -s "$ROOT/sample_data" sample_data
"$LIMBECK" --headless 120x36 --keys "$ROOT/tests/screens/net_live.keys" --snap snap sample_data/churn.csv </dev/null
grep -qE "A (is (better|worse) than|is as good as|can't be told from) B \(AUC" snap/contest.txt
grep -qE "valid AUC   A 0\.[0-9]+ .*B 0\.[0-9]+ .*2 seeds" snap/contest.txt
if grep -q "have changed since" snap/contest.txt; then exit 1; fi
grep -q "have changed since" snap/stale.txt
grep -q "2 of 2 trials" snap/sweep.txt
grep -qE "^ ◆ +[12] +0\.[0-9]+ +0\.[0-9]+ +[0-3] +[12] +4 " snap/sweep.txt
grep -qE "dense +4 " snap/made.txt
contest=$(dirname "$(ls runs/*/contest.json)")
[ "$(find "$contest" -name result.json -path '*/seeds/*' | wc -l)" = 4 ]
sweep=$(dirname "$(ls -d runs/*/calls/001-tune)")
mv "$sweep" by_keys
rm -r runs
grep -q 'space = { \["net.depth"\] = { 1, 2 }, \["net.width"\] = { 4 } }' session.lua
"$LIMBECK" run session.lua >out.txt </dev/null
grep -qE "^2 trials, 2 done, 0 failed" out.txt
for n in 0001 0001-2 0002 0002-2; do
    cmp by_keys/001-tune/trials/$n/model.safetensors runs/*/calls/*-tune/trials/$n/model.safetensors
done
