# What a reader leaves out is counted and said by every face; a plain file is converted in silence.
fail() { echo "$*"; exit 1; }
printf 'Report\nid;name;v\n1;a;2,5\n2;b;3,5\n3;c\n4;"d;4\n5;e;7,25\n' >odd.csv
printf 'a,b\n1,x\n' >plain.csv

"$LIMBECK" convert plain.csv -o out.csv --strict 2>err || fail "a plain file: exit $?"
[ ! -s err ] || fail "a plain file is not silent: $(cat err)"

code=0
"$LIMBECK" convert odd.csv -o out.csv --strict 2>err || code=$?
[ $code = 3 ] || fail "--strict with rows left out: exit $code"
printf 'id,name,v\n1,a,2.5\n2,b,3.5\n5,e,7.25\n' | cmp - out.csv
grep -q '2 rows could not be read' err || fail "convert does not say how many: $(cat err)"
grep -q 'skipped 1 line' err
grep -q 'decimal comma' err
"$LIMBECK" convert odd.csv -o out.csv 2>err || fail "without --strict: exit $?"
"$LIMBECK" convert odd.csv -o out.csv --quiet 2>err
[ ! -s err ] || fail "--quiet is not quiet"

"$LIMBECK" profile odd.csv --json >json
grep -q '"line": *5' json && grep -q '"line": *6' json && grep -q 'skipped 1 line' json || fail "profile --json: $(cat json)"
"$LIMBECK" profile odd.csv >text
grep -q '2 rows could not be read' text || fail "profile: $(cat text)"

for kind in 'PAR1\025\000' 'PK\003\004\000\000' '\050\265\057\375\004'; do
    # shellcheck disable=SC2059
    printf "$kind" >foreign.csv
    code=0
    "$LIMBECK" profile foreign.csv >out 2>err || code=$?
    [ $code = 1 ] && grep -q 'no table that limbeck reads; try: ' err || fail "$kind: exit $code, $(cat err)"
done

# Options that are no JSON, or no map, are refused with the slip, not passed over.
for options in garbage '{' '["a"]' '{"delimiter": ";"' '3'; do
    for verb in 'profile --read' 'convert --read' 'convert --writer csv --write'; do
        code=0
        # shellcheck disable=SC2086
        "$LIMBECK" $verb "$options" plain.csv >out 2>err || code=$?
        [ $code = 2 ] && [ ! -s out ] && grep -q 'must be JSON like' err || fail "$verb $options: exit $code, $(cat err)"
    done
done
"$LIMBECK" profile --read '{"delimiter": ","}' plain.csv >out || fail "options that are a map"
