# Random keys from a seed through the workbench, at several sizes: it must neither crash nor hang, whatever is typed.
# SEEDS="1 2 3" chooses other sessions, KEYS= makes them longer.
seeds="${SEEDS:-1 2}"
keys="${KEYS:-160}"

write_keys() {
    awk -v seed="$1" -v keys="$2" 'BEGIN {
        srand(seed)
        named = split("Enter Enter Enter Esc Esc Tab S-Tab Up Down Down Left Right Home End PgUp PgDn Space Backspace Delete C-r C-c C-l C-u C-w F1 F5 Resize", names, " ")
        texts = split("abc|-1|0|1e308|churn|nan|0.5|99999999999999999999|tenure * 2|\"|é漢👍|a,b|(((((|*", text, "|")
        sizes = split("120x36 80x24 60x18 20x5 1x1 200x60", size, " ")
        letters = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789?:/.,;+-*=!@#$%^&()[]{}|~"
        for (i = 1; i <= keys; i++) {
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

bad=0
for seed in $seeds; do
    for size in 120x36 80x24 60x18 20x5; do
        place="$WORK/$seed-$size"
        mkdir "$place" && cd "$place"
        cp "$ROOT/sample_data/churn.csv" .
        write_keys "$seed${size%x*}" "$keys" >monkey.keys
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
