/* Rows that repeat an earlier one in every cell. */
#include <stdlib.h>

#include "base/mem.h"
#include "base/number.h"
#include "table/profile_internal.h"

static uint64_t hash_cell(const Column *c, size_t row, Text *scratch)
{
    text_clear(scratch);
    column_format(c, row, scratch);
    uint64_t h = column_is_valid(c, row) ? UINT64_C(0x9E3779B97F4A7C15) : 1;
    for (size_t i = 0; i < scratch->size; i++)
        h = (h ^ (unsigned char)scratch->bytes[i]) * UINT64_C(0x100000001B3);
    return h;
}

/* One number per level of a text, so that long texts are read once. */
static uint64_t cell_key(const Column *c, size_t row, Text *scratch)
{
    if (!column_is_valid(c, row))
        return 1;
    return c->type == COLUMN_ARRAY ? hash_cell(c, row, scratch) : column_key(c, row) + 2;
}

typedef struct RowHash {
    uint64_t hash;
    size_t row;
} RowHash;

static int by_hash(const void *a, const void *b)
{
    const RowHash *x = a, *y = b;
    if (x->hash != y->hash)
        return x->hash < y->hash ? -1 : 1;
    return (x->row > y->row) - (x->row < y->row);
}

static bool rows_equal(const Table *t, size_t a, size_t b, Text *scratch)
{
    for (size_t i = 0; i < t->columns_count; i++) {
        const Column *c = t->columns[i];
        if (column_is_valid(c, a) != column_is_valid(c, b) || cell_key(c, a, scratch) != cell_key(c, b, scratch))
            return false;
    }
    return true;
}

/* Rows equal to an earlier one in every cell. */
bool find_duplicates(Finder *f, Error *e)
{
    const Table *t = f->t;
    size_t repeated = 0;
    char count[NUMBER_ROOM];
    Text scratch = {0};
    RowHash *rows = mem_try_alloc(t->rows + 1, sizeof *rows, e);
    if (!rows)
        return false;
    for (size_t row = 0; row < t->rows; row++) {
        uint64_t h = 0;
        for (size_t i = 0; i < t->columns_count; i++) {
            h = (h ^ cell_key(t->columns[i], row, &scratch)) * UINT64_C(0x9E3779B97F4A7C15);
            h ^= h >> 29;
        }
        rows[row] = (RowHash){h, row};
    }
    qsort(rows, t->rows, sizeof *rows, by_hash);
    for (size_t i = 1; i < t->rows; i++)
        repeated += rows[i].hash == rows[i - 1].hash && rows_equal(t, rows[i].row, rows[i - 1].row, &scratch);
    if (repeated && t->columns_count > 1)
        finder_add(f, '!', NULL, text_format("%s rows repeat an earlier row", number_format_count((int64_t)repeated, count)),
                   (Repair){.step = "drop_duplicates", .params = value_map()});
    mem_free(rows);
    text_done(&scratch);
    return true;
}
