#!/usr/bin/env bash
# Allocations that fail, ALLOCATIONS of them spread over what a verb does: it ends with a message and an exit code, or goes on; never by
# a signal. $LIMBECK is the fault build.
set -u
RANDOM=$((${SEED:-1} % 32768))
awk 'BEGIN { srand(3); print "a,b,y"; for (i = 0; i < 60; i++) { a = rand(); b = rand(); print a "," b "," (a > b ? "yes" : "no") } }' >rows.csv
cat >script.lua <<'LUA'
local lb = require "limbeck"
local p = lb.pipeline { source = lb.read("rows.csv"), target = "y", seed = 7 }:split {}:standardize { columns = "numeric" }
local m = p:train { net = lb.mlp { 4 }, epochs = 2, batch = 16 }
print(m:evaluate("test").auc)
LUA
printf '<Enter>\n2\n4\n5\n7\nq\n' >some.keys
commands=("profile rows.csv" "convert rows.csv -o out.csv" "lua script.lua" "--headless 100x30 --keys some.keys rows.csv")
bad=0
for command in "${commands[@]}"; do
    # shellcheck disable=SC2086
    total=$(LIMBECK_FAULT=count "$LIMBECK" $command 2>&1 >/dev/null </dev/null | sed -n 's/.* allocations \([0-9]*\)$/\1/p' | tail -n 1)
    [ -n "$total" ] || { echo "$command: no count"; exit 1; }
    for ((i = 0; i < ALLOCATIONS / ${#commands[@]}; i++)); do
        n=$(((RANDOM * 32768 + RANDOM) % total + 1)) code=0
        # shellcheck disable=SC2086
        { LIMBECK_FAULT=alloc:$n timeout -s KILL 60 "$LIMBECK" $command >out 2>err </dev/null || code=$?; } 2>/dev/null
        if [ "$code" -ge 124 ]; then
            echo "$command, allocation $n: exit $code"
            bad=$((bad + 1))
        elif [ "$code" != 0 ] && ! [ -s err ]; then
            echo "$command, allocation $n: exit $code without a message"
            bad=$((bad + 1))
        fi
        rm -rf runs out.csv
    done
done
[ "$bad" = 0 ] || { echo "$bad bad"; exit 1; }
