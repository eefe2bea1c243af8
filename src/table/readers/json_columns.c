/* Cells into columns: the kind of a column is what all its cells allow without losing a digit. */
#include <string.h>

#include "base/mem.h"
#include "base/number.h"
#include "table/calendar.h"
#include "table/readers/json.h"

/* *why: what the user is told when text is not what the file says; NULL: nothing. */
static ColumnType type_of(unsigned kinds, const char **why)
{
    unsigned family = kinds & (JSON_BOOL | JSON_INT | JSON_REAL | JSON_TEXT | JSON_NESTED);
    *why = NULL;
    if (family == JSON_BOOL)
        return COLUMN_BOOL;
    if (family == JSON_INT && !(kinds & JSON_HUGE))
        return COLUMN_INT;
    if ((family == JSON_REAL || family == (JSON_INT | JSON_REAL)) && !(kinds & (JSON_WIDE | JSON_HUGE)))
        return COLUMN_REAL;
    if (family == JSON_TEXT && !(kinds & JSON_NO_DATE))
        return COLUMN_DATE;
    if (family == JSON_TEXT && !(kinds & JSON_NO_TIME))
        return COLUMN_TIME;
    if (kinds & JSON_NESTED)
        *why = "holds lists or objects, kept as JSON text";
    else if (kinds & JSON_HUGE)
        *why = "holds integers of more than 64 bits, kept as text";
    else if (family == (JSON_INT | JSON_REAL))
        *why = "mixes decimals with integers that would lose digits, kept as text";
    else if (family && family != JSON_TEXT)
        *why = "mixes text, numbers or flags, kept as text";
    return COLUMN_TEXT;
}

static int decimals_of(const char *bytes, size_t size)
{
    const char *point = memchr(bytes, '.', size);
    size_t digits = 0;
    while (point && point + 1 + digits < bytes + size && point[1 + digits] >= '0' && point[1 + digits] <= '9')
        digits++;
    return (int)digits;
}

static void decode(const JsonRows *r, const JsonCell *cell, Text *out)
{
    JsonScan s = {.bytes = r->scan.bytes, .size = r->scan.size, .at = cell->at, .allows_nul = true};
    text_clear(out);
    if (cell->kinds & JSON_TEXT)
        json_scan_text(&s, out);
    else
        text_add_bytes(out, r->scan.bytes + cell->at, cell->size);
}

static bool fill_cell(const JsonRows *r, const JsonCell *cell, size_t row, Column *c, Text *scratch)
{
    const char *bytes = r->scan.bytes + cell->at;
    switch (c->type) {
    case COLUMN_BOOL: c->data.flags[row] = bytes[0] == 't'; return true;
    case COLUMN_INT: return number_parse_int(bytes, cell->size, &c->data.ints[row]);
    case COLUMN_REAL: {
        int decimals = decimals_of(bytes, cell->size);
        c->decimals = decimals > c->decimals ? decimals : c->decimals;
        return number_parse_real(bytes, cell->size, &c->data.reals[row]);
    }
    default: break;
    }
    decode(r, cell, scratch);
    if (c->type == COLUMN_DATE)
        return calendar_parse_date(text_get(scratch), scratch->size, &c->data.ints[row]);
    if (c->type == COLUMN_TIME)
        return calendar_parse_time(text_get(scratch), scratch->size, &c->data.ints[row]);
    Error ignored = {0}; /* a cell that its column cannot hold is one for want of memory, and said so by the caller */
    return column_set_text(c, row, text_get(scratch), scratch->size, &ignored);
}

static bool fill_row(const JsonRows *r, size_t row, Column **columns, Error *e)
{
    Text scratch = {0};
    bool ok = true;
    for (size_t i = row ? r->ends[row - 1] : 0; ok && i < r->ends[row]; i++) {
        const JsonCell *cell = &r->cells[i];
        if (!cell->kinds)
            continue;
        column_set_valid(columns[cell->column], row);
        ok = fill_cell(r, cell, row, columns[cell->column], &scratch) ||
             error_set(e, ERROR_MEMORY, "out of memory for the cells of %s", r->name);
    }
    text_done(&scratch);
    return ok;
}

static Column *new_column(JsonRows *r, size_t i, Error *e)
{
    const char *name = dictionary_get(r->names, (uint32_t)i, NULL), *why = NULL;
    ColumnType type = type_of(r->kinds[i], &why);
    if (text_list_has(&r->p->text, name)) {
        type = COLUMN_TEXT;
        why = NULL;
    }
    if (why) {
        char *note = text_format("column %s %s", name, why);
        text_list_add(&r->table->notes, note);
        mem_free(note);
    }
    Column *c = column_new(type, r->rows, e);
    bool ok = c != NULL;
    for (size_t row = 0; ok && row < r->rows; row++)
        ok = column_set_missing(c, row, e);
    if (ok && type == COLUMN_REAL)
        c->decimals = 0;
    if (ok)
        return c;
    column_unref(c);
    return NULL;
}

bool json_rows_to_columns(JsonRows *r, Error *e)
{
    size_t count = dictionary_count(r->names), made = 0;
    Column **columns = mem_alloc((count + 1) * sizeof *columns);
    bool ok = true;
    r->table->rows = r->rows;
    for (; ok && made < count; made++) { /* a key that only rejected rows had makes no column */
        columns[made] = r->kinds[made] & JSON_SEEN ? new_column(r, made, e) : NULL;
        ok = columns[made] || !(r->kinds[made] & JSON_SEEN);
    }
    for (size_t row = 0; ok && row < r->rows; row++)
        ok = fill_row(r, row, columns, e);
    for (size_t i = 0; i < made; i++) {
        if (ok && columns[i])
            ok = table_add(r->table, dictionary_get(r->names, (uint32_t)i, NULL), columns[i], e);
        else
            column_unref(columns[i]);
    }
    mem_free(columns);
    return ok;
}
