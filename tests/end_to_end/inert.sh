# Nothing that comes from outside reaches a terminal as more than text: names of files, headers, cells, classes, runs, script errors,
# through every verb, into a terminal and into a file. Data that go into a file or a pipe stay what they are.
fail() { echo "$*"; exit 1; }
export LC_ALL=C TERM=xterm
script=$(type -P script) && "$script" -qec true /dev/null >/dev/null 2>&1 || { echo "no script(1): nothing was shown on a terminal"; exit 77; }

evil=$(printf '\001\002\007\010\013\014\015\016\017\033]0;PWN\007\033[31m\033P1\033\134\037\177\302\200\302\233\302\235\342\200\256\342\200\217\342\201\246\342\200\213\356\200\200\363\240\201\201\200\233\377')
forbidden=$'[\001-\010\013-\037\177]|\302[\200-\237]|\342\200[\213-\217\250-\256]|\342\201[\246-\251]|\356\200\200|\363\240'
lone=$'(^|[\001-\177])[\200-\277]|[\300-\377]([\001-\177]|$)'

# inert FILE WHAT: no byte sequence that a terminal obeys or hides. CR stands before LF only, where the terminal puts it.
inert() {
    sed $'s/\r$//' "$1" >seen
    ! grep -aEq "$forbidden" seen || fail "$2: $(grep -aE "$forbidden" seen | head -3 | od -c | head -20)"
    ! grep -aEq "$lone" seen || fail "$2: bytes that are no UTF-8: $(grep -aE "$lone" seen | head -3 | od -c | head -20)"
}

escaped=$(printf '%s' "$evil" | od -An -tu1 -v | tr -s ' \n' '\n' | sed -n 's/^[0-9][0-9]*$/00&/; s/^0*\([0-9][0-9][0-9]\)$/\\\1/p' | tr -d '\n') # for a string of Lua

shown=0
# shows WORD...: the verb on a terminal and into a file; what it does with its exit code is not the question here.
shows() {
    printf '%q ' timeout 30 "$LIMBECK" "$@" >command.sh
    printf '<%q' "${input:-/dev/null}" >>command.sh
    "$script" -qec 'bash command.sh' /dev/null </dev/null >tty.out 2>&1 || true
    [ -s tty.out ] || fail "limbeck $1 says nothing"
    inert tty.out "limbeck $1 on a terminal"
    shown=$((shown + 1))
}
says() {
    shows "$@"
    "$LIMBECK" "$@" >file.out 2>&1 </dev/null || true
    inert file.out "limbeck $1 into a file"
}

# A table whose header, cells and classes hold every byte and the worst code points; JSON does, too.
{
    printf '"a%s",n,class\n' "$evil"
    for i in $(seq 40); do printf '"%s%d",%d,"%s%d"\n' "$evil" $((i % 4)) "$i" "$evil" $((i % 2)); done
    for byte in $(seq 1 255); do printf '"x\\%03o"' "$byte" | sed 's/\\042/\\042\\042/' >form; printf "$(cat form)"; printf ',%d,"%s%d"\n' "$byte" "$evil" $((byte % 2)); done
} >"t$evil.csv"
cp "t$evil.csv" plain.csv
printf '{"\\u001b]0;x\\u0007\\u009b31m\\u202e": "\\u001b[2J\\u009b\\u2066"}\n' >cells.jsonl

says profile "t$evil.csv"
says profile plain.csv --json
says profile plain.csv --target class
says profile "absent$evil.csv"
says profile plain.csv "--$evil"
says profile plain.csv --target "x$evil"
says "verb$evil"
says help "$evil"
says theme check "$evil"
says convert cells.jsonl -o "no$evil/where.csv"
says convert plain.csv -o -  --writer "$evil"
for writer in csv json jsonl; do shows convert plain.csv -o - --writer "$writer"; shows convert cells.jsonl -o - --writer "$writer"; done
"$LIMBECK" convert plain.csv -o - >raw.csv
"$LIMBECK" convert plain.csv -o raw2.csv
cmp raw.csv raw2.csv || fail "a pipe gets other bytes than a file"
grep -aq $'\033]0;PWN' raw.csv || fail "a file does not get the cells as they are"

printf 'local lb = require "limbeck"\nlocal t = lb.read "plain.csv"\nprint(t)\nlocal p = lb.pipeline { source = t, target = "class", seed = 1 }\n  :split { by = "random", train = 0.6, valid = 0.2, test = 0.2 }\n  :drop { columns = { "/^a/" } }\nprint(p)\nlocal m = p:train { net = {}, epochs = 1 }\nprint(m)\nm:save "m%s.safetensors"\nm:save "m.safetensors"\n' "$escaped" >fit.lua
printf 'local lb = require "limbeck"\nprint(lb.read "plain.csv")\nlb.read "absent%s.csv"\n' "$escaped" >absent.lua
printf 'error("%s")\n' "$escaped" >error.lua
printf 'x = "%s\n' "$evil" >syntax.lua
printf 'print("\\27]0;x\\7"); io.write("\\27[2J\\155\\194\\155\\n"); io.stdout:write("\\27[2J"); io.stderr:write("\\27[2J"); warn("@on"); warn("\\27[2J")\n' >print.lua
cp fit.lua "fit$evil.lua"
says run fit.lua
shows run "fit$evil.lua"
says run error.lua
says run syntax.lua
says lua syntax.lua
says run absent.lua
says lua error.lua
says lua absent.lua
shows run print.lua
shows lua print.lua
input=fit.lua shows run -
[ -s m.safetensors ] || fail "no model was saved: $(cat file.out) $("$LIMBECK" run fit.lua 2>&1)"
says compare m.safetensors "m$evil.safetensors"
says compare m.safetensors --json
shows predict m.safetensors plain.csv
shows predict m.safetensors plain.csv --json
says predict "m$evil.safetensors" absent.csv
printf 'q\n1\n' >less.csv
says predict m.safetensors less.csv

# A run that somebody else wrote.
mkdir -p "runs/r$evil"
printf '{"format":1,"kind":"x\\u001b]0;PWN\\u0007\\u009b\\u202e\\nok","name":"n\\u001b[2J"}' >"runs/r$evil/run.json"
: >"runs/r$evil/events.jsonl"
says runs
says runs --json
for run in runs/*PWN* runs/*-print-*; do
    says verify "$run"
    shows watch --plain "$run"
    shows watch --json "$run"
    says resume "$run"
    says stop "$run"
done
says verify "runs/r$evil" --json
[ "$shown" -gt 40 ] || fail "only $shown verbs were shown"
