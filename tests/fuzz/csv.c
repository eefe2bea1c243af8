/* CSV: any bytes give a table or an error; a table that was read is written and read back. */
#include <stdlib.h>

#include "table/reader.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static bool is_ready;
    if (!is_ready) {
        registry_add(reader_family());
        is_ready = true;
    }
    Error e = {0};
    Table *t = table_read_bytes(NULL, "fuzz.csv", data, size, NULL, &e);
    if (!t) {
        if (e.code == ERROR_NONE)
            abort();
        return 0;
    }
    Text out = {0};
    void *params = params_new(&csv_writer.spec);
    if (!csv_writer.write(params, t, &out, &e))
        abort();
    params_free(&csv_writer.spec, params);
    text_done(&out);
    table_unref(t);
    return 0;
}
