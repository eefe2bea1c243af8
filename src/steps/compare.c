/* What a step did: cells, rows and columns that differ between two tables. Rows are matched by their source row ids. */
#include "steps/recipe.h"

typedef struct RowIndex {
    uint64_t *ids;
    size_t *rows, mask;
} RowIndex;

static RowIndex index_new(const Table *t)
{
    size_t room = 16;
    while (room < 2 * t->rows)
        room *= 2;
    RowIndex x = {mem_alloc(room * sizeof(uint64_t)), mem_alloc(room * sizeof(size_t)), room - 1};
    for (size_t i = 0; i < t->rows; i++) {
        uint64_t id = table_row_id(t, i);
        size_t at = (size_t)(id * UINT64_C(0x9E3779B97F4A7C15)) & x.mask;
        while (x.rows[at])
            at = (at + 1) & x.mask;
        x.ids[at] = id;
        x.rows[at] = i + 1;
    }
    return x;
}

/* SIZE_MAX: the row is not there. */
static size_t index_find(const RowIndex *x, uint64_t id)
{
    size_t at = (size_t)(id * UINT64_C(0x9E3779B97F4A7C15)) & x->mask;
    for (; x->rows[at]; at = (at + 1) & x->mask)
        if (x->ids[at] == id)
            return x->rows[at] - 1;
    return SIZE_MAX;
}

static bool same_cell(const Column *a, size_t i, const Column *b, size_t j, Text room[2])
{
    if (!column_is_valid(a, i) || !column_is_valid(b, j))
        return column_is_valid(a, i) == column_is_valid(b, j);
    if (a->type == b->type && a->type == COLUMN_REAL)
        return a->data.reals[i] == b->data.reals[j];
    if (a->type == b->type && a->type == COLUMN_BOOL)
        return a->data.flags[i] == b->data.flags[j];
    if (a->type == b->type && a->type != COLUMN_TEXT && !column_is_wide(a))
        return a->data.ints[i] == b->data.ints[j];
    if (a->type == b->type && (a->type == COLUMN_TEXT || a->type == COLUMN_SOUND) && a->dictionary == b->dictionary)
        return a->data.codes[i] == b->data.codes[j];
    text_clear(&room[0]);
    text_clear(&room[1]);
    (a->type == COLUMN_SOUND ? column_format_key : column_format)(a, i, &room[0]);
    (b->type == COLUMN_SOUND ? column_format_key : column_format)(b, j, &room[1]);
    return text_equal(text_get(&room[0]), text_get(&room[1]));
}

static void compare_column(const Column *a, const Column *b, const size_t *match, StepEffectReport *out)
{
    size_t touched = 0;
    Text room[2] = {{0}, {0}};
    for (size_t j = 0; j < b->rows; j++) {
        if (match[j] == SIZE_MAX || same_cell(a, match[j], b, j, room))
            continue;
        touched++;
        if (!column_is_valid(b, j))
            out->made_missing++;
    }
    out->cells_touched += touched;
    out->columns_touched += touched > 0;
    text_done(&room[0]);
    text_done(&room[1]);
}

void recipe_compare(const Table *before, const Table *after, StepEffectReport *out)
{
    *out = (StepEffectReport){.rows_before = before->rows, .rows_after = after->rows};
    RowIndex index = index_new(before);
    size_t *match = mem_alloc((after->rows + 1) * sizeof *match);
    for (size_t j = 0; j < after->rows; j++)
        match[j] = index_find(&index, table_row_id(after, j));
    for (size_t i = 0; i < after->columns_count; i++) {
        const Column *old = table_column(before, after->names[i]);
        if (!old)
            out->columns_added++;
        else if (old != after->columns[i])
            compare_column(old, after->columns[i], match, out);
    }
    for (size_t i = 0; i < before->columns_count; i++)
        out->columns_removed += table_find(after, before->names[i]) == TABLE_NONE;
    mem_free(match);
    mem_free(index.ids);
    mem_free(index.rows);
}
