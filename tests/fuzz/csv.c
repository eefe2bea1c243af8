/* CSV: any bytes give a table or an error; a table that was read is written and read back. */
#include "tests/fuzz/fuzz.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    fuzz_families();
    fuzz_hold_encodings();
    Error e = {0};
    Table *t = table_read_bytes(NULL, "fuzz.csv", data, size, NULL, &e);
    fuzz_check(t, &e);
    if (!t)
        return 0;
    Text out = {0};
    void *params = params_new(&csv_writer.spec);
    if (!csv_writer.write(params, t, &out, &e))
        abort();
    Table *again = out.size ? table_read_bytes(NULL, "again.csv", (const uint8_t *)text_get(&out), out.size, NULL, &e) : NULL;
    fuzz_check(again || !out.size, &e);
    params_free(&csv_writer.spec, params);
    text_done(&out);
    table_unref(again);
    table_unref(t);
    return 0;
}
