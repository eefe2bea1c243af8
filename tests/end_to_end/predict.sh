# One answer for each row of the file, in its place: what cannot be read or transformed has no prediction and says why.

# answers WORDS...: of predict.csv, line by line: + a prediction, - none; then the reason when there is one.
answers() {
    local got
    got=$(tail -n +2 predict.csv | sed -E 's/^([^,]*),[^,]*,[^,]*,(.*)$/\1|\2/; s/^[^|]+\|/+ /; s/^\|/- /; s/ $//; s/""/@/g; s/"//g; s/@/"/g')
    [ "$got" = "$1" ] || { printf 'got:\n%s\nright is:\n%s\n' "$got" "$1"; return 1; }
}

predict() { "$LIMBECK" predict m.safetensors "$@" >predict.csv 2>said.txt; }

# Amounts a and b, a word w, a site that a side table knows, an id that nothing uses, and one column that is dropped first.
awk 'BEGIN { srand(4); print "id,note,a,b,c,w,site,y"
    for (i = 1; i <= 160; i++) { a = int(rand() * 90) / 10; b = 1 + int(rand() * 900) / 100
        printf "%d,n%d,%s,%s,%d,%s,s%d,%s\n", i, i, a, b, i % 7, i % 3 ? "1.50" : "2.00x", i % 4, (a > b ? "yes" : "no") } }' >rows.csv
printf 'site,size\ns0,1\ns1,2\ns2,3\ns3,4\n' >sites.csv
cat >fit.lua <<'LUA'
local lb = require "limbeck"
local p = lb.pipeline { source = lb.read "rows.csv", target = "y", positive = "yes", seed = 3 }
  :drop { columns = { "note" } } :log1p { columns = { "a" } } :filter { where = "b < 50" } :derive { name = "ratio", as = "a / b" }
  :cast { columns = { "c" }, to = "int", errors = "fail" }
  :rename { columns = { id = "number" } } :drop { columns = { "number" } }
  :split {} :join { table = "sites.csv", on = "site", keep = true } :drop { columns = { "site" } } :fill_missing { columns = { "size" } }
  :one_hot {} :standardize {}
p:train { net = lb.mlp { 8 }, epochs = 5 } :save "m.safetensors"
LUA
"$LIMBECK" -q run fit.lua </dev/null >/dev/null

# Other columns first, an extra one, none of those that nothing reads; short, long, out of every range, unknown.
cat >new.csv <<'CSV'
b,a,extra,w,site,c
2,1,x,1.50,s1,4
2
2,-2,x,1.50,s1,4
2,1,x,1.50,s1,9,4
0,1,x,1.50,s1,4
99,1,x,1.50,s1,4
2,1,x,1.50,s77,4
two,1,x,1.50,s1,4
,1,x,1.50,s1,4
2,,x,1.50,s1,4
1e300,1,x,1.50,s1,4
2,1,x,9,,4
2,1,x,1.50,s1,4.5
2,1,x,1.50,s1,4
CSV
right='+
- 1 field, expected 6
- log1p: a: -2 is not above -1, where the logarithm begins
- 7 fields, expected 6
- derive: ratio is missing
- dropped by filter
+ join: site: "s77" is unknown to sites
- b: "two" is not real
- dropped by filter
- a is missing
- dropped by filter
+ join: site is missing, so sites was not asked
- cast: c: "4.5" is no int
+'
predict new.csv
answers "$right"
grep -q '10 of 14 rows have no prediction, others have a remark; the first reason: row 2: 1 field, expected 6' said.txt
code=0; predict --strict new.csv || code=$?
[ "$code" = 3 ]
answers "$right"

# The same however the rows come.
cp predict.csv wanted.csv
gzip -k new.csv
predict new.csv.gz && cmp predict.csv wanted.csv
iconv -f utf-8 -t utf-16 new.csv | "$LIMBECK" -q predict m.safetensors >predict.csv && cmp predict.csv wanted.csv
"$LIMBECK" -q predict m.safetensors <new.csv >predict.csv && cmp predict.csv wanted.csv
sed 's/,/;/g' new.csv >semicolon.csv
predict semicolon.csv && cmp predict.csv wanted.csv
cat >lua.lua <<'LUA'
local lb = require "limbeck"
local m = lb.load "m.safetensors"
m:predict "new.csv" :write "file.csv"
m:predict(lb.read("new.csv", { text = { "w" } }), { threshold = 0.99 }) :write "table.csv"
assert(not pcall(m.predict, m, "new.csv", { treshold = 0.99 }))
LUA
"$LIMBECK" -q run lua.lua </dev/null && cmp file.csv wanted.csv
[ "$(grep -c '^no,' table.csv)" = 4 ] && [ "$(wc -l <table.csv)" = 15 ]

