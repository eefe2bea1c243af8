/* The JSON reader: whole and as a part; what is read is written and read again. */
#include <stdlib.h>

#include "table/reader.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void read_once(const uint8_t *data, size_t size, bool partial)
{
    Error e = {0};
    Text out = {0};
    Value *options = value_map();
    value_set(options, "reader", value_text("json"));
    value_set(options, "partial", value_flag(partial));
    Table *t = table_read_bytes(NULL, "fuzz.json", data, size, options, &e);
    if (!t && !e.message[0])
        abort();
    if (t && t->rows && jsonl_writer.write(NULL, t, &out, &e)) {
        Table *again = table_read_bytes(NULL, "again.json", (const uint8_t *)text_get(&out), out.size, NULL, &e);
        if (!again || again->rows != t->rows || again->rejects_count)
            abort();
        table_unref(again);
    }
    table_unref(t);
    text_done(&out);
    value_free(options);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    read_once(data, size, false);
    read_once(data, size, true);
    return 0;
}
