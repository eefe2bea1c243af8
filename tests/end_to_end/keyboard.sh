# Standard input that is the keyboard is no table and no input of a script that is only described: nothing in the workbench waits for it.
script=$(type -P script) && "$script" -qec true /dev/null >/dev/null 2>&1 || { echo "no script(1)"; exit 77; }
export TERM=xterm XDG_STATE_HOME="$PWD/state" HOME="$PWD"
printf 'a,b\n1,2\n3,4\n' >t.csv
printf 'print(io.read(), io.stdin:read()) for line in io.lines() do print(line) end\n' >asks.lua
printf 'require("limbeck").read("-")\n' >reads.lua
printf 'for _ in io.lines() do end\nlocal lb = require "limbeck"\nlb.pipeline { source = lb.read("t.csv"), target = "b" }\n' >lines.lua

seen() { for _ in $(seq 1500); do grep -qa "$1" screen && return; sleep 0.02; done; return 1; }
# answers FILE KEYS WORDS: after the keys the words are shown, and a hang-up is heard.
answers() {
    rm -f pid && : >screen
    code=0
    {
        seen '2004h' && sleep 0.2 && printf "$2" && { seen "$3" || echo "not shown" >>missed; }
        kill -HUP "$(cat pid)"
        for _ in $(seq 1500); do kill -0 "$(cat pid)" 2>/dev/null || break; sleep 0.02; done
        kill -9 "$(cat pid)" 2>/dev/null || true
    } | "$script" -qefc "stty cols 100 rows 20; echo \$\$ >pid; exec '$LIMBECK' $1" screen >/dev/null 2>&1 || code=$?
    if [ -e missed ] || [ $code != 129 ]; then
        echo "$1, $2: exit code $code, not shown: $3: $(tail -c 1500 screen | tr -c '[:print:]' ' ')"
        exit 1
    fi
}
answers t.csv 'o\025-\r' 'standard input is the'
answers reads.lua b 'standard input'
answers asks.lua b 'describes no\|document\|nothing'
answers lines.lua b 'limbeck document v1'
