/* JSON Lines: any bytes give a table or an error; what was read is written and read again, row for row. */
#include "tests/fuzz/fuzz.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    Error e = {0};
    Text out = {0};
    fuzz_families();
    Table *t = table_read_bytes(NULL, "fuzz.jsonl", data, size, NULL, &e);
    fuzz_check(t, &e);
    if (t && t->rows && jsonl_writer.write(NULL, t, &out, &e)) {
        Table *again = table_read_bytes(NULL, "again.jsonl", (const uint8_t *)text_get(&out), out.size, NULL, &e);
        if (!again || again->rows != t->rows || again->rejects_count)
            abort();
        table_unref(again);
    }
    table_unref(t);
    text_done(&out);
    return 0;
}
