/* Sets of rows beside a run. Bytes that begin with a brace are the head and, behind a NUL, the digests. A set that is read is written the
 * same. */
#include "learn/seen.h"
#include "table/row_digest.h"
#include "tests/fuzz/fuzz.h"

static void build(const uint8_t *data, size_t size, Text *out)
{
    const uint8_t *nul = memchr(data, 0, size);
    uint64_t length = nul ? (uint64_t)(nul - data) : size;
    text_add_bytes(out, "LBROWS1", 8);
    text_add_bytes(out, &length, sizeof length);
    text_add_bytes(out, data, (size_t)length);
    if (nul)
        text_add_bytes(out, nul + 1, size - (size_t)length - 1);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    Error e = {0};
    Text file = {0};
    char hex[HASH_ROOM];
    if (size && data[0] == '{')
        build(data, size, &file);
    else
        text_add_bytes(&file, data, size);
    RowSet *s = row_set_load(fuzz_file("set.rows", text_get(&file), file.size), &e);
    fuzz_check(s, &e);
    if (s) {
        Value *facts = row_set_facts(s);
        row_set_digest(s, hex);
        row_digests_has(s->rows, s->row_count, 7);
        value_free(facts);
    }
    row_set_free(s);
    text_done(&file);
    return 0;
}
