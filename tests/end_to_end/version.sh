# The version line and the exit code of a wrong option are what scripts rely on.
"$LIMBECK" --version | grep -Eqx 'limbeck [0-9]+\.[0-9]+'
code=0
"$LIMBECK" --no-such-option 2>error.txt || code=$?
[ "$code" = 2 ]
[ "$(wc -l <error.txt)" -ge 1 ]
grep -q 'no-such-option' error.txt
