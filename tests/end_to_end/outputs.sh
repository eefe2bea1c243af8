# Files that the user names: modes, links, endings, packing; what is never overwritten; readers that leave early; Ctrl-C.
printf 'a,b\n1,x\n2,y\n' >rows.csv
fail() { echo "$*"; exit 1; }
mode() { [ "$(stat -c %a "$1")" = "$2" ] || fail "$1 has mode $(stat -c %a "$1"), expected $2"; }

umask 022
mkdir real
echo old >real/t.csv
chmod 640 real/t.csv
ln -s t.csv real/second.csv
ln -s real/second.csv link.csv
ln -s real/later.csv dangling.csv
echo x >keep.csv
chmod 604 keep.csv
for f in link.csv keep.csv new.csv dangling.csv; do "$LIMBECK" convert rows.csv -o $f; done
for f in link.csv dangling.csv real/second.csv; do [ -L $f ] || fail "$f is no link any more"; done
for f in real/t.csv keep.csv new.csv real/later.csv; do cmp rows.csv $f; done
mode real/t.csv 640; mode keep.csv 604; mode new.csv 644; mode real/later.csv 644
[ -z "$(find . -name '.*.tmp')" ] || fail "temporary files are left"
(umask 027; "$LIMBECK" convert rows.csv -o group.csv); mode group.csv 640
if [ "$(id -u)" != 0 ]; then
    chmod 444 keep.csv
    ! "$LIMBECK" convert rows.csv -o keep.csv 2>err || fail "a file that may not be written was replaced"
fi

# The same from a script, whose run stays private.
cat >save.lua <<'LUA'
local lb = require "limbeck"
local t = lb.read("rows.csv")
t:save "from_script.csv"
local p = lb.pipeline { source = lb.read("train.csv"), target = "y", seed = 7 }
p:train { net = lb.mlp { 2 }, epochs = 1 }:save "model.safetensors"
LUA
awk 'BEGIN { srand(3); print "a,y"; for (i = 0; i < 60; i++) { a = rand(); print a "," (a > 0.5 ? "yes" : "no") } }' >train.csv
"$LIMBECK" run save.lua
mode from_script.csv 644; mode model.safetensors 644
[ -z "$(find runs -type f -not -perm 600)" ] || fail "files of a run are open to others: $(find runs -type f -not -perm 600)"
[ -z "$(find runs -type d -not -perm 700)" ] || fail "directories of a run are open to others"

# Its own input, also under another name, is refused; nothing is touched.
ln rows.csv same.csv
ln -s rows.csv named.csv
for f in rows.csv same.csv named.csv; do
    code=0
    "$LIMBECK" convert rows.csv -o $f 2>err || code=$?
    [ $code = 2 ] || fail "convert onto its own input as $f: exit $code"
    grep -q 'is the file that is read' err
done
! "$LIMBECK" convert - -o rows.csv <rows.csv 2>err || fail "convert onto its own input through stdin"
! "$LIMBECK" predict model.safetensors train.csv -o train.csv 2>err || fail "predict onto its own input"
! "$LIMBECK" predict model.safetensors train.csv -o model.safetensors 2>err || fail "predict onto its model"
printf 'a,b\n1,x\n2,y\n' | cmp - rows.csv

# Endings.
for ending in parquet xlsx feather zst pdf csv.bz2 parquet.gz; do
    for by in convert script; do
        rm -f out.*
        code=0
        if [ $by = convert ]; then "$LIMBECK" convert rows.csv -o "out.$ending" 2>err || code=$?
        else echo "require('limbeck').read('rows.csv'):save('out.$ending')" | "$LIMBECK" lua - 2>err || code=$?; fi
        [ $code != 0 ] && ! ls out.* 2>/dev/null || fail "$by wrote out.$ending"
        grep -q "no writer for .*\.csv .*\.json" err || { cat err; fail "the message does not name the known endings"; }
    done
