# A script that only prints leaves no run; one that trains shows where it is on a terminal, and nothing of that in a pipe.
fail() { echo "$*"; exit 1; }
echo 'print("hello", ...)' >hello.lua
"$LIMBECK" run hello.lua >out 2>err </dev/null
[ "$(cat out)" = hello ] && [ ! -s err ] || fail "$(cat out err)"
[ -z "$(ls runs)" ] || fail "a script that prints has left $(ls runs)"
[ -e "$("$LIMBECK" run --detach hello.lua)/run.json" ] || fail "nobody can follow a detached script"
rm -r runs
echo 'error("no")' >wrong.lua
! "$LIMBECK" run wrong.lua >out 2>err </dev/null || fail "an error is none"
[ "$(ls runs | wc -l)" = 1 ] || fail "a script that failed has left nothing to look at"
rm -r runs
echo 'local n = 0; for line in io.lines() do n = n + 1 end print(n)' >count.lua
[ "$(printf 'a\nb\n' | "$LIMBECK" -q run count.lua)" = 2 ] && [ "$(ls runs | wc -l)" = 1 ] || fail "what was read is not kept"
rm -r runs

awk 'BEGIN { srand(3); print "a,b,y"; for (i = 0; i < 400; i++) { a = rand(); b = rand(); print a "," b "," (a > b ? "yes" : "no") } }' >rows.csv
cat >fit.lua <<'LUA'
local lb = require "limbeck"
local p = lb.pipeline { source = lb.read("rows.csv"), target = "y", seed = 7 } :standardize { columns = "numeric" }
p:train { net = lb.mlp { 64, 64 }, epochs = 100000, batch = 8, name = "fit" }
print("trained")
LUA
command -v script >/dev/null || { echo "no program script here to make a terminal"; exit 77; }
(TERM=xterm script -qec "'$LIMBECK' run fit.lua" screen >/dev/null </dev/null) &
for i in $(seq 400); do ! grep -aq 'epoch .*left' screen 2>/dev/null || break; sleep 0.05; done
"$LIMBECK" stop "$(echo runs/*-fit-*)" 2>/dev/null
wait
grep -aq "$(printf '\r\033\\[K')fit  epoch [0-9]*/100000  valid loss [0-9.]*  best [0-9.]* at [0-9]*  [0-9: h]* left" screen || fail "no line: $(tail -c 400 screen)"
rm -r runs
"$LIMBECK" run fit.lua >out 2>err </dev/null &
for i in $(seq 400); do ! ls runs/*-fit-*/calls/001-train/events.jsonl >/dev/null 2>&1 || break; sleep 0.05; done
"$LIMBECK" watch --json runs/*-fit-* | grep -m 1 '"e":"epoch".*"epoch":40,' >/dev/null
"$LIMBECK" stop runs/*-fit-* 2>/dev/null
wait
! grep -q "$(printf '\033')\|epoch [0-9]*/" out err || fail "the line is in a pipe: $(cat out err)"
grep -q 'limbeck watch runs/.*follows it' err || fail "it does not say where it lives: $(cat err)"
