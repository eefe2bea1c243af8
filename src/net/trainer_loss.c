/* Losses that run once over the whole batch: the outputs of all slices are gathered for them, and their gradients given back. */
#include <string.h>

#include "net/trainer.h"

/* Outputs of a row, of all members. */
static size_t row_of(const Trainer *t)
{
    return (size_t)(t->m->outputs * model_members(t->m));
}

bool trainer_loss_build(Trainer *t, Error *e)
{
    size_t count = (size_t)t->plan.batch * row_of(t);
    if (t->loss->open && !(t->loss_state = t->loss->open(&t->loss_use, e)))
        return false;
    if (!t->loss->is_serial)
        return true;
    t->whole_outputs = arena_alloc(&t->arena, count, sizeof(float), e);
    t->whole_gradient = arena_alloc(&t->arena, count, sizeof(float), e);
    return t->whole_outputs && t->whole_gradient;
}

void trainer_loss_done(Trainer *t)
{
    if (t->loss && t->loss->close)
        t->loss->close(t->loss_state);
}

/* Slices of a plane begin `row` floats a row apart. */
static void move_slices(const Trainer *t, const TrainerPlane *plane, float *whole, bool gathers)
{
    size_t width = row_of(t);
    for (size_t from = 0; from < t->rows; from += t->slice_rows) {
        size_t rows = t->rows - from < t->slice_rows ? t->rows - from : t->slice_rows;
        float *own = plane->floats + from * plane->row, *all = whole + from * width;
        memcpy(gathers ? all : own, gathers ? own : all, rows * width * sizeof(float));
    }
}

void trainer_loss_whole(Trainer *t, size_t layer)
{
    const TrainerLayer *l = &t->layers[layer];
    Slice all = {.rows = t->rows};
    LossPass p = trainer_loss_pass(t, &all);
    p.outputs = t->whole_outputs;
    p.gradient = t->whole_gradient;
    move_slices(t, &l->y, t->whole_outputs, true);
    memset(t->whole_gradient, 0, t->rows * row_of(t) * sizeof(float));
    for (int s = 0; s < t->active; s++) {
        t->losses[s] = 0;
        t->hits[s] = 0;
        t->loss_parts[s][LOSS_HARD] = t->loss_parts[s][LOSS_SOFT] = 0;
    }
    t->losses[0] = t->loss->pass(&p);
    if (t->counts_hits)
        t->hits[0] = trainer_count_hits(t, &all, t->whole_outputs);
    move_slices(t, &l->dy, t->whole_gradient, false);
}

void *trainer_loss_state(const Trainer *t)
{
    return t->loss_state;
}
