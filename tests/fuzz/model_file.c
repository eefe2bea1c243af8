/* Model files. Bytes that do not begin with a brace are a whole file. Else they are the metadata as plain JSON, {"recipe": [...], ...}, and
 * the file is built around them: texts in the metadata, and tensors of zeros as the net wants them, so that damage reaches what lies behind
 * the header and the hash. What loads predicts. */
#include "learn/bundle.h"
#include "tests/fuzz/fuzz.h"

/* "layer:rows:columns" in "tensors": the list of shapes. */
static void add_tensor(Value *header, const char *name, const Value *shape, int64_t *at)
{
    int64_t count = 1;
    for (size_t i = 0; shape->type == VALUE_LIST && i < shape->size && count < 1 << 16; i++)
        count *= shape->items[i]->type == VALUE_INT && shape->items[i]->integer > 0 && shape->items[i]->integer < 4096
                     ? shape->items[i]->integer
                     : 1;
    Value *entry = value_map(), *offsets = value_list();
    value_add(offsets, value_int(*at));
    value_add(offsets, value_int(*at += count * 4));
    value_set(entry, "dtype", value_text("F32"));
    value_set(entry, "shape", value_copy(shape));
    value_set(entry, "data_offsets", offsets);
    value_set(header, name, entry);
}

static void build(const Value *given, Text *out)
{
    Value *header = value_map(), *metadata = value_map();
    const Value *tensors = value_get(given, "tensors");
    int64_t size = 0;
    for (size_t i = 0; i < given->size; i++) {
        char *text = json_format(given->items[i], JSON_COMPACT);
        if (given->items[i] != tensors)
            value_set(metadata, given->keys[i], given->items[i]->type == VALUE_TEXT ? value_copy(given->items[i]) : value_text(text));
        mem_free(text);
    }
    value_set(header, "__metadata__", metadata);
    for (size_t i = 0; tensors && tensors->type == VALUE_MAP && i < tensors->size; i++)
        add_tensor(header, tensors->keys[i], tensors->items[i], &size);
    char *text = json_format(header, JSON_COMPACT);
    uint64_t length = strlen(text);
    text_add_bytes(out, &length, sizeof length);
    text_add(out, text);
    for (int64_t i = 0; i < size && i < 1 << 20; i++)
        text_add_char(out, 0);
    mem_free(text);
    value_free(header);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    Error e = {0};
    Text file = {0};
    fuzz_families();
    Value *given = size && data[0] == '{' ? json_parse((const char *)data, size, &e) : NULL;
    if (given && given->type == VALUE_MAP)
        build(given, &file);
    else
        text_add_bytes(&file, data, size);
    Bundle *b = bundle_load_unhashed(fuzz_file("m.safetensors", text_get(&file), file.size), &e);
    fuzz_check(b, &e);
    if (b) {
        Table *out = bundle_predict(NULL, b, &(PredictTask){.rows = fuzz_table()}, &e);
        fuzz_check(out, &e);
        table_unref(out);
    }
    bundle_unref(b);
    text_done(&file);
    value_free(given);
    return 0;
}
