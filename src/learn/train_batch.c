/* The rows of each step: their order is a function of (seed, epoch), the last partial batch is kept, alone or joined to the one before. */
#include "learn/loop.h"
#include "num/rows.h"

void loop_order(Loop *l)
{
    Rng rng = rng_begin(rng_child(rng_key(l->task->seed, "shuffle"), (uint64_t)l->s.epoch));
    for (size_t i = 0; i < l->train->rows; i++)
        l->order[i] = (uint32_t)i;
    rng_shuffle(&rng, l->order, l->train->rows);
}

static bool gather_teacher(Loop *l, const uint32_t *rows, size_t count, Error *e)
{
    size_t outputs = target_outputs(&l->data->target);
    if (l->task->teacher_logits) {
        rows_gather(l->task->teacher_logits, outputs, rows, count, l->teacher);
        return true;
    }
    rows_gather(l->teacher_input.x, l->teacher_input.width, rows, count, l->teacher_x);
    return model_infer(l->task->teacher->model, l->teacher_scratch, l->teacher_x, count, l->teacher, e);
}

bool loop_gather(Loop *l, Error *e)
{
    const Dataset *d = l->train;
    size_t from = (size_t)batch_plan_from(&l->batches, l->s.position);
    size_t count = (size_t)batch_plan_from(&l->batches, l->s.position + 1) - from;
    const uint32_t *rows = l->order + from;
    rows_gather(d->x, d->width, rows, count, l->x);
    for (size_t i = 0; i < count; i++) {
        l->ids[i] = d->row_ids[rows[i]];
        if (d->labels)
            l->labels[i] = d->labels[rows[i]];
        if (d->values)
            l->values[i] = d->values[rows[i]];
        if (l->target.class_weights)
            l->row_weights[i] = (float)l->target.class_weights[l->labels[i]];
    }
    l->batch.rows = count;
    return !l->distill_loss.spec || gather_teacher(l, rows, count, e);
}
