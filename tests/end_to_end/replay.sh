# A change that is made by hand while a training runs is written down at its step; verify --replay runs the script again with it and
# ends with the same model. What cannot be changed is answered with the reason.
fail() { echo "$*"; exit 1; }
cat >fit.lua <<'LUA'
local lb = require "limbeck"
local p = lb.pipeline { source = lb.read "sample_data/churn.csv", target = "churn", positive = "Yes", seed = 3 }
  :split { by = "stratified", train = 0.6, valid = 0.2, test = 0.2 } :drop { columns = { "customer_id" } }
  :fill_missing {} :one_hot {} :standardize {}
p:train { net = lb.mlp { 16, dropout = 0.2 }, epochs = 100000, batch = 32 }
LUA
# ask RUN VERB JSON: as a viewer does.
number=1000
ask() { number=$((number + 1)); mkdir -p "$1/control"; echo "$3" >"$1/control/.new"; mv "$1/control/.new" "$1/control/$number-$2.json"; }
# await FILE PATTERN: until the run has written it.
await() {
    for _ in $(seq 600); do
        grep -qs "$2" "$1" && return 0
        sleep 0.02
    done
    fail "not written to $1: $2: $(tail -n 3 "$1")"
}
"$LIMBECK" -q run fit.lua >said 2>&1 </dev/null &
for _ in $(seq 600); do run=$(ls -d runs/*-fit-* 2>/dev/null) && [ -s "$run/calls/001-train/events.jsonl" ] && break; sleep 0.02; done
events=$run/calls/001-train/events.jsonl
await "$events" '"e":"epoch"'
ask "$run" set '{"learning_rate":0.05,"dropout":0.5,"batch":16,"id":"a"}'
await "$events" '"id":"a"'
ask "$run" set '{"temperature":2,"id":"b"}'
await "$events" '"refused":"only a distillation has a temperature"'
ask "$run" set '{"epochs":1,"id":"c"}'
await "$events" '"refused":"epoch '
now=$(sed -n 's/.*"e":"epoch".*"epoch":\([0-9]*\),.*/\1/p' "$events" | tail -n 1)
ask "$run" set "{\"epochs\":$((now + 40)),\"id\":\"d\"}"
wait
grep -q '"status":"done"' "$events" || fail "the epochs that were asked for did not end it: $(tail -n 1 "$events"; cat said)"
"$LIMBECK" verify "$run" --replay >out 2>&1 || fail "verify --replay: $(cat out)"
grep -q "^same .*replayed from its first step: 1 model$" out || fail "not the same: $(cat out)"
[ "$(ls -A runs | wc -l)" = 1 ] || fail "the replay left something behind: $(ls -A runs)"

# A model that is not what the script gives is named.
cp -a "$run" "$run-other"
printf '#' | dd of="$run-other/calls/001-train/model.safetensors" bs=1 seek=5000 conv=notrunc 2>/dev/null
"$LIMBECK" verify "$run-other" --replay >out 2>&1 && fail "a model that was changed passes: $(cat out)"
grep -q "^DIFFERS .*calls/001-train/model.safetensors is another one" out || fail "it is not named: $(cat out)"
code=0
"$LIMBECK" verify "$run/calls/001-train" --replay >out 2>&1 || code=$?
[ $code != 0 ] && grep -q "name the run above it" out || fail "a piece: exit $code, $(cat out)"
