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

bool prepared_keep_best(Job *job, const Pipeline *p, Prepared *d, const TrainTask *task, size_t keep, Error *e)
{
    Bundle *b = NULL;
    Value *trained = NULL, *ranking = NULL;
    if (keep >= d->features.count)
        return true;
    if (!d->data[PART_VALID].rows)
        return error_set(e, ERROR_FAILED, "no row is left to choose features on; fewer folds or more rows");
    bool ok = train_run(job, task, &b, &trained, e) && (ranking = importance_ranked(job, b, d->parts[PART_VALID], task->seed, e)) &&
              keep_ranked(job, p, d, ranking, keep, e);
    value_free(ranking);
    value_free(trained);
    bundle_unref(b);
    return ok;
}
