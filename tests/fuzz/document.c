/* Generated scripts: a text is one by its form or it is not, and what is one becomes, without running, a document or an error with a place.
 * A document is written into a script that is read into the same bytes. */
#include "app/document.h"
#include "tests/fuzz/fuzz.h"

static void check_again(const Document *d)
{
    Text first = {0}, second = {0};
    Error e = {0};
    document_to_script(d, &first);
    Document *again = document_read(NULL, "again.lua", text_get(&first), &e);
    if (!document_is_generated(text_get(&first)) || !again)
        abort();
    document_to_script(again, &second);
    if (!text_equal(text_get(&first), text_get(&second)))
        abort();
    document_unref(again);
    text_done(&first);
    text_done(&second);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const char rows[] = "a,b,y\n1,x,yes\n2,y,no\n3,x,yes\n";
    Error e = {0};
    Text script = {0};
    fuzz_families();
    const char *path = fuzz_file("rows.csv", rows, sizeof rows - 1);
    text_addf(&script, "-- limbeck document v1\nlocal lb = require \"limbeck\"\nlocal source = lb.read(\"%s\")\n", path);
    text_add(&script, "local p = lb.pipeline { source = source, target = \"y\", seed = 0 }\n");
    text_add_bytes(&script, data, size);
    bool is_one = document_is_generated(text_get(&script));
    Document *d = document_read(NULL, "fuzz.lua", text_get(&script), &e);
    if (d ? !is_one : e.code == ERROR_NONE)
        abort();
    if (d)
        check_again(d);
    else
        fuzz_check(false, &e);
    document_unref(d);
    text_done(&script);
    return 0;
}