done
for f in o.csv o.CSV o.txt plain o.dat.csv; do "$LIMBECK" convert rows.csv -o $f; cmp rows.csv $f; done
"$LIMBECK" convert rows.csv --writer csv -o o.data; cmp rows.csv o.data
"$LIMBECK" convert rows.csv -o o.tsv; printf 'a\tb\n1\tx\n2\ty\n' | cmp - o.tsv
"$LIMBECK" convert rows.csv -o o.jsonl; printf '{"a": 1, "b": "x"}\n{"a": 2, "b": "y"}\n' | cmp - o.jsonl
for f in o.csv o.tsv o.json o.jsonl; do
    "$LIMBECK" convert rows.csv -o $f.gz
    gzip -dc $f.gz >unpacked
    "$LIMBECK" convert rows.csv -o $f
    cmp unpacked $f
    cp $f.gz first.gz
    "$LIMBECK" convert rows.csv -o $f.gz
    cmp first.gz $f.gz
done
"$LIMBECK" convert o.csv.gz -o back.csv
cmp rows.csv back.csv

code=0; "$LIMBECK" convert rows.csv --writer json -o o2.csv 2>err || code=$?
[ $code = 2 ] && [ ! -e o2.csv ] || fail "JSON was written into a .csv"
"$LIMBECK" convert rows.csv --json -o o3.csv; cmp rows.csv o3.csv
"$LIMBECK" predict --json model.safetensors train.csv -o p.csv; head -n 1 p.csv | grep -q prediction
"$LIMBECK" convert rows.csv --json | grep -q '{"a": 1'
for ending in onnx pt csv h5; do
    cat >other.lua <<LUA
local lb = require "limbeck"
local p = lb.pipeline { source = lb.read("train.csv"), target = "y", seed = 7 }
p:train { net = lb.mlp { 2 }, epochs = 1 }:save "m.$ending"
LUA
    ! "$LIMBECK" run other.lua >out 2>&1 || fail "a model was saved as .$ending"
    grep -q 'saved as .safetensors' out
    [ ! -e "m.$ending" ] || fail "m.$ending was written"
done
echo mine >churn.csv
! "$LIMBECK" sample-data . 2>err || fail "sample-data wrote over a file of the user's"
grep -q -- '--replace' err
[ "$(cat churn.csv)" = mine ]
"$LIMBECK" sample-data --replace . && "$LIMBECK" sample-data .
cmp churn.csv "$ROOT/sample_data/churn.csv"

# Whoever reads may leave: not a word, and no failure.
awk 'BEGIN { print "a,y"; for (i = 0; i < 40000; i++) print i ".5,no" }' >long.csv
echo 'for i = 1, 1e5 do print(i) end' >prints.lua
quiet() {
    (sleep 0.1; "$@" 2>err; echo $? >code) | true
    [ ! -s err ] && [ "$(cat code)" = 0 ] || { cat err; fail "$*: exit $(cat code) when its reader left"; }
    "$@" 2>err | head -n 1 >/dev/null
    [ ! -s err ] || { cat err; fail "$* | head"; }
}
quiet "$LIMBECK" convert long.csv
quiet "$LIMBECK" convert --json long.csv
quiet "$LIMBECK" predict model.safetensors long.csv
quiet "$LIMBECK" profile --json long.csv
quiet "$LIMBECK" profile long.csv
quiet "$LIMBECK" --quiet run prints.lua
quiet "$LIMBECK" lua -e 'while true do print(1) end'
quiet "$LIMBECK" lua -e 'while true do io.write("x\n") end'
quiet "$LIMBECK" runs
quiet "$LIMBECK" help
quiet "$LIMBECK" stubs
quiet "$LIMBECK" verify runs/*

# Ctrl-C and SIGTERM end whatever waits for input.
mkfifo never
exec 3<>never
for signal in INT:130 TERM:143; do
    for verb in "profile -" "convert - -o x.csv" "predict model.safetensors -o x.csv" "run -"; do
        "$LIMBECK" $verb <never >out 2>&1 &
        pid=$!
        for _ in $(seq 200); do # until it has begun to listen
            kill -${signal%:*} $pid 2>/dev/null || break
            sleep 0.05
        done
        code=0
        wait $pid || code=$?
        [ $code = ${signal#*:} ] || { cat out; fail "$verb: exit $code after SIG${signal%:*}"; }
        [ ! -e x.csv ] || fail "$verb wrote x.csv"
    done
done
