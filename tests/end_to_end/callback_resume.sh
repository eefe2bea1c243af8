# A callback that counts is killed with its run and resumed: declared state goes on where it was, other state is named in the manifest
# and on the terminal.
fail() {
    echo "$1"
    exit 1
}
expect() {
    [ "$1" = "$2" ] || fail "got [$1], expected [$2]"
}
awk 'BEGIN { srand(5); print "a,b,y"; for (i = 1; i <= 300; i++) { a = rand(); b = rand(); printf "%.4f,%.4f,%s\n", a, b, (a * b > 0.25 ? "yes" : "no") } }' >rows.csv

# write NAME BODY: a script whose training would last for very long; BODY makes `on_epoch`.
write() {
    cat >"$1.lua" <<LUA
local lb = require "limbeck"
local p = lb.pipeline { source = lb.read("rows.csv"), target = "y", positive = "yes", seed = 7 } :split {} :standardize {}
$2
local m = p:train { net = lb.mlp { 128, 128 }, epochs = 100000, batch = 4, checkpoint_every = 500, on_epoch = on_epoch }
print("epochs", m.epochs, "calls", calls())
LUA
}

# kill NAME: runs it, kills its worker after 20 epochs, and says where the run lies. On a busy machine one may end before that: again.
kill_one() {
    for _ in $(seq 20); do try_to_kill "$1" && return 0; done
    fail "$1 always ended before it was killed"
}
try_to_kill() {
    "$LIMBECK" run --detach "$1.lua" >"$1.dir" || fail "$1 does not start"
    local run events pid
    run=$(cat "$1.dir") events="$run/calls/001-train/events.jsonl"
    for _ in $(seq 600); do
        [ -f "$events" ] && [ "$(grep -c '"e":"epoch"' "$events")" -ge 20 ] && break
        sleep 0.01
    done
    pid=$(pgrep -f "worker .*$(basename "$run")") && kill -9 "$pid" || return 1
    while kill -0 "$pid" 2>/dev/null; do sleep 0.02; done
    ! grep -q '"e":"end"' "$events" || return 1
    echo "$run"
}

write declared 'local on_epoch = lb.callback { state = { n = 0 }, fn = function(e, state)
  state.n = state.n + 1
  if state.n == 400 then return "stop" end
end }
local function calls() return on_epoch.state.n end'
run=$(kill_one declared)
"$LIMBECK" resume "$run" >out 2>err || fail "resume failed: $(cat err)"
expect "$(cat out)" "epochs	400	calls	400"
expect "$(cat err)" ""
grep -q '"resume_is_exact": true' "$run/calls/001-train/plan.json" || fail "the manifest does not say that a resume is exact"

write hidden 'local n = 0
local function on_epoch(e)
  n = n + 1
  if e.epoch == 400 then return "stop" end
end
local function calls() return n < 400 end'
run=$(kill_one hidden)
"$LIMBECK" resume "$run" >out 2>err || fail "resume failed: $(cat err)"
expect "$(cat out)" "epochs	400	calls	true"
expect "$(cat err)" "note: resume is not exact: on_epoch may have state (n); declare it with lb.callback { state = ..., fn = ... }"
grep -q '"undeclared_state": "n"' "$run/calls/001-train/plan.json" || fail "the manifest does not name the state"