# A file of one row means the same as a row among many: words stay words, numbers numbers.
head -n 2 new.csv | "$LIMBECK" -q predict m.safetensors | cmp - <(head -n 2 wanted.csv)
head -n 1 new.csv | "$LIMBECK" predict --strict m.safetensors | cmp - <(head -n 1 wanted.csv)
code=0; printf '' | "$LIMBECK" predict m.safetensors >predict.csv 2>said.txt || code=$?
[ "$code" = 1 ] && grep -q 'is empty' said.txt
printf 'a,b,c,w,site\n1,2,3,1.50\n1,2,3,1.50\n1,2,3,1.50,s1\n1,2,3\n' >short.csv
predict short.csv
answers '- 4 fields, expected 5
- 4 fields, expected 5
+
- 3 fields, expected 5'
printf 'b,c,w,site\n1,2,1.50,s1\n' >less.csv
code=0; predict less.csv || code=$?
[ "$code" = 1 ] && grep -q 'lack columns that the model needs: a$' said.txt
code=0; predict --strict rows.csv || code=$?
[ "$code" = 0 ] && [ "$(wc -l <predict.csv)" = 161 ] && [ ! -s said.txt ]

# The same rows from the other readers: a model takes whatever table it can read.
cat >new.jsonl <<'JSON'
{"b": 2, "a": 1, "extra": "x", "w": "1.50", "site": "s1", "c": 4}
{"b": 2, "a": -2, "extra": "x", "w": "1.50", "site": "s1", "c": 4}
{"b": 0, "a": 1, "extra": "x", "w": "1.50", "site": "s1", "c": 4}
{"b": 2, "a": 1, "w": "2.00x", "site": "s3", "c": 4}
JSON
right='+
- log1p: a: -2 is not above -1, where the logarithm begins
- derive: ratio is missing
+'
predict new.jsonl && answers "$right"
{ printf '['; paste -sd, new.jsonl; printf ']'; } >new.json
predict new.json && answers "$right"
gzip -c new.json | "$LIMBECK" predict m.safetensors >predict.csv 2>said.txt && answers "$right"

# What comes neither to a feature nor decides on rows is not demanded, wherever it is left out: after steps that repaired it, compared
# it or made something of it that is left out too. Absent ids make no two rows equal; given ones do as before.
cat >late.lua <<'LUA'
local lb = require "limbeck"
local function fit(name, make)
  local p = make(lb.pipeline { source = lb.read "rows.csv", target = "y", positive = "yes", seed = 3 })
  p:one_hot {}:standardize {}:train { net = lb.mlp { 4 }, epochs = 1 } :save(name .. ".safetensors")
end
fit("repaired", function(p) return p:normalize_text {}:drop { columns = { "id", "note", "site", "c" } }:split {} end)
fit("compared", function(p) return p:drop_duplicates {}:drop { columns = { "id", "note", "site", "c" } }:split {} end)
fit("made", function(p) return p:derive { name = "d", as = "c * 2" }:split {}:fill_missing { indicator = true }
  :drop { columns = { "id", "note", "site", "c", "d", "id_missing", "note_missing", "site_missing", "c_missing", "d_missing" } } end)
fit("derived", function(p) return p:derive { name = "d", as = "c * 2" }:drop { columns = { "id", "note", "site", "c" } }:split {} end)
fit("filtered", function(p) return p:filter { where = "c < 6" }:drop { columns = { "id", "note", "site", "c" } }:split {} end)
LUA
"$LIMBECK" -q run late.lua </dev/null >/dev/null
printf 'a,b,w\n1,2,1.50\n1,2,1.50\n3,1,2.00x\n' >less.csv
for model in repaired compared made; do
    "$LIMBECK" predict $model.safetensors less.csv >predict.csv 2>said.txt && answers '+
+
+' || { echo $model; cat said.txt; exit 1; }
done
for model in derived filtered; do
    code=0; "$LIMBECK" predict $model.safetensors less.csv >predict.csv 2>said.txt || code=$?
    [ "$code" = 1 ] && grep -q 'lack columns that the model needs: c$' said.txt || { echo $model; cat said.txt; exit 1; }
done
printf 'a,b,w,id,note,site,c\n1,2,1.50,1,n,s,1\n1,2,1.50,2,n,s,1\n1,2,1.50,1,n,s,1\n' >given.csv
"$LIMBECK" -q predict compared.safetensors given.csv >predict.csv
answers '+
+
- dropped by drop_duplicates'

