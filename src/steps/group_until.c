/* The past of each time is laid out row by row, a piece at a time, and aggregated as any table is. */
#include "steps/group_until.h"

#include <string.h>

#include "steps/unit.h"

enum { PIECE = 1 << 20 }; /* rows of pasts that are laid out at once, or one past */

typedef struct Until {
    const GroupUntil *g;
    const Table *t, *read; /* read: the columns that are asked for */
    RowOrder order;
    size_t *last, *from, *to; /* of each row to be made: its last row, and the places of its past in the order */
    size_t count;
    Column **whole; /* of each making */
} Until;

/* One row for each time of a group. */
static bool find_times(const StepInput *in, Until *u, Error *e)
{
    const Column *time = u->t->columns[u->g->time];
    u->last = mem_try_alloc(u->t->rows + 1, sizeof *u->last, e);
    u->from = mem_try_alloc(u->t->rows + 1, sizeof *u->from, e);
    u->to = mem_try_alloc(u->t->rows + 1, sizeof *u->to, e);
    bool ok = u->last && u->from && u->to;
    for (size_t g = 0; ok && g < u->order.groups; g++)
        for (size_t i = u->order.starts[g]; i < u->order.starts[g + 1] && unit_has_time(time, u->order.row[i]); i++) {
            size_t row = u->order.row[i], next = i + 1 < u->order.starts[g + 1] ? u->order.row[i + 1] : row;
            if (next != row && unit_has_time(time, next) && unit_time_between(time, row, next) == 0) {
                tools_merge_said(in, table_row_id(u->t, row), table_row_id(u->t, next));
                continue;
            }
            u->last[u->count] = row;
            u->from[u->count] = u->order.starts[g];
            u->to[u->count++] = i + 1;
        }
    return ok;
}

static bool append(Until *u, size_t from, Error *e)
{
    Makings *m = u->g->m;
    bool ok = true;
    for (size_t k = 0; ok && k < m->count; k++) {
        const Column *piece = m->items[k].column;
        if (!piece)
            continue;
        if (!u->whole[k])
            u->whole[k] = column_new(piece->type, u->count, e);
        if (u->whole[k])
            u->whole[k]->decimals = piece->decimals;
        ok = u->whole[k] != NULL;
        for (size_t i = 0; ok && i < piece->rows; i++)
            ok = column_is_valid(piece, i) ? tools_copy_cell(u->whole[k], from + i, piece, i, e)
                                           : column_set_missing(u->whole[k], from + i, e);
        column_unref(m->items[k].column);
        m->items[k].column = NULL;
    }
    return ok;
}

/* Rows from .. end-1 of those to be made. */
static bool make_piece(Until *u, size_t from, size_t end, Error *e)
{
    size_t rows = 0, at = 0;
    for (size_t k = from; k < end; k++)
        rows += u->to[k] - u->from[k];
    size_t *past = mem_try_alloc(rows + 1, sizeof *past, e);
    Groups g = {.rows = rows, .count = end - from, .of = mem_try_alloc(rows + 1, sizeof *g.of, e)};
    g.first = mem_try_alloc(g.count + 1, sizeof *g.first, e);
    g.sizes = mem_try_alloc(g.count + 1, sizeof *g.sizes, e);
    bool ok = past && g.of && g.first && g.sizes;
    for (size_t k = from; ok && k < end; k++) {
        g.first[k - from] = (uint32_t)at;
        g.sizes[k - from] = (uint32_t)(u->to[k] - u->from[k]);
        for (size_t i = u->from[k]; i < u->to[k]; i++, at++) {
            past[at] = u->order.row[i];
            g.of[at] = (uint32_t)(k - from);
        }
    }
    Table *t = ok ? table_select(u->read, past, rows, e) : NULL;
    u->g->m->t = t;
    u->g->m->groups = &g;
    ok = t && makings_run(u->g->m, e) && append(u, from, e);
    table_unref(t);
    groups_done(&g);
    mem_free(past);
    return ok;
}

static bool make_pieces(Job *job, Until *u, Error *e)
{
    bool ok = true;
    for (size_t from = 0, end; ok && from < u->count; from = end) {
        size_t rows = u->to[from] - u->from[from];
        for (end = from + 1; end < u->count && rows + u->to[end] - u->from[end] <= PIECE; end++)
            rows += u->to[end] - u->from[end];
        ok = job_go_on(job, e) && make_piece(u, from, end, e);
    }
    return ok;
}

static Table *columns_read(const Until *u, Error *e)
{
    TextList names = {0};
    int *columns = mem_alloc((u->t->columns_count + 1) * sizeof *columns);
    size_t count = 0;
    for (size_t k = 0; k < u->g->m->count; k++)
        if (u->g->m->items[k].aggregate)
            aggregate_columns(u->g->m->items[k].aggregate, &names);
    for (size_t i = 0; i < u->t->columns_count; i++)
        if (text_list_has(&names, u->t->names[i]))
            columns[count++] = (int)i;
    Table *t = table_pick(u->t, columns, count, e);
    mem_free(columns);
    text_list_done(&names);
    return t;
}

static Table *keys(const Until *u, Error *e)
{
    int *columns = mem_alloc((u->g->by_count + 2) * sizeof *columns);
    memcpy(columns, u->g->by, u->g->by_count * sizeof *columns);
    columns[u->g->by_count] = u->g->time;
    Table *picked = table_pick(u->t, columns, u->g->by_count + 1, e);
    Table *t = picked ? table_select(picked, u->last, u->count, e) : NULL;
    table_unref(picked);
    mem_free(columns);
    return t;
}

static Table *assemble(Until *u, Error *e)
{
    Table *out = keys(u, e);
    for (size_t k = 0; out && k < u->g->m->count; k++) {
        Column *c = u->whole[k] || !u->g->m->items[k].aggregate ? u->whole[k] : column_new(COLUMN_REAL, 0, e); /* of no rows */
        u->whole[k] = NULL;
        if (c)
            tools_put(&out, u->g->m->items[k].name, c, e);
    }
    return out;
}

Table *group_until(Job *job, const StepInput *in, const GroupUntil *g, Error *e)
{
    Until u = {.g = g, .t = in->rows, .whole = mem_alloc((g->m->count + 1) * sizeof *u.whole)};
    Groups groups = {0};
    Table *read = columns_read(&u, e), *out = NULL;
    u.read = read;
    bool ok = read && groups_make(job, in->rows, g->by, g->by_count, &groups, e) &&
              row_order_make(job, &groups, in->rows->columns[g->time], &u.order, e) && find_times(in, &u, e) && make_pieces(job, &u, e);
    if (ok)
        out = assemble(&u, e);
    for (size_t k = 0; k < g->m->count; k++)
        column_unref(u.whole[k]);
    mem_free(u.whole);
    mem_free(u.last);
    mem_free(u.from);
    mem_free(u.to);
    row_order_done(&u.order);
    groups_done(&groups);
    table_unref(read);
    return out;
}
