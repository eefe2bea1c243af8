/* The JSON writer: an array of objects, one a line; missing cells are null. */
#include <math.h>
#include <string.h>

#include "base/json.h"
#include "table/reader.h"

static void write_cell(const Column *c, size_t row, Text *out)
{
    size_t size;
    const char *text = column_text(c, row, &size);
    bool bare = column_is_numeric(c) && (c->type != COLUMN_REAL || isfinite(c->data.reals[row]));
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

static bool json_write_table(const void *params, const Table *t, Text *out, Error *e)
{
    (void)params;
    (void)e;
    text_add_char(out, '[');
    for (size_t row = 0; row < t->rows; row++) {
        text_add(out, row ? ",\n {" : "\n {");
        for (size_t i = 0; i < t->columns_count; i++) {
            if (i) text_add(out, ", ");
            json_write_text(t->names[i], strlen(t->names[i]), out);
            text_add(out, ": ");
            write_cell(t->columns[i], row, out);
        }
        text_add_char(out, '}');
    }
    text_add(out, t->rows ? "\n]\n" : "]\n");
    return true;
}

const Writer json_writer = {
    .spec = {.name = "json", .doc = "a list of objects, one per row", .group = "text"},
    .write = json_write_table,
};
