# What a run holds is what its writer left: each changed, cut or removed file is named by verify. A link that somebody planted in a run
# is never followed, and a directory of another user is not worked in.
fail() { echo "$*"; exit 1; }
cat >fit.lua <<'LUA'
local lb = require "limbeck"
local p = lb.pipeline { source = lb.read "sample_data/churn.csv", target = "churn", positive = "Yes", seed = 3 }
  :split { by = "stratified", train = 0.6, valid = 0.2, test = 0.2 } :drop { columns = { "customer_id" } }
  :fill_missing {} :one_hot {} :standardize {}
local m = p:train { net = lb.mlp { 4 }, epochs = 2 }
p:cross_validate { net = {}, epochs = 1, folds = 2 }
LUA
"$LIMBECK" -q run fit.lua >said 2>&1 </dev/null || fail "$(cat said)"
run=$(echo runs/*-fit-*)
"$LIMBECK" verify "$run" >said || fail "a whole run: $(cat said)"
cp -a "$run" kept

# restore: the run as it was.
restore() { rm -rf "$run"; cp -a kept "$run"; }

# damaged FILE WHAT: verify says so and names the file.
damaged() {
    code=0
    "$LIMBECK" verify "$run" >said 2>&1 || code=$?
    [ $code = 1 ] && grep -q DAMAGED said && grep -q "$(basename "$1")" said || fail "$1, $2: exit $code, $(cat said)"
    checked=$((checked + 1))
}

checked=0
files=$(cd kept && find . -type f ! -name '*.log' ! -name lock -size +0 | sed 's|^\./||' | grep -v '^control/')
for file in $files; do
    size=$(wc -c <"kept/$file")
    chmod u+w "$run/$file"
    printf '#' | dd of="$run/$file" bs=1 seek=$((size / 2)) conv=notrunc 2>/dev/null
    cmp -s "kept/$file" "$run/$file" || damaged "$file" "a changed byte"
    cp -p "kept/$file" "$run/$file"
    case $file in
    *events.jsonl | *journal.jsonl | *.checkpoint | *.rows) ;; # logs grow by lines, the others end with their hash
    *manifest.json)
        rm "$run/$file"
        damaged "$file" "not there, though the run has ended"
        cp -p "kept/$file" "$run/$file"
        ;;
    *)
        printf ' ' >>"$run/$file"
        damaged "$file" "a byte more"
        rm "$run/$file"
        case $file in run.json | */folds/*/run.json) ;; *) damaged "$file" "not there" ;; esac
        cp -p "kept/$file" "$run/$file"
        ;;
    esac
done
for name in script.lua args.json run.json plan.json recipe.json result.json model.safetensors events.jsonl journal.jsonl manifest.json .rows; do
    grep -q "$name\$" <<<"$files" || fail "no $name was in the run: $files"
done
[ $checked -gt 40 ] || fail "only $checked damages"
"$LIMBECK" verify "$run" >said || fail "restored: $(cat said)"

# What one who knows the format would do to plans, results and logs, each line of it with a good checksum: ten of ten are called.
mutate() { # FILE KIND
    local file=$1 size lines
    size=$(wc -c <"$file") lines=$(wc -l <"$file")
    case $2 in
    first) printf '#' | dd of="$file" bs=1 conv=notrunc 2>/dev/null ;;
    quarter) printf '#' | dd of="$file" bs=1 seek=$((size / 4)) conv=notrunc 2>/dev/null ;;
    last) printf '#' | dd of="$file" bs=1 seek=$((size - 1)) conv=notrunc 2>/dev/null ;;
    half) truncate -s $((size / 2)) "$file" ;;
    empty) : >"$file" ;;
    no-first) sed -i 1d "$file" ;;
    no-last) sed -i '$d' "$file" ;;
    swapped) { sed -n '2p;1p' "$file" | sort -r; sed 1,2d "$file"; } >other && if cmp -s other "$file"; then tac "$file" >other; fi && cat other >"$file" ;;
    doubled) sed -i 1p "$file" ;;
    longer) printf ' \n' | dd of="$file" bs=1 seek=$((size - 1)) conv=notrunc 2>/dev/null ;;
    esac
}
for file in calls/001-train/plan.json calls/002-crossval/plan.json journal.jsonl calls/001-train/events.jsonl; do
    called=0
    for kind in first quarter last half empty no-first no-last swapped doubled longer; do
        mutate "$run/$file" $kind
        ! cmp -s "kept/$file" "$run/$file" || fail "$file: $kind changes nothing"
        damaged "$file" "$kind"
        called=$((called + 1))
        cp -p "kept/$file" "$run/$file"
    done
    [ $called = 10 ] || fail "$file: $called of 10 damages were called"
done

# An empty line is nothing.
echo >>"$run/events.jsonl"
echo >>"$run/journal.jsonl"
"$LIMBECK" verify "$run" >said || fail "an empty line: $(cat said)"
restore

# A run that was killed behind its first call: a resume has something to do.
sed -i '$d' "$run/events.jsonl" "$run/journal.jsonl"
rm "$run/manifest.json"
"$LIMBECK" verify "$run" >said || fail "a run without its end: $(cat said)"
rm -rf kept && cp -a "$run" kept

# Links, to a file and to a directory outside, in place of each part.
mkdir outside
touch -d 2001-01-01 outside
for name in run.json events.jsonl journal.jsonl manifest.json script.lua args.json lock output.log errors.log checkpoints control calls rows \
    calls/001-train calls/001-train/run.json calls/001-train/events.jsonl calls/001-train/model.safetensors calls/001-train/checkpoints \
    calls/001-train/lock calls/001-train/manifest.json calls/002-crossval/plan.json; do
    rm -rf "$run/$name" outside/*
    if [ -d "kept/$name" ]; then cp -a "kept/$name/." outside/ && target=$PWD/outside; else
        if [ -e "kept/$name" ]; then cp -p "kept/$name" outside/victim; else : >outside/victim; fi
        target=$PWD/outside/victim
    fi
    ln -s "$target" "$run/$name"
    (cd outside && find . -type f -exec md5sum {} + | sort) >before
    code=0
    "$LIMBECK" verify "$run" >said 2>&1 || code=$?
    [ $code = 1 ] || fail "$name is a link: verify says $code, $(cat said)"
    code=0
    timeout 60 "$LIMBECK" resume "$run" >said 2>&1 </dev/null || code=$?
    case $name in script.lua | args.json | calls) [ $code = 1 ] && grep -q 'links inside a run' said || fail "$name is a link: resume says $code, $(cat said)" ;; esac
    case $name in calls/001*) timeout 60 "$LIMBECK" stop "$run/calls/001-train" >/dev/null 2>&1 || true ;; esac
    (cd outside && find . -type f -exec md5sum {} + | sort) >after
    cmp before after || fail "$name is a link, and what it leads to was changed"
    restore
done
rm "$run/calls/001-train/model.safetensors" && cp kept/calls/001-train/model.safetensors plain.safetensors
ln -s "$PWD/plain.safetensors" "$run/calls/001-train/model.safetensors"
"$LIMBECK" predict "$run/calls/001-train" "$ROOT/sample_data/churn.csv" >/dev/null 2>said && fail "predict follows a link in a run"
grep -q 'not a regular file' said || fail "predict: $(cat said)"
"$LIMBECK" predict plain.safetensors "$ROOT/sample_data/churn.csv" >/dev/null || fail "predict: the model itself"
restore

"$LIMBECK" resume "$run" >said 2>&1 </dev/null || fail "the run does not go on: $(cat said)"
"$LIMBECK" verify "$run" >said || fail "a resumed run: $(cat said)"
restore

# A link that the user made to a run is the user's own.
ln -s "$run" mine
"$LIMBECK" verify mine >said || fail "a link to a run: $(cat said)"

# Another user's directory.
if [ "$(id -u)" = 0 ]; then
    mv runs theirs
    mkdir runs
    chown 12345 runs
    "$LIMBECK" run fit.lua >/dev/null 2>said </dev/null && fail "a runs directory of another user was written to"
    grep -q 'belongs to another user' said || fail "another user's runs: $(cat said)"
    [ -z "$(ls runs)" ] || fail "something was left in another user's runs"
    rmdir runs
    mv theirs runs
    restore
    chown 12345 "$run"
    "$LIMBECK" resume "$run" >/dev/null 2>said </dev/null && fail "a run of another user was resumed"
    grep -q 'belongs to another user' said || fail "another user's run: $(cat said)"
fi
