/* The JSON reader beyond what text cases can say: NUL, the way back from our writers, and hostile files. */
#include "base/io.h"
#include "table/reader.h"
#include "tests/unit/test.h"

static Table *read_text(const char *text, size_t size, Error *e)
{
    return table_read_bytes(NULL, "test.json", (const uint8_t *)text, size, NULL, e);
}

static void check_nul(void)
{
    static const char text[] = "{\"a\": \"x\\u0000y\"}";
    Error e = {0};
    size_t size = 0;
    Table *t = read_text(text, sizeof text - 1, &e);
    CHECK_OK(t != NULL, e);
    const char *cell = t ? column_text(t->columns[0], 0, &size) : "";
    CHECK(size == 3 && memcmp(cell, "x\0y", 3) == 0);
    table_unref(t);
}

static void check_back(const Writer *writer)
{
    static const char csv[] =
        "b,i,r,t,d,m\ntrue,9007199254740993,0.1,\"a "
        "\"\"q\"\",\n\",2024-02-29,2024-02-29T10:00:00\nfalse,-1,1e300,\xC3\xA9,1999-01-01,1999-01-01T00:00:00\n,,,,,\n";
    Error e = {0};
    Text out = {0};
    Table *t = table_read_bytes(NULL, "a.csv", (const uint8_t *)csv, sizeof csv - 1, NULL, &e);
    CHECK_OK(t && writer->write(NULL, t, &out, &e), e);
    Table *back = read_text(text_get(&out), out.size, &e);
    CHECK_OK(back != NULL, e);
    for (size_t i = 0; back && i < t->columns_count; i++)
        CHECK(i >= back->columns_count || (t->columns[i]->type == back->columns[i]->type && column_equal(t->columns[i], back->columns[i])));
    CHECK(back && back->columns_count == t->columns_count);
    table_unref(t);
    table_unref(back);
    text_done(&out);
}

/* None may crash; none that JSON forbids may pass without a word. */
static void check_suite(const char *part)
{
    const char *directory = test_data(part);
    TextList names = {0};
    Error e = {0};
    if (!directory || !io_list(directory, &names, &e)) {
        test_skip("json-edge");
        return;
    }
    for (size_t i = 0; i < names.count; i++) {
        char *path = io_join(directory, names.items[i]), *bytes = NULL;
        size_t size = 0;
        CHECK_OK(io_read_file(path, 0, &bytes, &size, &e), e);
        Error refused = {0};
        Table *t = read_text(bytes, size, &refused);
        bool silent = t && t->rejects_count == 0 && names.items[i][0] == 'n';
        test_check(!silent && (t || refused.message[0]), __FILE__, __LINE__, "%s was read without a word", names.items[i]);
        table_unref(t);
        mem_free(bytes);
        mem_free(path);
    }
    text_list_done(&names);
}

void unit_json_reader(void)
{
    TEST("text keeps NUL");
    check_nul();
    TEST("what our JSON writers write comes back the same");
    check_back(&json_writer);
    check_back(&jsonl_writer);
    TEST("the JSONTestSuite as data");
    check_suite("json-edge/test_parsing");
    check_suite("json-edge/test_transform");
}
