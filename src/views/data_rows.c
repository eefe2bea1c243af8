/* Which rows the Data view shows, and in which order: all of them, or those that another view has asked for. */
#include <stdlib.h>

#include "views/data.h"

size_t data_row(const DataState *s, size_t shown)
{
    return s->order ? s->order[shown] : shown;
}

size_t data_rows(const Workbench *w)
{
    const DataState *s = VIEW_STATE(DataState, w, VIEW_DATA);
    const Table *t = app_table(w->app);
    return !t ? 0 : s->order && s->of == t ? s->count : s->only ? 0 : t->rows;
}

static int by_id(const void *a, const void *b)
{
    uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;
    return (x > y) - (x < y);
}

/* Keeps the asked rows of an order, which stays as it is otherwise. */
static size_t keep_only(const DataState *s, const Table *t, size_t *order)
{
    size_t count = 0;
    for (size_t i = 0; i < t->rows; i++) {
        uint64_t id = table_row_id(t, order[i]);
        if (bsearch(&id, s->only, s->only_count, sizeof id, by_id))
            order[count++] = order[i];
    }
    return count;
}

bool data_arrange(Workbench *w, int column, bool descending, Error *e)
{
    DataState *s = VIEW_STATE(DataState, w, VIEW_DATA);
    const Table *t = app_table(w->app);
    size_t *order = t && (column >= 0 || s->only) ? mem_try_alloc(t->rows + 1, sizeof *order, e) : NULL;
    bool ok = order || !t || (column < 0 && !s->only);
    for (size_t i = 0; order && i < t->rows; i++)
        order[i] = i;
    if (order && column >= 0)
        ok = query_sort(t, column, descending, order, e);
    if (!ok) {
        mem_free(order);
        return false;
    }
    mem_free(s->order);
    s->order = order;
    s->count = order ? (s->only ? keep_only(s, t, order) : t->rows) : 0;
    s->sorted_by = column;
    s->descending = descending;
    return true;
}

static void let_go(DataState *s)
{
    mem_free(s->only);
    mem_free(s->only_why);
    s->only = NULL;
    s->only_why = NULL;
    s->only_count = 0;
}

bool data_show_only(Workbench *w, const uint64_t *ids, size_t count, const char *why, Error *e)
{
    DataState *s = VIEW_STATE(DataState, w, VIEW_DATA);
    if (!app_table(w->app))
        return error_set(e, ERROR_FAILED, "no table open; o opens the one that these rows are of");
    let_go(s);
    s->only = mem_alloc((count + 1) * sizeof *s->only);
    for (size_t i = 0; i < count; i++)
        s->only[i] = ids[i];
    qsort(s->only, count, sizeof *s->only, by_id);
    s->only_count = count;
    s->only_why = mem_strdup(why);
    workbench_show(w, VIEW_DATA);
    if (!data_arrange(w, -1, false, e))
        return false;
    data_move_to(w, 0, s->column);
    return true;
}

bool data_show_all(Workbench *w)
{
    DataState *s = VIEW_STATE(DataState, w, VIEW_DATA);
    Error ignored = {0};
    if (!s->only)
        return false;
    let_go(s);
    data_arrange(w, -1, false, &ignored);
    data_move_to(w, 0, s->column);
    return true;
}
