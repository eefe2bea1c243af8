/* The batches of each epoch: rows in a step may change from some epochs on. */
#include "learn/loop.h"

enum { BATCH_EVENTS = 20 };

/* What was asked for while it runs holds from its epoch on, whatever the plan says of later ones. */
static int64_t batch_of(const Loop *l, int64_t epoch)
{
    const TrainPlan *p = l->plan;
    int64_t batch = p->batch;
    for (size_t i = l->rebatched_count; i-- > 0;)
        if (epoch >= l->rebatched[i].from)
            return l->rebatched[i].rows;
    for (size_t i = 0; i < p->batch_epochs.count; i++)
        if ((double)epoch >= p->batch_epochs.items[i])
            batch = (int64_t)p->batch_rows.items[i];
    return batch;
}

static bool check(const TrainPlan *p, Error *e)
{
    for (size_t i = 0; i < p->batch_epochs.count; i++) {
        double epoch = p->batch_epochs.items[i], rows = p->batch_rows.items[i];
        if (epoch != (double)(int64_t)epoch || rows != (double)(int64_t)rows)
            return error_set(e, ERROR_USAGE, "batch_epochs and batch_rows are whole numbers, found %g and %g", epoch, rows);
        if (i && epoch <= p->batch_epochs.items[i - 1])
            return error_set(e, ERROR_USAGE, "batch_epochs grow, found %g after %g", epoch, p->batch_epochs.items[i - 1]);
    }
    return true;
}

void loop_batches_of(Loop *l, int64_t epoch)
{
    Error none = {0};
    int64_t batch = batch_of(l, epoch);
    if (batch == l->batches.batch || !batch_plan_make(&l->batches, l->model, (int64_t)l->train->rows, batch, &none))
        return; /* that all of them can be made was tried before the first step */
    l->batch_every = (l->batches.steps + BATCH_EVENTS - 1) / BATCH_EVENTS;
}

bool loop_cut_batches(Loop *l, Error *e)
{
    BatchPlan now = {0};
    if (!check(l->plan, e))
        return false;
    for (int64_t epoch = 1; epoch <= l->epochs; epoch++) {
        int64_t batch = batch_of(l, epoch);
        if (now.batch != batch && !batch_plan_make(&now, l->model, (int64_t)l->train->rows, batch, e))
            return false;
        l->total_steps += now.steps;
        l->most_rows = now.most > l->most_rows ? now.most : l->most_rows;
    }
    loop_batches_of(l, 1);
    l->steps_per_epoch = l->batches.steps;
    return true;
}

void loop_count_steps(Loop *l)
{
    Error none = {0};
    BatchPlan now = {0};
    l->total_steps = 0;
    for (int64_t epoch = 1; epoch <= l->epochs; epoch++) {
        int64_t batch = batch_of(l, epoch);
        if (now.batch != batch)
            batch_plan_make(&now, l->model, (int64_t)l->train->rows, batch, &none);
        l->total_steps += now.steps;
    }
}

char *loop_rebatch(Loop *l, int64_t from, int64_t rows, bool is_tried)
{
    Error e = {0};
    BatchPlan plan = {0};
    if (!batch_plan_make(&plan, l->model, (int64_t)l->train->rows, rows, &e))
        return mem_strdup(e.message);
    if (plan.most > l->most_rows)
        return text_format("batch %lld: this training has memory for %lld rows, as its plan says; train anew for more", (long long)rows,
                           (long long)l->most_rows);
    if (is_tried)
        return NULL;
    MEM_GROW(l->rebatched, l->rebatched_count, l->rebatched_room);
    l->rebatched[l->rebatched_count++] = (LoopBatch){from, rows};
    loop_count_steps(l);
    return NULL;
}
