# Commands that a module defines: in the palette, on a key, with a form; what they ask for is done, what fails leaves the session alone.
fail() { echo "$*"; cat snaps/*.txt err 2>/dev/null; exit 1; }
shows() { grep -q -e "$2" "snaps/$1.txt" || fail "$1 does not show: $2"; }
cat >tools.lua <<'LUA'
local lb = require "limbeck"
lb.define.command {
  name = "drop_sparse", doc = "drop the columns of which too much is missing", keys = "<F6>",
  params = { share = { type = "real", default = 0.5, min = 0, max = 1, doc = "more than this is missing" } },
  run = function(about, params)
    local sparse = {}
    for _, c in ipairs(about.columns) do
      if c.missing > params.share * about.rows then sparse[#sparse + 1] = c.name end
    end
    if #sparse == 0 then return "nothing is missing that much" end
    return { say = #sparse .. " columns go, seen in " .. about.view, run = { { step = "drop", columns = sparse } } }
  end,
}
lb.define.command { name = "broken_tool", run = function(about) return about.nothing.there end }
lb.define.command { name = "endless_tool", run = function() while true do end end }
lb.define.command { name = "deaf_tool", run = function() string.find(("a"):rep(3e5), (".-"):rep(8) .. "b") end }
lb.define.command { name = "again_tool", run = function() return { "again_tool" } end }
lb.define.command { name = "eager_tool", run = function() return { "log1p columns=a", "no_such_thing" } end }
LUA
cat >session.lua <<'LUA'
local lb = require "limbeck"
require "tools"
local p = lb.pipeline { source = lb.read "rows.csv", target = "y", seed = 1 }
LUA
printf 'a,b,y\n1,,2\n2,,3\n3,4,5\n4,,6\n' >rows.csv
cat >keys <<'KEYS'
<wait:idle>
b
<wait:idle>
2
<Space>
<Space>
text:drop_sp
<snap:palette>
<Escape>
:drop_sparse share=0.9
<wait:idle>
<snap:nothing>
<F6>
<snap:form>
<Enter>
<wait:idle>
<snap:dropped>
:broken_tool
<wait:idle>
<snap:broken>
:endless_tool
<wait:idle>
<snap:endless>
<Escape>
:deaf_tool
<wait:idle>
<snap:deaf>
<Escape>
:again_tool
<wait:idle>
<snap:again>
:eager_tool
<wait:idle>
<snap:eager>
:drop_sparse shar=1
<snap:option>
:save out.lua
<wait:idle>
KEYS
timeout 60 "$LIMBECK" --script-seconds=1 --headless 100x24 --keys keys --snap snaps session.lua >out 2>err || fail "exit $?"
shows palette 'drop_sparse .*drop the columns of which too much is missing.*F6'
shows nothing 'nothing is missing that much'
shows form 'more than this is missing'
shows dropped '1 columns go, seen in Profile'
shows broken 'broken_tool: tools.lua:14: .*nil value (field .nothing.)'
shows endless 'endless_tool: .*tools.lua: it took 1 seconds of processor time'
shows deaf 'deaf_tool: it did not end in its time and was ended'
shows again 'again_tool, line 1 of what it asks for: it asks for again_tool, which a module defines too'
shows eager 'eager_tool, line 2 of what it asks for: no command "no_such_thing"'
shows option 'no option "shar"'
grep -q '^p = p:drop { columns = { "b" } }' out.lua || fail "the step is not in the script"
grep -q 'lb.define.module' out.lua || fail "the script does not carry the module"

# From a script of the workbench alone they are there again; a key that is taken is refused.
rm tools.lua
printf '<wait:idle>\n:undo\n<wait:idle>\n:drop_sparse share=0.9\n<wait:idle>\n<snap:again>\n' >keys
timeout 60 "$LIMBECK" --headless 100x24 --keys keys --snap snaps out.lua >out 2>err || fail "exit $?"
shows again 'nothing is missing that much'
echo 'require("limbeck").define.command { name = "mine", keys = "K", run = function() end }' >mine.lua
printf 'require "mine"\n' >keyed.lua
code=0
"$LIMBECK" run keyed.lua >out 2>err || code=$?
[ "$code" = 1 ] && grep -q 'command "mine": the key K is that of recipe_up; choose another' err || fail "exit $code"
