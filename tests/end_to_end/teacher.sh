# A teacher that was trained is not trained again: distilling after a training loads its model, tuning trains only its own nets; after
# an edit of the plan the teacher is another one and is trained.
ln -s "$ROOT/sample_data" sample_data
cat >keys <<'K'
<wait:idle>
<wait:idle>
3
A
<wait:idle>
t
<wait:epoch=2>
<wait:end>
7
D
<wait:end>
<wait:end>
q
K
"$LIMBECK" --headless 120x36 --keys keys --snap snap sample_data/churn.csv </dev/null
ls -d runs/2* | sort >found.txt
test "$(wc -l <found.txt)" = 2
trained=$(ls -d runs/*/calls/*-train | wc -l)
test "$trained" = 1
distilled=$(dirname "$(dirname "$(ls -d runs/*/calls/*-distill)")")
grep -q 'lb.load("runs/' "$distilled/script.lua"
test -s "$distilled/compare.json"
first=$(ls -d runs/*/calls/001-train)
grep -o '"model_hash": *"[0-9a-f]*"' "$first/result.json" | grep -o '[0-9a-f]\{64\}' >teacher.txt
grep -q "$(cat teacher.txt)" "$distilled"/calls/001-distill/teacher.json
