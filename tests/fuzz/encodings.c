/* Encodings of CSV: guessed, and as said by the option (the first byte chooses): what comes out is valid UTF-8 in every cell and name. */
#include "base/utf8.h"
#include "table/readers/csv.h"
#include "tests/fuzz/fuzz.h"

static void check(const char *bytes, size_t size, const char *encoding)
{
    Error e = {0};
    TextList notes = {0};
    CsvParams *p = params_new(&csv_reader.spec);
    if (encoding) {
        mem_free(p->encoding);
        p->encoding = mem_strdup(encoding);
    }
    CsvText text = {.name = "fuzz.csv", .bytes = bytes, .size = size};
    bool ok = csv_decode(p, &text, &notes, &e);
    fuzz_check(ok, &e);
    if (ok && text.owned && !utf8_is_valid(text.bytes, text.size))
        abort();
    mem_free(text.owned);
    text_list_done(&notes);
    params_free(&csv_reader.spec, p);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const char *const names[] = {NULL,      "utf-8",     "utf-16le", "utf-16be", "latin1",  "windows-1252",
                                        "gb18030", "shift_jis", "koi8-r",   "utf-16",   "nonsense"};
    fuzz_families();
    fuzz_hold_encodings();
    check((const char *)data, size, NULL);
    if (size)
        check((const char *)data + 1, size - 1, names[data[0] % (sizeof names / sizeof *names)]);
    return 0;
}
