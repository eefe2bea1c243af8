# A run that lost a part of what it kept goes on all the same, says so, and comes to the same bits: a damaged checkpoint, both of them,
# the held-out outputs of a fold.
awk 'BEGIN { srand(3); print "a,b,y"; for (i = 0; i < 200; i++) { a = rand(); b = rand(); print a "," b "," (a > b ? "yes" : "no") } }' >rows.csv
head_of='local lb = require "limbeck"
local p = lb.pipeline { source = lb.read("rows.csv"), target = "y", seed = 7 }:split {}:standardize { columns = "numeric" }
'
echo "$head_of p:train { net = lb.mlp { 8, dropout = 0.1 }, epochs = 6, batch = 16, checkpoint_every = 7 }" >train.lua
echo "$head_of p:cross_validate { net = lb.mlp { 4 }, epochs = 3, folds = 3, jobs = 1, batch = 16 }" >folds.lua
"$LIMBECK" run train.lua >/dev/null 2>&1
"$LIMBECK" run folds.lua >/dev/null 2>&1
train=$(echo runs/*-train-*) folds=$(echo runs/*-folds-*)
call=calls/001-train
[ "$(ls "$train/$call/checkpoints" | grep -c '^0')" = 2 ] && [ -e "$train/$call/checkpoints/best.checkpoint" ]

cut_short() { # FROM TO: as if it had been killed before its last call ended
    cp -r "$1" "$2"
    sed -i '$d' "$2/events.jsonl"
    sed -i '$d' "$2/journal.jsonl"
}
damage() { printf 'x' | dd of="$1" bs=1 seek=300 conv=notrunc 2>/dev/null; }

number=0
for lost in newest both none; do
    number=$((number + 1))
    cut_short "$train" "runs/t$number"
    rm "runs/t$number/$call/model.safetensors"
    mapfile -t kept < <(ls "runs/t$number/$call/checkpoints"/0*)
    [ $lost != none ] && damage "${kept[1]}"
    [ $lost = both ] && damage "${kept[0]}"
    "$LIMBECK" resume "runs/t$number" >out 2>&1 || { cat out; exit 1; }
    cmp "$train/$call/model.safetensors" "runs/t$number/$call/model.safetensors"
    case $lost in
    newest) grep -q "$(basename "${kept[1]}" .checkpoint) is damaged: the training goes on from the one before" "runs/t$number/$call/events.jsonl" ;;
    both) grep -q "are damaged: none is whole, the training begins again at step 0" "runs/t$number/$call/events.jsonl" ;;
    none) ! grep -q damaged "runs/t$number/$call/events.jsonl" ;;
    esac
    "$LIMBECK" verify "runs/t$number" >/dev/null
done

result() { grep '"e":"end"' "$1/journal.jsonl" | sed 's/,"crc".*//'; }
for lost in missing changed; do
    cut_short "$folds" "runs/$lost"
    held=runs/$lost/calls/001-crossval/folds/02/held.bin
    if [ $lost = missing ]; then rm "$held"; else damage "$held"; fi
    "$LIMBECK" resume "runs/$lost" >out 2>&1 || { cat out; exit 1; }
    [ "$(result "runs/$lost")" = "$(result "$folds")" ] && [ -n "$(result "$folds")" ]
    cmp "$held" "$folds/calls/001-crossval/folds/02/held.bin"
done

# What a resume is told must be what the first life was told: a record that is damaged is refused by name, not passed over.
echo 'print(os.getenv("WORD"))' >asks.lua
WORD=first "$LIMBECK" -q run asks.lua >out
[ "$(cat out)" = first ]
asks=$(echo runs/*-asks-*)
refused() { # FILE TEXT WORDS
    rm -rf runs/refused && cp -r "$asks" runs/refused && sed -i '$d' runs/refused/events.jsonl
    printf '%s' "$2" >"runs/refused/$1"
    ! WORD=second timeout 60 "$LIMBECK" resume runs/refused >out 2>err </dev/null || { echo "$1 is taken: $2"; cat out; exit 1; }
    cat err runs/refused/errors.log | grep -q "$1.*$3" || { echo "$1: $2:"; cat err runs/refused/errors.log; exit 1; }
}
refused environment.json '{"WORD": 1}' 'damaged, start the script again'
refused environment.json '{"WORD": "fi' 'damaged, start the script again'
refused environment.json '' 'damaged, start the script again'
refused args.json '{"arguments": ["--a=1", 2], "directory": ".", "script": "asks.lua"}' 'lacks "arguments"'
refused args.json '{"arguments": [], "script": "asks.lua"}' 'lacks "arguments".*"directory"'
refused args.json '[' 'ends too early'
