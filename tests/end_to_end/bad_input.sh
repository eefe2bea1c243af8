# Whatever is wrong with the input: one clear line (what, where, what to do), the right exit code, nothing lost.
ln -s "$ROOT/sample_data" sample_data

# refused CODE WORDS COMMAND...: the exit code, one line on stderr that holds the words, and no crash.
refused() {
    local wanted=$1 words=$2 code=0
    shift 2
    "$@" >out.txt 2>err.txt </dev/null || code=$?
    grep -v '^limbeck: runs/' err.txt >said.txt || true
    if [ "$code" != "$wanted" ] || ! grep -qiE -- "$words" said.txt || [ "$(grep -c '^limbeck: ' said.txt)" != 1 ]; then
        echo "$*: code $code (wanted $wanted), said:"
        cat said.txt
        return 1
    fi
}

mkdir empty_directory
: >empty.csv
head -c 4096 "$LIMBECK" >binary.csv
printf 'a,b,c\n1,2,3\n4,5\n6,7,8\n' >ragged.csv
refused 1 'missing.csv.*no such file' "$LIMBECK" profile missing.csv
refused 1 'missing.csv.*no such file' "$LIMBECK" --headless 80x24 missing.csv
refused 1 'empty_directory.*directory' "$LIMBECK" profile empty_directory
refused 1 'empty.csv.*empty' "$LIMBECK" profile empty.csv
refused 1 'binary.csv' "$LIMBECK" profile binary.csv
"$LIMBECK" profile --json ragged.csv >ragged.json
grep -q '"rejects"' ragged.json
grep -q '"line": 3' ragged.json
refused 2 'churm.*did you mean "churn"' "$LIMBECK" profile --target=churm sample_data/churn.csv
refused 2 'profle.*did you mean' "$LIMBECK" profle sample_data/churn.csv
refused 2 'output needs a value' "$LIMBECK" convert sample_data/churn.csv -o ''

script() { printf 'local lb = require "limbeck"\n%s\n' "$2" >"$1"; }
pipe='local p = lb.pipeline { source = lb.read("sample_data/churn.csv"), target = "churn", positive = "Yes" } :drop { columns = { "customer_id" } } :drop_duplicates {} :split {} :fill_missing {} :one_hot {} :standardize {}'
script target.lua 'lb.pipeline { source = lb.read("sample_data/churn.csv"), target = "churm" }:table()
lb.pipeline { source = lb.read("sample_data/churn.csv"), target = "churm" }:train { net = lb.mlp { 4 } }'
refused 1 'target.lua:[23].*churm.*"churn"' "$LIMBECK" run target.lua
script step.lua "$pipe"$'\np:fil_missing {}'
refused 1 'step.lua:3.*fil_missing.*fill_missing' "$LIMBECK" run step.lua
script range.lua "$pipe"$'\np:train { net = lb.mlp { 4, dropout = 1.5 } }'
refused 1 'range.lua:3.*1.5' "$LIMBECK" run range.lua
script callback.lua "$pipe"$'\np:train { net = lb.mlp { 4 }, epochs = 3, on_epoch = function(e)\n  local x = nil + 1\nend }'
refused 1 'callback.lua:4' "$LIMBECK" run callback.lua
script diverges.lua "$pipe"$'\np:train { net = lb.mlp { 64, 64 }, epochs = 30, optimizer = lb.sgd { learning_rate = 10 }, batch = 16 }'
code=0; "$LIMBECK" -q run diverges.lua >out.txt 2>err.txt </dev/null || code=$?
[ "$code" = 4 ] || { echo "diverging: code $code"; cat err.txt; false; }
script false.lua 'return false'
code=0; "$LIMBECK" -q run false.lua </dev/null || code=$?
[ "$code" = 1 ]

# A full disk: the file that was there stays whole.
echo keep >model.csv
code=0; (ulimit -f 8; "$LIMBECK" convert sample_data/churn.csv -o model.csv >out.txt 2>err.txt </dev/null) || code=$?
[ "$code" = 1 ]
grep -q 'model.csv' err.txt
[ "$(cat model.csv)" = keep ]
code=0; "$LIMBECK" profile sample_data/churn.csv >/dev/full 2>err.txt </dev/null || code=$?
[ "$code" = 1 ]

# Unknown terminals and small ones.
printf '<wait:idle>\n<snap:small>\n' >small.keys
"$LIMBECK" --headless 20x5 --keys small.keys --snap snap sample_data/churn.csv </dev/null
[ -s snap/small.txt ]
if type -P script >/dev/null && command script -qec true /dev/null >/dev/null 2>&1; then
    TERM=no-such-terminal timeout 20 "$(type -P script)" -qec "'$LIMBECK' sample_data/churn.csv" typescript < <(sleep 0.4; printf 'q') >/dev/null || true
    grep -qa 'no-such-terminal' typescript
fi
echo '<nonsense>' >bad.keys
refused 2 'bad.keys:1.*nonsense' "$LIMBECK" --headless 80x24 --keys bad.keys sample_data/churn.csv

# Prediction: another table than the model was made for.
script fit.lua "$pipe"$'\np:train { net = lb.mlp { 4 }, epochs = 2 }:save "m.safetensors"'
"$LIMBECK" -q run fit.lua </dev/null >/dev/null
"$LIMBECK" predict m.safetensors <sample_data/churn.csv >p.csv
[ "$(wc -l <p.csv)" = "$(wc -l <sample_data/churn.csv)" ]
head -c 1000 m.safetensors >cut.safetensors
refused 1 'cut.safetensors' "$LIMBECK" predict cut.safetensors sample_data/churn.csv
printf 'tenure\n3\n' >other.csv
refused 1 'rows lack columns.*contract' "$LIMBECK" predict m.safetensors other.csv
