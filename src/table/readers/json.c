/* The JSON reader: a list of objects, or one object after another (JSON Lines). Keys become columns in the order in which they are
 * first seen; integers are exact; what does not fit a column is kept as text, and said. */
#include <string.h>

#include "base/mem.h"
#include "table/readers/json.h"

static const Field fields[] = {
    {TEXTS_FIELD(JsonParams, text), .doc = "columns that stay text whatever they hold", .def = ""},
    {INT_FIELD(JsonParams, rows), .doc = "stop after so many rows; 0: read all", .def = "0", .min = 0, .max = 4e9, .soft_max = 1e6},
    {FLAG_FIELD(JsonParams, partial), .doc = "the bytes may end inside a row: drop it", .def = "false"},
    {INT_FIELD(JsonParams, max_field), .doc = "largest cell", .unit = "bytes", .def = "16777216", .min = 1, .max = 4e9},
    {INT_FIELD(JsonParams, max_columns), .doc = "most columns", .def = "16384", .min = 1, .max = 1e6},
    {INT_FIELD(JsonParams, max_rows), .doc = "most rows", .def = "1000000000", .min = 1, .max = 4e9},
    {INT_FIELD(JsonParams, max_rejects), .doc = "most rejected rows", .def = "10000", .min = 0, .max = 1e9},
    {INT_FIELD(JsonParams, max_memory), .doc = "most memory for the table", .unit = "MiB", .def = "16384", .min = 1, .max = 1e9},
    {0},
};

static bool is_blank(uint8_t c)
{
    return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

static size_t skip_blanks(const uint8_t *bytes, size_t size, size_t at)
{
    while (at < size && is_blank(bytes[at]))
        at++;
    return at;
}

static size_t mark_size(const uint8_t *bytes, size_t size)
{
    return size >= 3 && memcmp(bytes, "\xEF\xBB\xBF", 3) == 0 ? 3 : 0;
}

/* No table of another kind begins with an object whose first piece is a quoted key. */
static int sniff(const char *name, const uint8_t *bytes, size_t size)
{
    enum { BY_NAME = 95, BY_CONTENT = 93 };
    static const char *const endings[] = {".json", ".jsonl", ".ndjson", ".json.gz", ".jsonl.gz", ".ndjson.gz"};
    for (size_t i = 0; i < sizeof endings / sizeof *endings; i++)
        if (text_ends(name, endings[i]))
            return BY_NAME;
    size_t at = skip_blanks(bytes, size, mark_size(bytes, size));
    if (at < size && bytes[at] == '[')
        at = skip_blanks(bytes, size, at + 1);
    if (at >= size || bytes[at] != '{')
        return 0;
    at = skip_blanks(bytes, size, at + 1);
    return at < size && (bytes[at] == '"' || bytes[at] == '}') ? BY_CONTENT : 0;
}

static bool read_all(JsonRows *r, Error *e)
{
    const uint8_t *bytes = (const uint8_t *)r->scan.bytes;
    r->scan.at = mark_size(bytes, r->scan.size);
    if (r->scan.size >= 2 && (!bytes[0] || !bytes[1]))
        return error_at(e, ERROR_FAILED, r->name, 0, 0, "is UTF-16 or UTF-32; JSON is UTF-8: convert it with iconv first");
    if (!json_rows_scan(r, e) || !json_rows_to_columns(r, e))
        return false;
    text_list_add(&r->table->notes, r->is_list ? "JSON, a list of objects" : "JSON, one object after another");
    return true;
}

static Table *json_read(Job *job, const void *params, const char *name, const uint8_t *bytes, size_t size, Error *e)
{
    JsonRows r = {.job = job, .p = params, .name = name, .names = dictionary_new(), .table = table_new(0)};
    r.scan = (JsonScan){.bytes = (const char *)bytes, .size = size, .allows_nul = true};
    bool ok = read_all(&r, e);
    json_rows_done(&r);
    if (ok)
        return r.table;
    table_unref(r.table);
    return NULL;
}

static const Example examples[] = {
    {"{}", "[{\"a\": 1, \"b\": \"x\"}, {\"b\": \"y, z\", \"a\": null}]", "a,b\n1,x\n,\"y, z\"\n"},
    {"{}", "{\"n\": 9007199254740993}\n{\"n\": -1, \"day\": \"2024-02-29\"}\n", "n,day\n9007199254740993,\n-1,2024-02-29\n"},
    {"{\"rows\": 1}", "{\"a\": {\"b\": [1]}}\n{\"a\": 2}\n", "a\n\"{\"\"b\"\": [1]}\"\n"},
    {"{}", "[1, 2]", "error: expected an object"},
    {0},
};

const Reader json_reader = {
    .spec = {.name = "json",
             .doc = "a list of objects, or one object a line (JSON Lines)",
             .group = "text",
             .params = fields,
             .params_size = sizeof(JsonParams),
             .examples = examples,
             .examples_count = 4},
    .sniff = sniff,
    .read = json_read,
};
