/* Rows in order of time, cut between distinct times. */
#include "steps/split_internal.h"

#include <math.h>

#include "steps/reach.h"

static void find_starts(Timeline *t)
{
    for (size_t i = 0; i < t->count; i++)
        if (i == 0 || unit_time_between(t->order, t->rows[i - 1], t->rows[i]) != 0)
            t->starts[t->times++] = i;
    t->starts[t->times] = t->count;
}

bool timeline_make(const Table *columns, const char *order, const RowList *scope, Timeline *out, Error *e)
{
    int at = table_find(columns, order);
    *out = (Timeline){.order = columns->columns[at]};
    size_t *sorted = mem_try_alloc(columns->rows + 1, sizeof *sorted, e);
    bool *in = mem_try_alloc(columns->rows + 1, sizeof *in, e);
    out->rows = mem_try_alloc(scope->count + 1, sizeof *out->rows, e);
    out->starts = mem_try_alloc(scope->count + 1, sizeof *out->starts, e);
    bool ok = sorted && in && out->rows && out->starts && query_sort(columns, at, false, sorted, e);
    for (size_t i = 0; ok && i < scope->count; i++)
        in[scope->rows[i]] = true;
    for (size_t i = 0; ok && i < columns->rows; i++)
        if (in[sorted[i]] && unit_has_time(out->order, sorted[i]))
            out->rows[out->count++] = sorted[i];
    if (ok)
        find_starts(out);
    else
        timeline_done(out);
    mem_free(sorted);
    mem_free(in);
    return ok;
}

void timeline_done(Timeline *t)
{
    mem_free(t->rows);
    mem_free(t->starts);
    *t = (Timeline){0};
}

bool timeline_cut(const Timeline *t, const double *targets, size_t cuts, size_t *at, Error *e)
{
    if (t->times <= cuts)
        return error_set(e, ERROR_USAGE, "%zu parts in time need as many distinct times; there %s %zu", cuts + 1,
                         t->times == 1 ? "is" : "are", t->times);
    size_t time = 0;
    for (size_t k = 0; k < cuts; k++) {
        size_t last = t->times - (cuts - k); /* each later part keeps a time of its own */
        time++;
        while (time < last && fabs((double)t->starts[time + 1] - targets[k]) < fabs((double)t->starts[time] - targets[k]))
            time++;
        at[k] = t->starts[time];
    }
    return true;
}

bool timeline_in_gap(const SplitTask *task, const Timeline *t, size_t i, size_t cut)
{
    size_t row = t->rows[i], end = task->reach && task->reach->rows ? task->reach->rows[row] : row;
    bool reaches = end != row && unit_has_time(t->order, end) && unit_time_between(t->order, end, t->rows[cut]) <= 0;
    double gap = task->unit->gap;
    return reaches || (gap > 0 && unit_time_between(t->order, row, t->rows[cut]) <= gap);
}

bool split_refuse_gap(const SplitTask *task, const char *what, Error *e)
{
    if (task->reach && task->reach->text)
        return error_set(e, ERROR_USAGE, "targets reach %s, which %s, or look less far ahead", task->reach->text, what);
    return error_set(e, ERROR_USAGE, "gap = %g %s", task->unit->gap, what);
}
