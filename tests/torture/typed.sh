#!/usr/bin/env bash
# KEYS random keys typed on a terminal, after the workbench has taken it over: letters, control keys, escape sequences whole and cut,
# pastes, the keys of forms. No session crashes or hangs, and each hang-up is answered with exit code 129 and a terminal given back.
# The last line is "typed N". SEED= repeats one.
set -u
script=$(type -P script) && "$script" -qec true /dev/null >/dev/null 2>&1 || { echo "no script(1)"; exit 77; }
export TERM=xterm XDG_STATE_HOME=$PWD/state HOME=$PWD
typed=0 session=0 left=0 bad=0 most=4000

write_keys() { # SEED COUNT: bytes as octal escapes of printf
    awk -v seed="$1" -v keys="$2" '
    function pick(from, count) { return from[int(rand() * count) + 1] }
    function byte(n) { return sprintf("\\%03o", n) }
    BEGIN {
        srand(seed)
        forms = split("2=|2&|2f|2^|2/|2lf|4\\r|4j\\r|4aderive\\r|5a|5\\r|5j\\r|5p|6p|7p|:|o|\\023|  |8/|9|w|2A|2=|t|u|U|R", form, "|")
        texts = split("abc|-1|0|1e308|churn|nan|0.5|99999999999999999999|tenure * 2|a,b|(((((|*|tenure > 3|dense width=3, relu|{[|/[/|monkey.csv|y", text, "|")
        named = split("\\r \\r \\033 \\t \\033[Z \\033[A \\033[B \\033[B \\033[C \\033[D \\033OA \\033OB \\033[H \\033[F \\033[5~ \\033[6~ \\177 \\010 \\033[3~ \\022 \\014 \\025 \\027 \\033OP \\033[15~ \\033[1;5C \\033x \\033[M \\033[<0;3;4M \\033[ \\033[200~ \\033[201~ \\033]", names, " ")
        for (i = 1; i <= keys; i++) {
            r = rand()
            if (r < 0.08) printf "%s", pick(form, forms)
            else if (r < 0.16) printf "%s", pick(text, texts)
            else if (r < 0.19) printf "\\033[200~%s\\r%s\\033[201~", pick(text, texts), pick(text, texts)
            else if (r < 0.55) printf "%s", pick(names, named)
            else if (r < 0.60) { n = 128 + int(rand() * 128); printf "%s", byte(n) }
            else {
                do n = int(rand() * 128); while (n == 113 || n == 81 || n == 3 || n == 26 || n == 28 || n == 0) # what leaves or stops it
                printf "%s", byte(n)
            }
        }
    }' | tr -d '\n'
}
ticks() { awk '{ print $14 + $15 }' "/proc/$1/stat" 2>/dev/null; }
stop_workers() {
    local pid
    for pid in $(grep -lzs "worker" /proc/[0-9]*/cmdline | cut -d/ -f3); do
        [ "$(readlink "/proc/$pid/cwd")" = "$PWD" ] && kill -9 "$pid" 2>/dev/null
    done
}
rests() { # PID SECONDS: waits until it has had nothing to do for so long
    local before now
    now=$(ticks "$1")
    while before=$now && sleep "$2" && now=$(ticks "$1") && [ -n "$now" ] && [ "$now" != "$before" ]; do :; done
}
# Types when the terminal is taken over, never more than fits between the two, until all was read; then hangs up.
type_keys() {
    local pid part
    until [ -s pid ] && grep -qa $'\033\[?2004h' screen; do sleep 0.02; done
    pid=$(cat pid)
    for ((part = 0; part * 1500 < $(stat -c %s keys); part++)); do
        dd if=keys bs=1500 skip=$part count=1 2>/dev/null
        rests "$pid" 0.04
    done
    rests "$pid" 0.3
    kill -HUP "$pid" 2>/dev/null
    for _ in $(seq 600); do kill -0 "$pid" 2>/dev/null || return; sleep 0.1; done
    echo hung >hung
    kill -9 "$pid"
}

while [ "$typed" -lt "$KEYS" ] && [ $bad -lt 5 ] && [ $left -lt $((10 + session / 2)) ]; do
    session=$((session + 1))
    count=$((KEYS - typed < most ? KEYS - typed : most))
    rm -rf pid screen keys hung runs state *.lua
    : >screen
    head -n 200 "$ROOT/sample_data/churn.csv" >monkey.csv
    write_keys "${SEED:-1}$session" "$count" >escapes && printf "$(cat escapes)" >keys
    code=0
    type_keys | "$script" -qefc "stty cols $((session % 4 * 37 + 30)) rows $((session % 3 * 12 + 8)); echo \$\$ >pid; exec '$LIMBECK' monkey.csv" screen >/dev/null 2>&1 || code=$?
    stop_workers
    if [ $code = 0 ]; then left=$((left + 1)); else typed=$((typed + count)); fi # what was typed behind a way out does not count
    if [ -e hung ] || { [ $code != 129 ] && [ $code != 0 ]; }; then
        echo "seed ${SEED:-1}$session: $([ -e hung ] && echo "hangs") exit code $code; $(tail -c 300 screen | tr -c '[:print:]' ' ')"
        bad=$((bad + 1))
        [ -z "${KEEP:-}" ] || cp keys "$KEEP/keys.${SEED:-1}$session"
    fi
    ! grep -qaE 'AddressSanitizer|runtime error' screen || { echo "seed ${SEED:-1}$session: a sanitizer reports"; bad=$((bad + 1)); }
    tail -c 400 screen | grep -qa $'\033\[?1049l' || { echo "seed ${SEED:-1}$session: the terminal was not given back"; bad=$((bad + 1)); }
done
echo "typed $typed in $session sessions, $left of them left by a key"
[ $bad = 0 ] && [ "$typed" -ge "$KEYS" ]
