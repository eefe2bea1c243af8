/* The rows of each step: their order is a function of (seed, epoch), the last partial batch is kept, alone or joined to the one before. */
#include "learn/loop.h"
#include "num/rows.h"

void loop_order(Loop *l, int64_t epoch)
{
    Rng rng = rng_begin(rng_child(rng_key(l->task->seed, "shuffle"), (uint64_t)epoch));
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

static void gather_values(Loop *l, const uint32_t *rows, size_t count)
{
    size_t numbers = target_numbers(&l->target);
    for (size_t i = 0; i < count; i++)
        target_spread(&l->target, l->train->values + rows[i] * numbers, 1, l->values + i * l->target.outputs_count);
}

bool loop_gather(Loop *l, int64_t position, Error *e)
{
    const Dataset *d = l->train;
    size_t from = (size_t)batch_plan_from(&l->batches, position);
    size_t count = (size_t)batch_plan_from(&l->batches, position + 1) - from;
    const uint32_t *rows = l->order + from;
    rows_gather(l->changed ? l->changed : d->x, d->width, rows, count, l->x);
    if (d->values)
        gather_values(l, rows, count);
    for (size_t i = 0; i < count; i++) {
        l->ids[i] = d->row_ids[rows[i]];
        if (d->labels)
            l->labels[i] = d->labels[rows[i]];
        if (l->target.class_weights)
            l->row_weights[i] = (float)l->target.class_weights[l->labels[i]];
    }
    l->batch.rows = count;
    l->batch.is_last = position + 1 == l->batches.steps;
    return !l->distill_loss.spec || gather_teacher(l, rows, count, e);
}

/* Order 0 is of no epoch: the statistics are the same whenever they are made. */
static bool make_statistics(Loop *l, Error *e)
{
    loop_order(l, 0);
    for (int64_t i = 0; i < l->batches.steps; i++) {
        if (!loop_gather(l, i, e))
            return false;
        trainer_statistics(l->trainer, &l->batch, 1 / (double)(i + 1), 0);
    }
    return true;
}

bool loop_use_average(Loop *l, bool is_averaged, Error *e)
{
    trainer_use_average(l->trainer, is_averaged);
    return !is_averaged || !trainer_needs_statistics(l->trainer) || make_statistics(l, e);
}
