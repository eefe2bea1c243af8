/* Order of rows and search. Cells become 64-bit keys whose unsigned order is the order of the values. */
#include "table/query.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "table/letters.h"
#include "table/pattern.h"

typedef struct SortCell {
    uint64_t key;
    size_t row;
} SortCell;

static int compare_levels(const void *a, const void *b, void *context)
{
    const Dictionary *d = context;
    size_t a_size, b_size;
    const char *left = dictionary_get(d, *(const uint32_t *)a, &a_size), *right = dictionary_get(d, *(const uint32_t *)b, &b_size);
    int order = memcmp(left, right, a_size < b_size ? a_size : b_size);
    return order != 0 ? order : (a_size > b_size) - (a_size < b_size);
}

static uint32_t *text_ranks(Dictionary *d, Error *e)
{
    uint32_t count = dictionary_count(d);
    uint32_t *order = mem_try_alloc((size_t)count + 1, sizeof *order, e), *ranks = mem_try_alloc((size_t)count + 1, sizeof *ranks, e);
    if (!order || !ranks)
        return mem_free(order), mem_free(ranks), NULL;
    for (uint32_t i = 0; i < count; i++)
        order[i] = i;
    qsort_r(order, count, sizeof *order, compare_levels, d);
    for (uint32_t i = 0; i < count; i++)
        ranks[order[i]] = i;
    mem_free(order);
    return ranks;
}

static uint64_t real_key(double x)
{
    uint64_t bits;
    x += 0.0;
    memcpy(&bits, &x, sizeof bits);
    return bits >> 63 ? ~bits : bits | UINT64_C(1) << 63;
}

static uint64_t cell_key(const Column *c, const uint32_t *ranks, size_t row)
{
    switch (c->type) {
    case COLUMN_BOOL: return c->data.flags[row];
    case COLUMN_TEXT: return ranks[c->data.codes[row]];
    case COLUMN_REAL: return real_key(c->data.reals[row]);
    default: return (uint64_t)c->data.ints[row] ^ UINT64_C(1) << 63;
    }
}

static bool is_sortable(const Column *c, size_t row)
{
    return column_is_valid(c, row) && !(c->type == COLUMN_REAL && isnan(c->data.reals[row]));
}

static int compare_cells(const void *a, const void *b)
{
    const SortCell *x = a, *y = b;
    if (x->key != y->key)
        return x->key < y->key ? -1 : 1;
    return (x->row > y->row) - (x->row < y->row);
}

bool query_sort(const Table *t, int column, bool descending, size_t *rows, Error *e)
{
    const Column *c = t->columns[column];
    if (column_is_wide(c))
        return error_set(e, ERROR_USAGE, "%s: arrays have no order", t->names[column]);
    uint32_t *ranks = c->type == COLUMN_TEXT ? text_ranks(c->dictionary, e) : NULL;
    SortCell *cells = mem_try_alloc(t->rows ? t->rows : 1, sizeof *cells, e);
    bool ok = cells && (ranks || c->type != COLUMN_TEXT);
    size_t count = 0;
    for (size_t i = 0; ok && i < t->rows; i++)
        if (is_sortable(c, i)) {
            uint64_t key = cell_key(c, ranks, i);
            cells[count++] = (SortCell){descending ? ~key : key, i};
        }
    if (ok)
        qsort(cells, count, sizeof *cells, compare_cells);
    for (size_t i = 0; ok && i < count; i++)
        rows[i] = cells[i].row;
    for (size_t i = 0; ok && i < t->rows; i++)
        if (!is_sortable(c, i))
            rows[count++] = i;
    mem_free(cells);
    mem_free(ranks);
    return ok;
}

typedef struct IdPlace {
    uint64_t id;
    size_t row;
} IdPlace;

static int compare_places(const void *a, const void *b)
{
    const IdPlace *x = a, *y = b;
    if (x->id != y->id)
        return x->id < y->id ? -1 : 1;
    return (x->row > y->row) - (x->row < y->row);
}

static size_t first_place(const IdPlace *places, size_t count, uint64_t id)
{
    size_t low = 0, high = count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (places[middle].id < id)
            low = middle + 1;
        else
            high = middle;
    }
    return low < count && places[low].id == id ? places[low].row : SIZE_MAX;
}

