# Models that version 0.1 wrote (format 3, by old_models/fit.lua) say what they said then, to the last digit, and keep saying it when
# they are saved again.
for name in mlp flat conv; do
    "$LIMBECK" predict "$ROOT/tests/end_to_end/old_models/$name.safetensors" <"$ROOT/tests/end_to_end/old_models/rows.csv" >"$name.csv"
    cmp "$name.csv" "$ROOT/tests/end_to_end/old_models/$name.csv"
    printf 'require("limbeck").load("%s"):save("again.safetensors")\n' "$ROOT/tests/end_to_end/old_models/$name.safetensors" >again.lua
    "$LIMBECK" -q run --trust again.lua
    "$LIMBECK" predict again.safetensors <"$ROOT/tests/end_to_end/old_models/rows.csv" | cmp - "$name.csv"
    rm again.safetensors
done
