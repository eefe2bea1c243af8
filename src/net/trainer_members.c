/* What the loss is told of a batch when the net has members: each of them is asked for the same, so that every row stands there as often
 * as there are members. The loss of the batch is the mean over members of the losses of each. */
#include "net/trainer.h"

bool trainer_members_build(Trainer *t, Error *e)
{
    size_t rows = (size_t)t->plan.batch * (size_t)t->m->members, outputs = (size_t)t->m->outputs;
    if (!t->m->members)
        return true;
    t->told_labels = arena_alloc(&t->arena, rows, sizeof *t->told_labels, e);
    t->told_weights = arena_alloc(&t->arena, rows, sizeof(float), e);
    t->told_values = arena_alloc(&t->arena, rows * outputs, sizeof(float), e);
    t->told_teacher = arena_alloc(&t->arena, rows * outputs, sizeof(float), e);
    return t->told_labels && t->told_weights && t->told_values && t->told_teacher;
}

static const float *repeat(const float *x, size_t width, const Trainer *t, float *to)
{
    size_t members = (size_t)t->m->members;
    for (size_t r = 0; x && r < t->rows * members; r++)
        for (size_t j = 0; j < width; j++)
            to[r * width + j] = x[r / members * width + j];
    return x ? to : NULL;
}

void trainer_tell(Trainer *t, const Batch *batch)
{
    size_t members = (size_t)t->m->members, outputs = (size_t)t->m->outputs;
    t->told = *batch;
    if (!members)
        return;
    for (size_t r = 0; batch->labels && r < t->rows * members; r++)
        t->told_labels[r] = batch->labels[r / members];
    t->told.labels = batch->labels ? t->told_labels : NULL;
    t->told.values = repeat(batch->values, outputs, t, t->told_values);
    t->told.weights = repeat(batch->weights, 1, t, t->told_weights);
    t->told.teacher = repeat(batch->teacher, outputs, t, t->told_teacher);
}
