/* Key scripts: any bytes give steps or an error with a place; the label of a key is read as that key. Then the keys are typed into a line.
 */
#include "tests/fuzz/fuzz.h"
#include "tui/input.h"

static void type(const KeysScript *s)
{
    Input in;
    input_init(&in, "value");
    for (size_t i = 0; i < s->count; i++) {
        const KeysStep *step = &s->steps[i];
        if (step->kind == KEYS_STEP_KEY)
            input_key(&in, step->key);
        if (step->kind == KEYS_STEP_PASTE)
            input_paste(&in, step->text);
        if (in.caret > strlen(in.text))
            abort();
    }
    input_done(&in);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    Error e = {0};
    KeysScript s = {0};
    char *bytes = mem_strndup((const char *)data, size); /* as a file is read: a NUL behind it */
    bool ok = keys_parse("fuzz.keys", bytes, size, &s, &e);
    fuzz_check(ok, &e);
    for (size_t i = 0; ok && i < s.count; i++) {
        char label[16];
        Key again;
        if (s.steps[i].kind != KEYS_STEP_KEY)
            continue;
        if (!key_parse(key_label(s.steps[i].key, label), &again) || !key_equal(again, s.steps[i].key))
            abort();
    }
    if (ok)
        type(&s);
    keys_done(&s);
    mem_free(bytes);
    return 0;
}
