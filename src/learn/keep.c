/* The features that matter most to a net, kept within what a fold learns from: rows that judge have no say in the choice. */
#include "learn/keep.h"

#include <math.h>
#include <stdlib.h>

#include "learn/batch.h"
#include "learn/importance.h"

/* Only the columns of `kept` are features from here on. */
static bool restrict_to(Job *job, const Pipeline *p, Prepared *d, TextList *kept, Error *e)
{
    text_list_done(&d->features);
    d->features = *kept;
    *kept = (TextList){0};
    for (int part = 0; part < PART_COUNT; part++) {
        dataset_done(&d->data[part]);
        if (!dataset_make(d->parts[part], &d->features, &d->target, &d->data[part], e))
            return false;
    }
    value_free(d->input_schema);
    d->input_schema = schema_make(job, p, d);
    return true;
}

static bool keep_ranked(Job *job, const Pipeline *p, Prepared *d, const Value *ranking, size_t keep, Error *e)
{
    TextList best = {0}, kept = {0};
    for (size_t i = 0; i < value_items(ranking) && i < keep; i++)
        text_list_add(&best, value_get_text(ranking->items[i], "feature", ""));
    for (size_t i = 0; i < d->features.count; i++)
        if (text_list_has(&best, d->features.items[i]))
            text_list_add(&kept, d->features.items[i]);
    bool ok = restrict_to(job, p, d, &kept, e);
    text_list_done(&best);
    text_list_done(&kept);
    return ok;
}

/* A stop that was asked for ends a training in memory, which records nothing and so has nothing to keep. */
static bool look_for_stop(void *self, const EpochReport *report, bool *stop, Error *e)
{
    const KeepTask *task = self;
    (void)report;
    (void)stop;
    return !task->run || !run_stop_waits(task->run) || error_set(e, ERROR_CANCELED, "stopped while features were chosen");
}

static bool rank_once(Job *job, const Prepared *d, const KeepTask *task, Value **ranking, Error *e)
{
    Bundle *b = NULL;
    Value *trained = NULL;
    TrainHooks hooks = {.self = (void *)(uintptr_t)task, .on_epoch = look_for_stop};
    TrainTask train = *task->train;
    train.hooks = &hooks;
    train.run = NULL;
    train.resume = false;
    *ranking = train_run(job, &train, &b, &trained, e) ? importance_ranked(job, b, d->parts[PART_VALID], train.seed, e) : NULL;
    value_free(trained);
    bundle_unref(b);
    return *ranking != NULL;
}

/* How many of `count` go at once. */
static size_t round_goes(const KeepTask *task, size_t count)
{
    enum { SHARE = 4 };
    size_t most = count - task->keep;
    if (task->by != KEEP_BY_RFE)
        return most;
    size_t goes = count / SHARE ? count / SHARE : 1;
    return goes < most ? goes : most;
}

/* The least of a ranking go, the last of them first into `gone`. */
static void take_least(const Value *ranking, size_t goes, Value *gone)
{
    for (size_t i = 0; i < goes; i++)
        value_add(gone, value_copy(ranking->items[ranking->size - 1 - i]));
}

static Value *whole_ranking(const Value *kept, const Value *gone)
{
    Value *list = value_copy(kept);
    for (size_t i = gone->size; i-- > 0;)
        value_add(list, value_copy(gone->items[i]));
    return list;
}

bool prepared_keep_best(Job *job, const Pipeline *p, Prepared *d, const KeepTask *task, Value **ranking, Error *e)
{
    Value *gone = value_list(), *now = NULL;
    bool ok = d->data[PART_VALID].rows || (task->keep >= d->features.count && !ranking) ||
              error_set(e, ERROR_FAILED, "no row is left to choose features on; fewer folds or more rows");
    while (ok && task->keep < d->features.count) {
        size_t count = d->features.count, goes = round_goes(task, count);
        value_free(now);
        ok = rank_once(job, d, task, &now, e) && keep_ranked(job, p, d, now, count - goes, e);
        if (ok)
            take_least(now, goes, gone);
    }
    if (ok && ranking && task->by != KEEP_BY_RFE && now) {
        *ranking = value_copy(now);
    } else if (ok && ranking) {
        value_free(now);
        ok = rank_once(job, d, task, &now, e);
        *ranking = ok ? whole_ranking(now, gone) : NULL;
    }
    value_free(now);
    value_free(gone);
    return ok;
}

Pipeline *keep_pipeline(const Pipeline *p, const CrossPlan *plan, Error *e)
{
    if (!plan->keep || plan->keep_by < KEEP_BY_STEP)
        return pipeline_ref(p);
    const Step *step = step_find("select");
    Value *map = value_map();
    value_set(map, "by", value_text(keep_by_names[plan->keep_by]));
    value_set(map, "keep", value_int(plan->keep));
    void *params = params_from_value(&step->spec, map, e);
    Pipeline *next = params ? pipeline_with_step(p, step, params) : NULL;
    if (params)
        params_free(&step->spec, params);
    value_free(map);
    return next;
}
