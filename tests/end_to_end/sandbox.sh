# How far scripts are trusted, what they may use, and that each of them ends: run, resumed, opened in the workbench.
mkdir -p project/sub other
cd project
printf 'a,b,y\n1,2,yes\n2,1,no\n3,5,yes\n4,2,no\n' | tee data.csv sub/data.csv >../other/data.csv
fail() { echo "$*"; cat out err 2>/dev/null; exit 1; }
run() { # CODE PATTERN ARGUMENTS...: exit code, and what it prints
    local code=0 wanted=$1 pattern=$2
    shift 2
    timeout 60 "$LIMBECK" "$@" >out 2>err </dev/null || code=$?
    [ "$code" = "$wanted" ] && grep -q -e "$pattern" out err || fail "$*: exit $code, expected $wanted and $pattern"
}

# A script that the user names: tables of any path, its own files below its folder, the current one and its run.
echo 'print(#require("limbeck").read("../other/data.csv"), "rows")' >sub/tables.lua
echo 'require("limbeck").read("data.csv"):write("../other/copy.csv") print "done"' >sub/writes.lua
echo 'local f = assert(io.open("here.txt", "w")) f:write "x" f:close() print(io.open("sub/data.csv"):read()) os.remove("here.txt")' >sub/own.lua
echo 'print(io.open("../other/data.csv"):read())' >sub/opens.lua
echo 'print(os.execute == nil, io.popen == nil)' >sub/programs.lua
echo 'local n = os.tmpname() local f = assert(io.open(n, "w")) f:write "x" f:close() print(os.remove(n))' >sub/temporary.lua
run 0 "4.rows" run sub/tables.lua
run 0 done run sub/writes.lua
rm ../other/copy.csv
run 0 a,b,y run sub/own.lua
run 0 true run sub/temporary.lua
run 1 'may not read ../other/data.csv.*--trust' run sub/opens.lua
run 1 'may not read' lua sub/opens.lua
run 0 a,b,y --trust run sub/opens.lua
run 0 a,b,y --trust lua sub/opens.lua
for trust in --quiet --trust --sandbox; do run 0 'true.true' $trust run sub/programs.lua; done
run 2 'give one of them' --trust --sandbox run sub/tables.lua

# The sandbox: its folder and its run, and the data that are shipped.
run 1 'may not read ../other/data.csv.*project/sub' --sandbox run sub/tables.lua
run 1 'may not read data.csv' --sandbox run sub/writes.lua
run 1 'may not write here.txt' --sandbox run sub/own.lua
echo 'local lb = require "limbeck" lb.read("sub/data.csv"):write("sub/copy.csv") print(#lb.read("sample_data/churn.csv") > 100, os.getenv "HOME")' >sub/inside.lua
run 0 'true.nil' --sandbox run sub/inside.lua
[ -s sub/copy.csv ] && [ ! -e ../other/copy.csv ]

# Limits, in a run and outside of one, and the end that the run tells.
echo 'while true do pcall(function() while true do end end) end' >spin.lua
echo 'string.find(("a"):rep(3e5), (".-"):rep(8) .. "b")' >pattern.lua
echo 'local t = {} while true do t[#t + 1] = {} end' >grow.lua
echo 'local lb, t = require "limbeck", {} while true do t[#t + 1] = lb.read("data.csv") end' >tables.lua
for script in spin pattern; do
    rm -rf runs
    run 1 'script-seconds=N allows more' --script-seconds=1 run $script.lua
    grep -q '"e":"end".*"status":"failed","exit":1' runs/*/events.jsonl || fail "$script: not marked as failed"
done
run 1 'script-seconds=N allows more' --script-seconds=1 lua pattern.lua
run 1 'more than 16 MiB of memory.*script-memory' --script-memory=16 run grow.lua
rm -rf runs
run 1 'more than 16 MiB of memory.*script-memory' --sandbox --script-memory=16 run tables.lua
grep -q '"e":"end".*"status":"failed","exit":1' runs/*/events.jsonl || fail "tables: not marked as failed"

# A run that was stopped is resumed as if it came from elsewhere: it writes no file outside of it and of where the user stands.
cat >long.lua <<'LUA'
local lb = require "limbeck"
local p = lb.pipeline { source = lb.read("../other/data.csv"), target = "y", seed = 1 }:split { train = 0.5, valid = 0.25, test = 0.25 }
local m = p:train { net = lb.mlp { 4 }, epochs = 100000, batch = 2, name = "long" }
m:save "here.safetensors"
m:save "../other/model.safetensors"
print "saved"
LUA
rm -rf runs
id=$("$LIMBECK" run --detach long.lua)
for _ in $(seq 400); do ! grep -qs '"e":"epoch"' "$id"/calls/*/events.jsonl || break; sleep 0.05; done
"$LIMBECK" stop "$id" >/dev/null
timeout 60 "$LIMBECK" watch --plain "$id" >/dev/null || true
sed -i 's/^local m = .*/local m = p:train { net = lb.mlp { 4 }, epochs = 1, batch = 2, name = "short" }/' "$id/script.lua"
rm -rf "$id/calls" "$id/journal.jsonl"
run 1 'may not write ../other/model.safetensors' resume "$id"
[ -s here.safetensors ] && [ ! -e ../other/model.safetensors ] || fail "resumed: what it wrote is not what it may write"
run 0 saved resume --trust "$id"
[ -s ../other/model.safetensors ]

# Opened in the workbench: a forged header is no reason to run; what is built ends by its limit, or when it is told.
printf '<wait:idle>\nb\n<wait:idle>\n<snap:built>\nq\n' >build.keys
printf '<wait:idle>\n<snap:shown>\nq\n' >open.keys
for body in 'xpcall(function() while true do end end, function() while true do end end)' 'string.find(("a"):rep(3e5), (".-"):rep(8) .. "b")'; do
    printf -- '-- limbeck document v1\nlocal lb = require "limbeck"\n%s\n' "$body" >forged.lua
    timeout 20 "$LIMBECK" --headless 100x30 --keys open.keys --snap . forged.lua >/dev/null 2>&1 </dev/null || fail "opening does not end"
    grep -q 'A script written by hand' shown.txt || fail "not shown: $(cat shown.txt)"
    timeout 20 "$LIMBECK" --script-seconds=1 --headless 150x30 --keys build.keys --snap . forged.lua >/dev/null 2>&1 </dev/null || fail "building does not end"
    grep -q 'script-seconds' built.txt || fail "not said: $(cat built.txt)"
    "$LIMBECK" --headless 100x30 --keys build.keys --snap . forged.lua >/dev/null 2>&1 </dev/null &
    pid=$!
    sleep 0.5
    kill -TERM $pid
    code=0
    wait $pid || code=$?
    [ $code = 143 ] || fail "the workbench ended with $code"
done
