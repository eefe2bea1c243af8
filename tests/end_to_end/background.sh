# The workbench waits for nothing on the thread of its screen: a script that takes for ever to describe is given up by Esc, a disk that
# does not answer holds neither keys nor painting up, and what was to be written is written before it leaves.
${CC:-cc} -std=c11 -D_GNU_SOURCE -O1 -o terminal "$ROOT/tests/end_to_end/terminal.c" -lutil
cp "$ROOT/sample_data/churn.csv" .
export HOME="$PWD"
escape=$'\033' save=$'\023'
screen() { # EXIT-CODE FILE STEP...
    local wanted=$1 file=$2 code=0
    shift 2
    ./terminal 120x36 "$@" -- "$LIMBECK" "$file" >out 2>&1 || code=$?
    [ "$code" = "$wanted" ] || { echo "exit code $code, expected $wanted: $(tail -n 1 out)"; exit 1; }
}

# A script whose top level never ends, as its author wrote it, in Lua and where no stop is seen; and one that reads what is typed.
cat >endless.lua <<'LUA'
local lb = require "limbeck"
while true do pcall(function() while true do end end) end
LUA
screen 0 endless.lua until:Distill keys:b "until:reading the script" keys:1 "until:No table open" "keys:$escape" "until:given up" keys:q
echo 'string.find(string.rep("a", 60), string.rep("a*", 30) .. "b")' >pattern.lua
screen 0 pattern.lua until:Distill keys:b "until:reading the script" "keys:$escape" "until:given up" keys:q
echo 'local n = io.read("n") error("it read " .. tostring(n))' >reads.lua
screen 0 reads.lua until:Distill keys:b "until:it read nil" keys:q
# One that fails says so where the user stands, and the workbench goes on.
echo 'error "this one fails"' >fails.lua
screen 0 fails.lua until:Distill keys:b "until:this one fails" keys:1 "until:No table open" keys:q

# A disk that does not answer while the file "hold" is there.
cat >slow.c <<'C'
#include <unistd.h>
int fsync(int file)
{
    for (int i = 0; access("hold", F_OK) == 0 && i < 3000; i++)
        usleep(10000);
    return file < 0;
}
C
${CC:-cc} -shared -fPIC -o slow.so slow.c
env LD_PRELOAD="$PWD/slow.so" "$LIMBECK" --version >/dev/null 2>&1 || exit 0 # a sanitizer wants to be loaded first
slow() { env LD_PRELOAD="$PWD/slow.so" ./terminal 120x36 "$@" -- "$LIMBECK" churn.csv >out 2>&1 || { echo "$? $(tail -n 1 out)"; exit 1; }; }

# Starting: a second t says so, the views go on, Esc gives it up and nothing is started.
slow "until:27.2 %" keys:A "until:train 1400" do:touch\ hold keys:t "until:starting the training" keys:t "until:already starting" \
    keys:9 "until:lb.pipeline" "keys:$escape" "until:stopping" do:rm\ hold "until:nothing was started" keys:q "until:Not saved" "keys:y
"
[ -z "$(ls -A runs)" ] || { echo "a run that was given up has left $(ls runs)"; exit 1; }
# Saving: keys go on, and it is saved when the workbench has been left.
slow "until:27.2 %" keys:A "until:train 1400" do:touch\ hold "keys:$save" "until:saving" keys:1 "until:senior_citizen" keys:q \
    "until:leaving when" do:rm\ hold
grep -q fill_missing session.lua
