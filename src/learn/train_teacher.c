/* What a student's training asks of its teacher: outputs for each batch, and the loss of a part as the training itself counts it, so
 * that curves of train and valid mean the same. */
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
    size_t width = target_outputs(&l->data->target);
    const Loss *loss = (const Loss *)l->distill_loss.spec;
    double sum = 0;
    for (size_t r = 0; r < data->rows; r++) {
        float weight = l->target.class_weights ? (float)l->target.class_weights[data->labels[r]] : 1;
        LossPass p = {.params = l->distill_loss.params,
                      .outputs = l->outputs + r * width,
                      .rows = 1,
                      .width = width,
                      .labels = data->labels + r,
                      .weights = &weight,
                      .teacher = teacher + r * width,
                      .gradient = room,
                      .scratch = room + width,
                      .parts = parts};
        sum += loss->pass(&p);
    }
    return sum;
}

bool loop_teacher_loss(Loop *l, const Dataset *data, LossFigures *out, Error *e)
{
    *out = (LossFigures){.is_known = false};
    if (!l->distill_loss.spec || !data->rows)
        return true;
    const float *teacher = outputs_of(l, data, e);
    if (!teacher)
        return e->code == ERROR_NONE;
    float *room = mem_try_alloc(3 * target_outputs(&l->data->target), sizeof *room, e);
    if (!room)
        return false;
    double parts[LOSS_PARTS] = {0}, rows = (double)data->rows;
    out->loss = sum_loss(l, data, teacher, room, parts) / rows;
    out->hard = parts[LOSS_HARD] / rows;
    out->soft = parts[LOSS_SOFT] / rows;
    out->is_known = true;
    mem_free(room);
    return true;
}
