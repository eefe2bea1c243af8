# Generated pages and stubs are committed as the program writes them, and every page is clean.
mkdir man
"$LIMBECK" docs man
for page in man/*.7; do
    diff -u "$ROOT/$page" "$page" || { echo "$page has drifted: make docs"; false; }
done
"$LIMBECK" stubs >stubs.lua
diff -u "$ROOT/lua/meta/limbeck.d.lua" stubs.lua
if type -P mandoc >/dev/null; then
    for page in "$ROOT"/man/*.[157]; do mandoc -Tlint -W warning "$page"; done
fi