# Steps that choose rows by the target choose what to learn from; rows to predict have none, and each gets its answer. Other conditions hold.
awk -F, 'NR == 1 || NR % 9 { print; next } { OFS = ","; $8 = NR % 2 ? "" : "maybe"; print }' rows.csv >some.csv
cat >chosen.lua <<'LUA'
local lb = require "limbeck"
local function base(target) return lb.pipeline { source = lb.read "some.csv", target = target, positive = "yes", seed = 3 } end
local function fit(name, p)
  p = p:drop { columns = { "id", "note", "site", "c" } }:split {}:one_hot {}:standardize {}
  local m = p:train { net = lb.mlp { 4 }, epochs = 1 }
  m:save(name .. ".safetensors")
  assert(m.metrics.row_counts.left_out["dropped by filter"] == 17)
  local counts = m:eval { on = lb.read "some.csv" }.row_counts
  assert(counts.left_out["dropped by filter"] == 17 or counts.left_out["without label"] or counts.left_out["without y"])
end
fit("named", base("y"):filter { where = "not is_missing(y)" }:filter { where = "y != 'maybe'" })
fit("renamed", base("label"):filter { where = "y in {'yes', 'no'}" }:rename { columns = { y = "label" } })
LUA
"$LIMBECK" -q run chosen.lua </dev/null
cut -d, -f1-7 some.csv >unknown.csv
for model in named renamed; do
    "$LIMBECK" predict --strict $model.safetensors unknown.csv >predict.csv && [ "$(wc -l <predict.csv)" = 161 ] || { echo $model; exit 1; }
done

# A model that joins other tables is given fresh ones by name; it says which it needs, and takes no other.
cat >joined.lua <<'LUA'
local lb = require "limbeck"
local p = lb.pipeline { source = lb.read "rows.csv", target = "y", positive = "yes", seed = 3 }
  :join { table = lb.read "visits.csv":filter "year == 2024", on = "site", columns = { "n" } }
  :join { table = "sites.csv", on = "site" }
  :drop { columns = { "id", "note", "site", "c", "w" } }:split {}:fill_missing {}:standardize {}
local m = p:train { net = lb.mlp { 4 }, epochs = 1 }
m:save "joined.safetensors"
m:predict("new.csv", { tables = { visits = "visits.csv", sites = "sites.csv" } }):write "wanted.csv"
LUA
printf 'year,site,n,code\n2024,s0,5,007\n2023,s0,9,008\n2024,s1,6,x\n2024,s2,7,x\n2024,s3,8,x\n' >visits.csv
"$LIMBECK" -q run joined.lua </dev/null
[ "$(wc -c <joined.safetensors)" -lt 8000 ]
joined() { "$LIMBECK" predict joined.safetensors "$@" <new.csv >predict.csv 2>said.txt; }
joined --table visits=visits.csv --table sites=sites.csv && cmp predict.csv wanted.csv
mkdir -p fresh && cp visits.csv fresh/2025.csv && rm visits.csv # nothing is read that was not given
joined --table=sites=sites.csv --table visits=fresh/2025.csv && cmp predict.csv wanted.csv
[ "$(sed -n 8p predict.csv)" = "$(sed -n 8p wanted.csv)" ] && grep -q 'site: ""s77"" is unknown to visits' predict.csv
for call in 'visits (year, site, n): --table visits=FILE|--table sites=sites.csv' 'sites (site, size): --table sites=FILE|--table visits=fresh/2025.csv' \
    'reads no table site; it reads visits, sites|--table site=sites.csv' 'the table sites is given twice|--table sites=sites.csv --table sites=sites.csv' \
    'needs NAME=FILE|--table sites.csv' 'visits: the rows lack columns that the model needs: year, n|--table visits=sites.csv --table sites=sites.csv'; do
    code=0; joined ${call#*|} || code=$?
    [ "$code" != 0 ] && grep -qF "${call%|*}" said.txt && [ "$(wc -l <said.txt)" = 1 ] || { echo "$call"; cat said.txt; exit 1; }
done

# A side table that brings the target only: its key is not demanded, and new rows have no remark for not being in it.
cut -d, -f1-7 rows.csv >known.csv
awk -F, '{ print $1 "," $8 }' rows.csv >answers.csv
cat >side.lua <<'LUA'
local lb = require "limbeck"
local p = lb.pipeline { source = lb.read "known.csv", target = "y", positive = "yes", seed = 3 }:join { table = "answers.csv", on = "id" }
  :drop { columns = { "id", "note", "site", "c" } }:split {}:one_hot {}:standardize {}
local m = p:train { net = lb.mlp { 4 }, epochs = 1 }
assert(m:eval { on = lb.read "known.csv", tables = { answers = lb.read "answers.csv" } }.rows == 48)
local ok, why = pcall(m.eval, m, { on = lb.read "known.csv" })
assert(not ok and tostring(why):find("the model needs the table answers (id, y)", 1, true), why)
m:save "side.safetensors"
LUA
"$LIMBECK" -q run side.lua </dev/null
"$LIMBECK" predict --strict side.safetensors less.csv >predict.csv && answers '+
+
+'
