# The example of CONTRIBUTING.md runs as it is printed, in a copy of the checkout.
case "$LIMBECK" in "$ROOT/build/limbeck") ;; *) echo "only with the plain build"; exit 77 ;; esac
[ -e "$ROOT/build/unit" ] || { echo "build/unit is not there"; exit 77; }
awk '/^## Add a step/ { inside = 1 } inside && /^```/ { if (fence++) exit; next } inside && fence' "$ROOT/CONTRIBUTING.md" >commands
[ "$(wc -l <commands)" -ge 5 ]
mkdir copy copy/build
cp -a "$ROOT"/Makefile "$ROOT"/src "$ROOT"/tests "$ROOT"/man "$ROOT"/lua "$ROOT"/themes "$ROOT"/sample_data copy
cp -a "$ROOT"/build/src "$ROOT"/build/tests "$ROOT"/build/limbeck "$ROOT"/build/unit "$ROOT"/build/packages "$ROOT"/build/prefix \
    "$ROOT"/build/unit_list.h copy/build
cd copy
unset MAKEFLAGS MAKELEVEL MFLAGS B LIMBECK T
export CC="${CC:-gcc}"
bash -eux ../commands >../out 2>&1 || { tail -n 30 ../out; exit 1; }
grep -q '^[1-9][0-9]* passed, 0 failed' ../out
grep -q 'columns to shift' ../out
grep -q 'p:cap' lua/meta/limbeck.d.lua
grep -q '^\.S[hs] cap\|cap' man/limbeck-steps.7
