/* The loss of a part as the training itself counts it, so that curves of train and valid mean the same; and what a student's training asks
 * of its teacher: outputs for each batch and part. */
#include <string.h>

#include "learn/loop.h"

static bool make_live(Loop *l, Error *e)
{
    size_t batch = (size_t)l->plan->batch < l->train->rows ? (size_t)l->plan->batch : l->train->rows;
    if (!teacher_input(l->job, l->task->teacher, l->data, PART_TRAIN, &l->teacher_input, e))
        return false;
    l->teacher_scratch = model_scratch(l->task->teacher->model, e);
    l->teacher_x = mem_try_aligned((batch + 1) * l->teacher_input.width, sizeof(float), e);
    return l->teacher_scratch && l->teacher_x;
}

bool loop_teacher_init(Loop *l, Error *e)
{
    if (!l->task->teacher)
        return true;
    if (l->valid->rows && !teacher_logits(l->job, l->task->teacher, l->data, PART_VALID, &l->valid_teacher, e))
        return false;
    return l->task->teacher_logits || make_live(l, e);
}

/* The teacher's outputs for all rows of a part; NULL without an error: they are not known. */
static const float *outputs_of(Loop *l, const Dataset *data, Error *e)
{
    if (data == l->valid)
        return l->valid_teacher;
    if (l->task->teacher_logits)
        return l->task->teacher_logits;
    if (!l->train_teacher && l->task->teacher)
        teacher_logits(l->job, l->task->teacher, l->data, PART_TRAIN, &l->train_teacher, e);
    return l->train_teacher;
}

enum { LOSS_ROWS = 256 }; /* that are passed at once */

/* Into room: width * LOSS_ROWS gradients, as many values, weights of rows, and what the loss needs. */
static double sum_block(const Loop *l, LossPass *p, const Dataset *data, size_t from, float *room)
{
    const SpecUse *use = trainer_loss(l->trainer);
    float *values = room + LOSS_ROWS * p->width, *weights = values + LOSS_ROWS * p->width;
    p->rows = data->rows - from < LOSS_ROWS ? data->rows - from : LOSS_ROWS;
    for (size_t r = 0; r < p->rows; r++)
        weights[r] = l->target.class_weights ? (float)l->target.class_weights[data->labels[from + r]] : 1;
    if (data->values)
        target_spread(&l->target, data->values + from * target_numbers(&l->target), p->rows, values);
    p->outputs = l->outputs + from * p->width;
    p->labels = data->labels ? data->labels + from : NULL;
    p->values = data->labels ? NULL : values;
    p->weights = weights;
    p->gradient = room;
    p->scratch = weights + LOSS_ROWS;
    return ((const Loss *)use->spec)->pass(p);
}

static bool sum_loss(Loop *l, const Dataset *data, const float *teacher, LossFigures *out, Error *e)
{
    size_t width = target_outputs(&l->target);
    float *room = mem_try_alloc(2 * LOSS_ROWS * width + LOSS_ROWS + 2 * width, sizeof *room, e);
    double parts[LOSS_PARTS] = {0}, rows = (double)data->rows;
    Error why = {0};
    LossPass p = {.params = trainer_loss(l->trainer)->params,
                  .width = width,
                  .positive = target_positive(&l->target),
                  .parts = parts,
                  .state = trainer_loss_state(l->trainer),
                  .error = &why};
    for (size_t from = 0; room && !why.code && from < data->rows; from += LOSS_ROWS) {
        p.teacher = teacher ? teacher + from * width : NULL;
        out->loss += sum_block(l, &p, data, from, room);
    }
    out->loss /= rows;
    out->hard = parts[LOSS_HARD] / rows;
    out->soft = parts[LOSS_SOFT] / rows;
    mem_free(room);
    if (why.code)
        *e = why;
    return room && !why.code;
}

bool loop_loss(Loop *l, const Dataset *data, LossFigures *out, Error *e)
{
    *out = (LossFigures){.is_known = false};
    bool is_taught = l->distill_loss.spec;
    if ((!is_taught && !l->plan->loss.spec) || !data->rows || l->target.inputs)
        return true;
    const float *teacher = is_taught ? outputs_of(l, data, e) : NULL;
    if (is_taught && !teacher)
        return e->code == ERROR_NONE;
    if (!sum_loss(l, data, teacher, out, e))
        return false;
    out->is_known = true;
    out->is_mixed = is_taught;
    return true;
}
