/* Arrays of rank 2 have one channel; those of rank 3 have theirs. */
#include "steps/frames.h"

#include <string.h>

static Column *change_column(const FramesTask *task, const Column *c, Error *e)
{
    size_t bands = c->shape.dims[1], channels = c->shape.rank > 2 ? c->shape.dims[2] : 1;
    CellShape shape = {3, {c->shape.dims[0], bands, channels * task->times}};
    if (c->shape.rank == 2 && task->times == 1)
        shape.rank = 2;
    Column *to = column_new_array(c->rows, &shape, e);
    for (size_t i = 0; to && i < c->rows; i++) {
        if (column_is_valid(c, i))
            task->change(task->in->params, &(Frames){.from = c->data.array + i * c->width,
                                                     .to = to->data.array + i * to->width,
                                                     .frames = shape.dims[0],
                                                     .bands = bands,
                                                     .channels = channels,
                                                     .key = rng_child(task->in->key, table_row_id(task->in->rows, i))});
        else if (!column_set_missing(to, i, e)) {
            column_unref(to);
            return NULL;
        }
    }
    return to;
}

bool frames_change(const FramesTask *task, Table **out, Error *e)
{
    const Table *t = task->in->rows;
    int *columns = NULL;
    size_t count = 0;
    bool ok = tools_select(task->in, task->columns, &columns, &count, e);
    if (ok && !count)
        ok = error_set(e, ERROR_USAGE, "no column holds frames; make them by log_mel or mfcc before");
    *out = ok ? table_ref(t) : NULL;
    for (size_t i = 0; ok && i < count; i++) {
        const Column *c = t->columns[columns[i]];
        const char *name = t->names[columns[i]];
        if (c->type != COLUMN_ARRAY || c->shape.rank < 2)
            ok = error_set(e, ERROR_USAGE, "%s is %s, not frames; make them by log_mel or mfcc before", name, column_type_name(c->type));
        Column *to = ok ? change_column(task, c, e) : NULL;
        ok = to && tools_put(out, name, to, e);
    }
    mem_free(columns);
    if (ok)
        return true;
    table_unref(*out);
    *out = NULL;
    return false;
}
