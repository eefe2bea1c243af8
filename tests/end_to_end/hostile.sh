# Scripts that try to get out. Opening one shows it and runs nothing; described or run, it reaches no process, no native code and no
# library that the sandbox does not hand out; while it is only described it changes no file.
fail() { echo "$*"; exit 1; }
printf '<wait:idle>\n<snap:shown>\nq\n' >open.keys
printf '<wait:idle>\nb\n<wait:idle>\n<snap:built>\nq\n' >build.keys

# Each line is an attempt; one that works leaves the file OWNED.
cat >attempts <<'LUA'
require("os").execute("touch OWNED")
os.execute("touch OWNED")
require("io").popen("touch OWNED"):close()
io.popen("touch OWNED"):close()
package.loaded.os.execute("touch OWNED")
require("package").loaded.os.execute("touch OWNED")
require("package").loadlib("libc.so.6", "system")("touch OWNED")
package.loadlib("libc.so.6", "*")("touch OWNED")
debug.getregistry()._LOADED.os.execute("touch OWNED")
require("debug").getregistry()._LOADED.os.execute("touch OWNED")
require("debug").getupvalue(require, 1)
debug.sethook(function() os.execute("touch OWNED") end, "", 1)
require("_G").os.execute("touch OWNED")
require("_G").require("os").execute("touch OWNED")
getmetatable("").__index.rep = function() os.execute("touch OWNED") end ("x"):rep(2)
getmetatable("").__index = function() return function() require("os").execute("touch OWNED") end end ("x"):foo()
load("os.execute('touch OWNED')")()
load(string.dump(function() io.open("OWNED", "w"):close() end), "x", "b")()
load("\27Lua")()
assert(loadfile("evil.lua"))()
dofile("evil.lua")
require("../evil")
require("/tmp/evil")
loadstring("os.execute('touch OWNED')")()
setmetatable(_G, { __index = function() return function() os.execute("touch OWNED") end end }) x()
coroutine.wrap(function() require("os").execute("touch OWNED") end)()
pcall(function() require("os").execute("touch OWNED") end)
setmetatable({}, { __gc = function() require("os").execute("touch OWNED") end }) collectgarbage()
local t <close> = setmetatable({}, { __close = function() require("os").execute("touch OWNED") end })
string.format("%s", setmetatable({}, { __tostring = function() require("os").execute("touch OWNED") return "" end }))
for _, f in pairs(require("os")) do pcall(f, "touch OWNED") end
for _, f in pairs(require("io")) do pcall(f, "touch OWNED") end
for _, f in pairs(require("debug")) do pcall(f, "touch OWNED") end
for k, v in pairs(_G) do if type(v) == "table" and v.execute then v.execute("touch OWNED") end end
for k, v in next, _G do if type(v) == "table" then for n, f in next, v do if n == "execute" or n == "popen" or n == "loadlib" then f("touch OWNED") end end end end
getmetatable(io.stdout).__index.write = nil io.stdout.popen("touch OWNED")
getmetatable(_G).__index = nil os.execute("touch OWNED")
LUA
while IFS= read -r line; do
    for door in '' 'local os, io = require "os", require "io" '; do
        printf '%s%s\n' "$door" "$line" >a.lua
        printf -- '-- limbeck document v1\n%s%s\n' "$door" "$line" >g.lua
        printf 'os = require "os" os.execute("touch OWNED")\n' >evil.lua
        "$LIMBECK" --headless 80x24 --keys open.keys --snap . a.lua >/dev/null 2>&1 </dev/null || fail "opening fails: $line"
        [ ! -e OWNED ] || fail "opening ran: $line"
        timeout 120 "$LIMBECK" --headless 80x24 --keys build.keys --snap . a.lua >/dev/null 2>&1 </dev/null || true
        timeout 120 "$LIMBECK" --headless 80x24 --keys open.keys g.lua >/dev/null 2>&1 </dev/null || true
        [ ! -e OWNED ] || fail "describing ran: $line"
    done
    timeout 120 "$LIMBECK" -q run a.lua >/dev/null 2>&1 </dev/null || [ $? != 124 ] || fail "does not end: $line"
    case $line in *string.dump* | *'pairs(require("io"))'*) ;; *) [ ! -e OWNED ] || fail "running got out: $line" ;; esac
    rm -rf OWNED runs "touch OWNED"
done <attempts

# What is only shown or described writes, removes and renames nothing; running it may.
: >precious
for line in 'os.remove("precious")' 'os.rename("precious", "gone")' 'io.open("precious", "w"):write("x")' 'io.open("OWNED", "a"):close()' 'print(os.tmpname())' \
    'io.open("precious", "r+"):write("x")' 'lb = require "limbeck" lb.read("t.csv"):write("OWNED.csv")'; do
    printf 'a,b\n1,2\n' >t.csv
    printf '%s\n' "$line" >a.lua
    printf -- '-- limbeck document v1\n%s\n' "$line" >g.lua
    timeout 120 "$LIMBECK" --headless 80x24 --keys build.keys --snap . a.lua >/dev/null 2>&1 </dev/null || true
    timeout 120 "$LIMBECK" --headless 80x24 --keys open.keys g.lua >/dev/null 2>&1 </dev/null || true
    [ -e precious ] && [ ! -s precious ] && [ ! -e OWNED ] && [ ! -e OWNED.csv ] && [ ! -e gone ] || fail "describing changed a file: $line"
done

# A script written by hand is shown as it is; b builds what it describes.
cp "$ROOT/lua/pipelines/churn.lua" hand.lua
"$LIMBECK" --headless 100x30 --keys open.keys --snap . hand.lua </dev/null >/dev/null
grep -q 'A script written by hand' shown.txt && grep -q 'require "limbeck"' shown.txt || fail "not shown: $(cat shown.txt)"
"$LIMBECK" --headless 100x30 --keys build.keys --snap . hand.lua </dev/null >/dev/null
grep -q 'limbeck document v1' built.txt || fail "not built: $(cat built.txt)"

# A generated script of steps without end is not read to its end.
{
    printf -- '-- limbeck document v1\nlocal lb = require "limbeck"\nlocal source = lb.read("t.csv")\nlocal p = lb.pipeline { source = source, target = "a", seed = 0 }\n'
    for i in $(seq 3000); do echo "p = p:join { table = \"t.csv\", on = \"b\", prefix = \"a$i\" }"; done
} >long.lua
timeout -k 1 60 "$LIMBECK" --headless 100x30 --keys open.keys --snap . long.lua >/dev/null 2>&1 </dev/null || fail "a document of 3000 steps is never opened: $?"
grep -q 'more than 1000 steps' shown.txt || fail "the limit of steps is not said: $(cat shown.txt)"
