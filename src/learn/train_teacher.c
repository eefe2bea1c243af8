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

static double sum_loss(Loop *l, const Dataset *data, const float *teacher, float *room, double parts[LOSS_PARTS])
{
    const SpecUse *use = trainer_loss(l->trainer);
    size_t width = target_outputs(&l->target), numbers = target_numbers(&l->target);
    const Loss *loss = (const Loss *)use->spec;
    double sum = 0;
    for (size_t r = 0; r < data->rows; r++) {
        float weight = l->target.class_weights ? (float)l->target.class_weights[data->labels[r]] : 1;
        if (data->values)
            target_spread(&l->target, data->values + r * numbers, 1, room + 3 * width);
        LossPass p = {.params = use->params,
                      .outputs = l->outputs + r * width,
                      .rows = 1,
                      .width = width,
                      .labels = data->labels ? data->labels + r : NULL,
                      .positive = target_positive(&l->target),
                      .values = room + 3 * width,
                      .weights = &weight,
                      .teacher = teacher ? teacher + r * width : NULL,
                      .gradient = room,
                      .scratch = room + width,
                      .parts = parts};
        sum += loss->pass(&p);
    }
    return sum;
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
    float *room = mem_try_alloc(4 * target_outputs(&l->target), sizeof *room, e);
    if (!room)
        return false;
    double parts[LOSS_PARTS] = {0}, rows = (double)data->rows;
    out->loss = sum_loss(l, data, teacher, room, parts) / rows;
    out->hard = parts[LOSS_HARD] / rows;
    out->soft = parts[LOSS_SOFT] / rows;
    out->is_known = true;
    out->is_mixed = is_taught;
    mem_free(room);
    return true;
}
