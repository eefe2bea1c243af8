/* The running average of the weights: kept beside those that learn, and put in their place to be evaluated and saved. */
#include <string.h>

#include "net/trainer.h"

enum { AVERAGE_TILE = 16384 };

bool trainer_average_build(Trainer *t, Error *e)
{
    WeightUpdate *u = &t->update;
    u->averaging = (const Averaging *)t->average_use.spec;
    u->averaging_params = t->average_use.params;
    u->average = u->averaging ? arena_alloc(&t->arena, t->m->total, sizeof(float), e) : NULL;
    return !u->averaging || u->average;
}

static void average_tile(void *self, int index)
{
    const Trainer *t = self;
    size_t from = (size_t)index * AVERAGE_TILE, left = t->m->total - from;
    kernels()->approach(t->update.average + from, t->m->weights + from, t->update.share, left < AVERAGE_TILE ? left : AVERAGE_TILE);
}

void trainer_average(Trainer *t, int64_t epoch, bool is_epoch_end)
{
    WeightUpdate *u = &t->update;
    if (!u->averaging)
        return;
    AveragePlace place = {epoch, u->counts.updates, u->counts.averaged, is_epoch_end};
    double share = u->averaging->share(u->averaging_params, &place);
    if (share <= 0)
        return;
    u->counts.averaged++;
    u->share = (float)share;
    if (u->counts.averaged == 1)
        memcpy(u->average, t->m->weights, t->m->total * sizeof(float));
    else
        trainer_parallel(t, (int)((t->m->total + AVERAGE_TILE - 1) / AVERAGE_TILE), average_tile);
}

bool trainer_has_average(const Trainer *t)
{
    return t->update.counts.averaged > 0;
}

bool trainer_needs_statistics(const Trainer *t)
{
    bool has = false;
    for (size_t i = 0; i < t->m->count; i++)
        has = has || t->m->items[i].layer->forward_join;
    return has && trainer_has_average(t) && t->update.averaging->needs_statistics;
}

/* By way of a small buffer, so that pointers to either stay good. */
void trainer_use_average(Trainer *t, bool is_averaged)
{
    WeightUpdate *u = &t->update;
    float kept[1024];
    if (!trainer_has_average(t) || u->is_averaged == is_averaged)
        return;
    u->is_averaged = is_averaged;
    for (size_t from = 0; from < t->m->total; from += 1024) {
        size_t left = t->m->total - from, size = (left < 1024 ? left : 1024) * sizeof *kept;
        memcpy(kept, t->m->weights + from, size);
        memcpy(t->m->weights + from, u->average + from, size);
        memcpy(u->average + from, kept, size);
    }
}
