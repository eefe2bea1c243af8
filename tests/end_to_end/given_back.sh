# Whatever ends the workbench, the terminal is as it was before: its modes, its cursor, its screen. The exit code says what it was.
${CC:-cc} -std=c11 -D_GNU_SOURCE -O1 -o terminal "$ROOT/tests/end_to_end/terminal.c" -lutil
printf 'a,b\n1,2\n' >two.csv
export HOME="$PWD"
bad=0
for name in HUP INT QUIT ILL TRAP ABRT BUS FPE USR1 SEGV USR2 ALRM TERM XCPU VTALRM PROF SYS; do
    number=$(kill -l "$name")
    code=0
    ./terminal 120x36 "until:Distill" "signal:$number" -- "$LIMBECK" two.csv >out 2>&1 || code=$?
    [ "$code" = $((128 + number)) ] || { echo "SIG$name: exit code $code: $(tail -n 1 out)"; bad=1; }
done
code=0
./terminal 120x36 "until:Distill" "keys:q" -- "$LIMBECK" two.csv >out 2>&1 || code=$?
[ "$code" = 0 ] || { echo "q: exit code $code: $(tail -n 1 out)"; bad=1; }
[ "$bad" = 0 ]
