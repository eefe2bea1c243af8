# Texts that a spreadsheet would run as formulas are marked when asked for, and counted when not; numbers stay numbers.
fail() { echo "$*"; exit 1; }
{
    printf 'name,"=header",n\n'
    for cell in '=1+1' '+cmd' '-x' '@SUM(A1)' $'\tq' "=HYPERLINK(\"\"http://x\"\",\"\"y\"\")" plain "'=1" '-5' '+3.5e2' '-' '1=1' 'a-b'; do printf '"%s",t,-7\n' "$cell"; done
} >in.csv
"$LIMBECK" convert in.csv -o safe.csv --spreadsheet-safe 2>said || fail "$(cat said)"
[ ! -s said ] || fail "a safe export has something to say: $(cat said)"
{
    printf "name,'=header,n\n'=1+1,t,-7\n'+cmd,t,-7\n'-x,t,-7\n'@SUM(A1),t,-7\n'\tq,t,-7\n"
    printf '"%s",t,-7\n' "'=HYPERLINK(\"\"http://x\"\",\"\"y\"\")"
    printf "plain,t,-7\n'=1,t,-7\n-5,t,-7\n+3.5e2,t,-7\n'-,t,-7\n1=1,t,-7\na-b,t,-7\n"
} >expected.csv
diff expected.csv safe.csv || fail "another file"
"$LIMBECK" convert in.csv -o plain.csv 2>said
grep -q '8 texts begin with one of' said && grep -q -e --spreadsheet-safe said || fail "a plain export does not say how many: $(cat said)"
"$LIMBECK" convert plain.csv -o again.csv 2>said
cmp plain.csv again.csv || fail "a plain export is not what it was"
"$LIMBECK" -q convert in.csv -o - 2>said >/dev/null
[ ! -s said ] || fail "--quiet is not quiet: $(cat said)"
"$LIMBECK" convert in.csv -o out.json 2>said
! grep -q 'spreadsheet' said || fail "JSON is no spreadsheet"
printf 'n,t\n-1,a\n+2,b\n' >numbers.csv
"$LIMBECK" convert numbers.csv -o out.csv 2>said
[ ! -s said ] || fail "numbers are no formulas: $(cat said)"
# A carriage return at the beginning, and options in a script.
printf 'lb = require "limbeck"\nlb.read("in.csv"):write("lua.csv", { spreadsheet_safe = true })\n' >w.lua
"$LIMBECK" -q run w.lua 2>/dev/null >/dev/null </dev/null && cmp lua.csv safe.csv || fail "a script writes another file"
