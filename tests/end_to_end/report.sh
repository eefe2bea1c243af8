# A run leaves as a page, as Markdown, JSON, CSV and events, and its curves as text and as a drawing. The page is valid and can be seen.
fail() { echo "$*"; exit 1; }
skipped=
awk 'BEGIN { srand(3); print "a,b,y"; for (i = 0; i < 120; i++) { a = rand(); b = rand(); print a "," b "," (a > b ? "yes" : "no") } }' >rows.csv
cat >fit.lua <<'LUA'
local lb = require "limbeck"
local p = lb.pipeline { source = lb.read("rows.csv"), target = "y", seed = 7 } :standardize { columns = "numeric" }
-- a line that is no markup: <script>alert("x")</script> & more
p:train { net = lb.mlp { 4 }, epochs = 6, batch = 16 }
LUA
"$LIMBECK" -q run fit.lua >said 2>&1 </dev/null || fail "$(cat said)"
run=$(echo runs/*-fit-*)
"$LIMBECK" label "$run" --name='<b>"A & B"</b>'
for name in r.html r.md r.json r.csv log.tfevents.1; do "$LIMBECK" report "$run" -o $name || fail "$name"; done

grep -q '<title>fit-' r.html && grep -q '&lt;b&gt;&quot;A &amp; B&quot;&lt;/b&gt;' r.html || fail "the name is not escaped"
[ "$(grep -c '<svg ' r.html)" = 2 ] || fail "$(grep -c '<svg ' r.html) charts"
! grep -qi '<script\|src=\|href=\|@import\|url(' r.html || fail "the page needs something from elsewhere"
[ "$(wc -l <r.csv)" = 7 ] && head -n 1 r.csv | grep -q '^epoch,step,seconds,learning_rate,train.loss' || fail "$(cat r.csv)"
grep -q '"net": "2-4-2"' r.json && grep -q '"epochs": \[' r.json || fail "$(head -c 300 r.json)"
grep -q '| accuracy |' r.md && grep -q '| net | 2-4-2 |' r.md || fail "$(cat r.md)"
[ "$(head -c 12 log.tfevents.1 | od -An -tx1 | tr -d ' \n')" = 1800000000000000a37f4b22 ] || fail "no event file"
code=0
"$LIMBECK" report "$run" -o r.pdf 2>message || code=$?
[ $code != 0 ] && grep -q 'ends in .html' message && [ ! -e r.pdf ] || fail "an ending that nobody knows: $(cat message)"

"$LIMBECK" plot "$run" >text && grep -q 'train.loss' text && grep -q 'valid.loss' text || fail "$(cat text)"
"$LIMBECK" plot "$run" "$run/calls/001-train" --metric=valid.loss -o both.svg
[ "$(grep -c '<path ' both.svg)" = 2 ] || fail "not two lines"

if command -v xmllint >/dev/null; then
    xmllint --noout both.svg || fail "the drawing is no XML"
    # HTML with its three void elements closed and its entities known is XML too.
    sed '1d; s/<meta \([^>]*\)>/<meta \1\/>/' r.html >r.xml && xmllint --noout r.xml || fail "the page is not well-formed"
else
    skipped="the page was not checked for well-formedness: no xmllint here"
fi
browser=$(command -v chromium || command -v chromium-browser || command -v google-chrome || true)
if [ -n "$browser" ]; then
    timeout 60 "$browser" --headless --no-sandbox --disable-gpu --user-data-dir="$PWD/profile" --dump-dom "file://$PWD/r.html" >dom 2>browser.log || fail "the browser: $(tail -n 3 browser.log)"
    timeout 60 "$browser" --headless --no-sandbox --disable-gpu --user-data-dir="$PWD/profile" --window-size=900,1400 --screenshot=r.png "file://$PWD/r.html" >browser.log 2>&1 || fail "the browser: $(tail -n 3 browser.log)"
    grep -q '<path ' dom && grep -q '&lt;script&gt;' dom || fail "the browser shows something else"
    [ "$(wc -c <r.png)" -gt 20000 ] || fail "the picture of the page is empty"
else
    skipped="${skipped:+$skipped; }the page was not looked at: no chromium here"
fi
[ -z "$skipped" ] || { echo "$skipped"; exit 77; }
