# Work that was not saved survives whatever ends the workbench: a lost connection, a kill; the next start on that file offers it. Saved or
# left on purpose, nothing stays behind. Nothing is overwritten unasked.
cp "$ROOT/sample_data/churn.csv" .
cp -r "$ROOT/tests/screens/runs/20261123T104210Z-wide-c01d" going_on
sed -i '$d' going_on/events.jsonl
export XDG_STATE_HOME="$PWD/state" HOME="$PWD/home"
mkdir home
start() { # EXIT-CODE FILE: keys from stdin
    local code=0
    cat >now.keys
    "$LIMBECK" --headless 100x30 --keys now.keys --snap snap "$2" >out 2>&1 </dev/null || code=$?
    [ "$code" = "$1" ] || { echo "exit $code, expected $1"; cat now.keys out; exit 1; }
}
kept() { find state -name '*.lua' 2>/dev/null | wc -l; }
expect() { [ "$1" = "$2" ] || { echo "line ${BASH_LINENO[0]}: $3: $1, expected $2"; exit 1; }; }
shows() { grep -q -- "$2" "snap/$1.txt" || { echo "line ${BASH_LINENO[0]}: $1 does not show '$2'"; head -n 30 "snap/$1.txt"; exit 1; }; }
hides() { ! grep -q -- "$2" "snap/$1.txt" || { echo "line ${BASH_LINENO[0]}: $1 shows '$2'"; exit 1; }; }

# The terminal hangs up; the work is offered, restored whole, and undone to the file as it was.
printf '%s\n' '<wait:idle>' '<wait:idle>' - '<wait:idle>' ':log1p columns=tenure' '<wait:idle>' '<EOF>' | start 129 churn.csv
expect "$(kept)" 1 "scripts kept after a hang-up"
expect "$(stat -c %a state/limbeck)" 700 "mode of the state folder"
expect "$(find state -name '*.lua' -exec stat -c %a {} +)" 600 "mode of the script"
printf '%s\n' '<wait:idle>' '<snap:offer>' r '<wait:idle>' '<wait:idle>' 9 '<snap:restored>' U U '<wait:idle>' '<snap:undone>' R ':save session.lua' | start 0 churn.csv
shows offer 'Unsaved work'
shows offer 'log1p'
shows restored ':drop'
shows restored ':log1p'
shows restored 'lb.read("churn.csv")'
hides undone ':log1p'
expect "$(kept)" 0 "scripts kept after saving"
grep -q log1p session.lua

# A kill gives no warning.
printf '%s\n' '<wait:idle>' '<wait:idle>' ':log1p columns=tenure' ':open going_on' '<wait:end>' >hang.keys
"$LIMBECK" --headless 100x30 --keys hang.keys churn.csv >out 2>&1 </dev/null &
pid=$!
for _ in $(seq 200); do
    [ "$(kept)" = 1 ] && break
    sleep 0.05
done
expect "$(kept)" 1 "scripts kept while editing"
# Meanwhile another session on the same file is offered nothing and keeps its own.
printf '%s\n' '<wait:idle>' '<wait:idle>' '<snap:second>' - '<wait:idle>' '<EOF>' | start 129 churn.csv
hides second 'Unsaved work'
expect "$(kept)" 2 "scripts kept by two sessions"
kill -9 "$pid"
wait "$pid" 2>/dev/null || true
printf '%s\n' '<wait:idle>' '<wait:idle>' '<snap:first>' d '<wait:idle>' | start 0 churn.csv
shows first 'Unsaved work'
expect "$(kept)" 1 "scripts kept after one was discarded"
# Esc lets it lie; from another folder the table is found as well.
mkdir elsewhere && cd elsewhere
printf '%s\n' '<wait:idle>' '<wait:idle>' '<Esc>' | start 0 ../churn.csv
expect "$(ls ../state/limbeck/*.lua | wc -l)" 1 "scripts kept after Esc"
printf '%s\n' '<wait:idle>' '<wait:idle>' r '<wait:idle>' '<wait:idle>' 9 '<snap:here>' | start 0 ../churn.csv
shows here 'lb.read("../churn.csv")'
cd ..
expect "$(find state -type f | wc -l)" 0 "files left in the state folder"

# A session script: its own work is offered, that of the table is not.
printf '%s\n' '<wait:idle>' '<wait:idle>' - '<wait:idle>' '<EOF>' | start 129 churn.csv
printf '%s\n' '<wait:idle>' '<snap:script>' ':log1p columns=monthly_charges' '<wait:idle>' '<EOF>' | start 129 session.lua
hides script 'Unsaved work'
printf '%s\n' '<wait:idle>' '<wait:idle>' '<snap:script>' r '<wait:idle>' '<C-s>' | start 0 session.lua
shows script 'log1p'
grep -q monthly_charges session.lua

# F5 keeps the steps and the way back; a file that cannot be opened changes nothing.
rm -r state
printf '%s\n' '<wait:idle>' '<wait:idle>' - '<wait:idle>' ':reload' '<wait:idle>' '<snap:same>' ':open no_such.csv' '<snap:none>' 4 '<snap:net>' U '<wait:idle>' '<snap:back>' | start 0 churn.csv
shows same 'nothing has changed'
shows none 'no_such.csv'
shows back 'undone'

# Opening another table asks first.
printf '%s\n' '<wait:idle>' '<wait:idle>' - '<wait:idle>' ':open churn.csv' '<snap:ask>' n '<Enter>' 9 '<snap:stays>' ':open churn.csv' y '<Enter>' '<wait:idle>' '<wait:idle>' 9 '<snap:fresh>' | start 0 churn.csv
shows ask 'Not saved'
shows stays ':drop'
hides fresh ':drop'

# Saving: not over a table, not over a script written by hand, not over another session unasked.
cp churn.csv table.csv
echo 'print("by hand")' >hand.lua
cp session.lua other.lua
cp session.lua before.lua
printf '%s\n' '<wait:idle>' '<wait:idle>' - '<wait:idle>' ':save table.csv' '<snap:csv>' ':save hand.lua' '<snap:hand>' ':save other.lua' '<snap:other>' n '<Enter>' '<C-s>' '<snap:session>' '<Esc>' | start 0 churn.csv
cmp churn.csv table.csv
grep -q 'by hand' hand.lua
cmp before.lua other.lua
cmp before.lua session.lua
shows csv 'ends in .lua'
shows hand 'never rewritten'
shows other 'overwrites'
shows session 'overwrites'
printf '%s\n' '<wait:idle>' '<wait:idle>' - '<wait:idle>' ':save other.lua' y '<Enter>' - '<wait:idle>' '<C-s>' '<snap:again>' | start 0 churn.csv
cmp -s before.lua other.lua && { echo "y did not overwrite"; exit 1; }
shows again 'saved other.lua'
