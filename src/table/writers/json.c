/* The JSON writers: an array of objects, one a line, or the objects alone; missing cells are null. */
#include <math.h>
#include <string.h>

#include "base/json.h"
#include "table/reader.h"

static void write_cell(const Column *c, size_t row, Text *out)
{
    size_t size;
    const char *text = column_text(c, row, &size);
    bool bare = c->type == COLUMN_ARRAY || (column_is_numeric(c) && (c->type != COLUMN_REAL || isfinite(c->data.reals[row])));
    if (!column_is_valid(c, row)) {
        text_add(out, "null");
    } else if (text) {
        json_write_text(text, size, out);
    } else if (bare) {
        column_format(c, row, out);
    } else {
        text_add_char(out, '"');
        column_format(c, row, out);
        text_add_char(out, '"');
    }
}

static void write_row(const Table *t, size_t row, Text *out)
{
    text_add_char(out, '{');
    for (size_t i = 0; i < t->columns_count; i++) {
        if (i)
            text_add(out, ", ");
        json_write_text(t->names[i], strlen(t->names[i]), out);
        text_add(out, ": ");
        write_cell(t->columns[i], row, out);
    }
    text_add_char(out, '}');
}

static bool json_write_table(const void *params, const Table *t, Text *out, Error *e)
{
    (void)params;
    (void)e;
    text_add_char(out, '[');
    for (size_t row = 0; row < t->rows; row++) {
        text_add(out, row ? ",\n " : "\n ");
        write_row(t, row, out);
    }
    text_add(out, t->rows ? "\n]\n" : "]\n");
    return true;
}

static bool jsonl_write_table(const void *params, const Table *t, Text *out, Error *e)
{
    (void)params;
    (void)e;
    for (size_t row = 0; row < t->rows; row++) {
        write_row(t, row, out);
        text_add_char(out, '\n');
    }
    return true;
}

static const char *const json_endings[] = {"json", NULL};
static const char *const jsonl_endings[] = {"jsonl", "ndjson", NULL};

const Writer jsonl_writer = {
    .spec = {.name = "jsonl", .doc = "one object per row and line", .group = "text"},
    .endings = jsonl_endings,
    .write = jsonl_write_table,
};

const Writer json_writer = {
    .spec = {.name = "json", .doc = "a list of objects, one per row", .group = "text"},
    .endings = json_endings,
    .write = json_write_table,
};