bool query_match(const Table *from, const Table *wanted, size_t *rows, Error *e)
{
    bool counted = !from->row_ids;
    IdPlace *places = counted ? NULL : mem_try_alloc(from->rows + 1, sizeof *places, e);
    if (!counted && !places)
        return false;
    for (size_t i = 0; !counted && i < from->rows; i++)
        places[i] = (IdPlace){from->row_ids[i], i};
    if (!counted)
        qsort(places, from->rows, sizeof *places, compare_places);
    for (size_t i = 0; i < wanted->rows; i++) {
        uint64_t id = table_row_id(wanted, i);
        rows[i] = !counted ? first_place(places, from->rows, id) : id < from->rows ? (size_t)id : SIZE_MAX;
    }
    mem_free(places);
    return true;
}

typedef struct Needle {
    const char *bytes;
    size_t size;
    bool any_case; /* written in small letters only: matches capitals too */
    Text folded, cell;
} Needle;

static bool contains(Needle *n, const char *bytes, size_t size)
{
    if (n->any_case) {
        text_clear(&n->folded);
        letters_lower(bytes, size, &n->folded);
        bytes = text_get(&n->folded);
        size = n->folded.size;
    }
    return memmem(bytes, size, n->bytes, n->size) != NULL;
}

/* One answer for each distinct text; NULL for other columns. */
static bool *level_matches(const Column *c, Needle *n)
{
    if (c->type != COLUMN_TEXT)
        return NULL;
    uint32_t count = dictionary_count(c->dictionary);
    bool *match = mem_alloc((size_t)count + 1);
    for (uint32_t i = 0; i < count; i++) {
        size_t size;
        const char *level = dictionary_get(c->dictionary, i, &size);
        match[i] = contains(n, level, size);
    }
    return match;
}

static bool cell_matches(const Column *c, const bool *levels, Needle *n, size_t row)
{
    if (!column_is_valid(c, row) || column_is_wide(c))
        return false;
    if (levels)
        return levels[c->data.codes[row]];
    text_clear(&n->cell);
    column_format(c, row, &n->cell);
    return contains(n, text_get(&n->cell), n->cell.size);
}

static int matching_column(const Table *t, bool *const *levels, Needle *n, size_t row)
{
    for (int i = 0; i < (int)t->columns_count; i++)
        if (cell_matches(t->columns[i], levels[i], n, row))
            return i;
    return TABLE_NONE;
}

size_t query_search(const Table *t, const char *text, QueryWalk walk, int *column)
{
    Needle n = {.bytes = text, .size = strlen(text)};
    letters_lower(text, n.size, &n.folded);
    n.any_case = text_equal(text_get(&n.folded), text);
    bool **levels = mem_alloc((t->columns_count + 1) * sizeof *levels);
    for (size_t i = 0; i < t->columns_count; i++)
        levels[i] = level_matches(t->columns[i], &n);
    size_t found = SIZE_MAX;
    size_t rows = walk.order && walk.count ? walk.count : t->rows, place = walk.from < rows ? walk.from : 0;
    for (size_t i = 0; found == SIZE_MAX && i < rows; i++) {
        int at = matching_column(t, levels, &n, walk.order ? walk.order[place] : place);
        if (at != TABLE_NONE) {
            *column = at;
            found = place;
        }
        place = walk.backward ? (place ? place : rows) - 1 : (place + 1) % rows;
    }
    for (size_t i = 0; i < t->columns_count; i++)
        mem_free(levels[i]);
    mem_free(levels);
    text_done(&n.folded);
    text_done(&n.cell);
    return found;
}

static int column_by_pattern(const Table *t, Pattern *pattern, int from)
{
    int count = (int)t->columns_count;
    for (int i = 1; i <= count; i++) {
        int at = (from + i) % count;
        if (pattern_find(pattern, t->names[at], strlen(t->names[at]), 0, NULL))
            return at;
    }
    return TABLE_NONE;
}

int query_column(const Table *t, const char *pattern, int from, Error *e)
{
    int found = table_find(t, pattern);
    if (found != TABLE_NONE)
        return found;
    Pattern *compiled = pattern_new(pattern, true, e);
    if (!compiled)
        return TABLE_NONE;
    found = column_by_pattern(t, compiled, from);
    pattern_free(compiled);
    if (found == TABLE_NONE)
        error_set(e, ERROR_FAILED, "no column name has \"%s\" in it", pattern);
    return found;
}
