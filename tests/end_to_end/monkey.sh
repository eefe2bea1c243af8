# Random keys from a seed through the workbench, at several sizes: it must neither crash nor hang, whatever is typed. Every other session
# opens forms and prompts by their keys, fills their fields with random text and leaves them by each way there is.
# SEEDS="1 2 3" chooses other sessions, KEYS= makes them longer.
seeds="${SEEDS:-1 2}"
keys="${KEYS:-160}"

write_keys() {
    awk -v seed="$1" -v keys="$2" -v forms="$3" '
    function pick(from, count) { return from[int(rand() * count) + 1] }
    # A place, a form or prompt of it, some fields filled, and out again.
    function fill(i, n) {
        print pick(form, form_count)
        n = int(rand() * 5)
        for (i = 0; i < n; i++) {
            if (rand() < 0.5) print "text:" pick(text, texts)
            else print "<paste:" pick(text, texts) (rand() < 0.3 ? "\\n" pick(text, texts) : "") ">"
            print pick(move, moves)
        }
        print (rand() < 0.6 ? "<Enter>" : rand() < 0.8 ? "<Esc>" : "<F1>")
        if (rand() < 0.5) print "<Esc>"
        if (rand() < 0.2) print "<wait:idle>"
        if (rand() < 0.1) print "U"
    }
    BEGIN {
        srand(seed)
        form_count = split("2\n=|2\n&|2\nf|2\n^|2\n/|2\nl\nf|4\n<Enter>|4\nj\n<Enter>|4\na\nderive\n<Enter>|5\na|5\n<Enter>|5\nj\n<Enter>|5\np|6\np|7\np|:|o|<C-s>|<Space>\n<Space>|8\n/|9\nw|2\nA\n2\n=", form, "|")
        gsub("\nderive\n", "\ntext:derive\n", form[9])
        moves = split("<Tab>|<Tab>|<S-Tab>|<Down>|<Up>|<Left>|<Right>|<Home>|<Backspace>|<C-u>|<Delete>|<Space>", move, "|")
        named = split("Enter Enter Enter Esc Esc Tab S-Tab Up Down Down Left Right Home End PgUp PgDn Space Backspace Delete C-r C-c C-l C-u C-w F1 F5 Resize", names, " ")
        texts = split("abc|-1|0|1e308|churn|nan|0.5|99999999999999999999|tenure * 2|\"|é漢👍|a,b|(((((|*|tenure > 3|dense width=3, relu|{\"a\": [|customer_id, tenure|/[/|monkey.lua|monkey.keys|true|y", text, "|")
        sizes = split("120x36 80x24 60x18 20x5 1x1 200x60", size, " ")
        letters = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789?:/.,;+-*=!@#$%^&()[]{}|~"
        for (i = 1; i <= keys; i++) {
            if (forms && rand() < 0.3) {
                fill()
                continue
            }
            r = rand()
            if (r < 0.50) print substr(letters, int(rand() * length(letters)) + 1, 1)
            else if (r < 0.90) print "<" names[int(rand() * named) + 1] ">"
            else if (r < 0.97) print "text:" text[int(rand() * texts) + 1]
            else if (r < 0.98) print "<resize:" size[int(rand() * sizes) + 1] ">"
            else print "<wait:idle>"
        }
    }'
}

# Workers of this place that are still at it; only those are ended.
stop_workers() {
    local pid
    for pid in $(grep -lzs "worker" /proc/[0-9]*/cmdline | cut -d/ -f3); do
        [ "$(readlink "/proc/$pid/cwd")" = "$1" ] && kill -9 "$pid" 2>/dev/null || true
    done
}

# The sample most often; else no rows, one cell, all null, names that are not fit for names.
table() {
    case $(($(cksum <<<"$1" | cut -d' ' -f1) % 7)) in
    0) printf 'tenure,churn\n' ;;
    1) printf 'churn\nYes\n' ;;
    2) printf 'tenure,churn,x\n,,\n,,\n,,\n' ;;
    3) printf 'a b,"c,""d""",漢字,1,\n1,2,3,4,5\n2,NA,x,,é\n3,-inf,"y\nz",1e400,\n' ;;
    *) cat "$ROOT/sample_data/churn.csv" ;;
    esac
}

bad=0
for seed in $seeds; do
    for size in 120x36 80x24 60x18 20x5; do
        place="$WORK/$seed-$size"
        mkdir "$place" && cd "$place"
        table "$seed$size" >churn.csv
        write_keys "$seed${size%x*}" "$keys" $((${size%x*} % 3 == 0)) >monkey.keys
        code=0
        timeout "${LIMIT:-60}" "$LIMBECK" --headless "$size" --keys monkey.keys churn.csv >out 2>&1 </dev/null || code=$?
        stop_workers "$place"
        if [ "$code" -gt 1 ]; then
            echo "seed $seed at $size: exit code $code"
            tail -n 30 out
            [ -z "${KEEP:-}" ] || cp -r "$place" "$KEEP/"
            bad=1
        fi
    done
done
[ "$bad" = 0 ]
