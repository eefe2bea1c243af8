/* What follows from the target: the metric that is watched and how rows are parted. What the user chose himself stays, as long as the
 * new target can have it. */
#include <stdio.h>

#include "app/document.h"
#include "learn/batch.h"
#include "net/metrics/metric.h"

enum { ADVICE_ROWS = 50000 };

/* 0: a number, or no target yet. */
static size_t classes_of(const Table *t, const Pipeline *p)
{
    Error ignored = {0};
    TextList notes = {0};
    TargetInfo info = {0};
    Table *head = p->target ? table_head(t, ADVICE_ROWS, &ignored) : NULL;
    bool known = head && target_info_find(head, &(Roles){.target = p->target, .target_type = p->target_type}, &info, &notes, &ignored);
    size_t classes = known ? target_classes(&info) : 0;
    if (known)
        target_info_done(&info);
    text_list_done(&notes);
    table_unref(head);
    return classes;
}

DocumentAdvice document_advise(const Table *t, const Pipeline *p)
{
    size_t classes = classes_of(t, p);
    DocumentAdvice advice = {.classes = classes, .metric = SERIES_VALID_LOSS, .by = classes ? SPLIT_STRATIFIED : SPLIT_RANDOM};
    if (classes == 2)
        snprintf(advice.metric, sizeof advice.metric, "valid.%s", metric_leading(classes)->spec.name);
    return advice;
}

/* "valid.auc" of a number, or what was only advised for the old target. */
static void follow_metric(char **metric, const DocumentAdvice *was, const DocumentAdvice *now)
{
    const Metric *m = *metric ? metric_of_series(*metric) : NULL;
    if (!*metric || !**metric || (m && metric_fits(m, now->classes) && !text_equal(*metric, was->metric)))
        return;
    mem_free(*metric);
    *metric = mem_strdup(now->metric);
}

static void follow_stop(SpecUse *stop, const DocumentAdvice *was, const DocumentAdvice *now)
{
    if (stop->spec)
        follow_metric(&((EarlyStop *)stop->params)->metric, was, now);
}

Document *document_with_target(const Document *d, const Table *t, Pipeline *p, const char *change, const char *place)
{
    Document *next = document_edit(d, change, place);
    DocumentAdvice was = document_advise(t, d->pipeline), now = document_advise(t, p);
    pipeline_unref(next->pipeline);
    next->pipeline = p;
    if (p->split.by == (int)was.by)
        p->split.by = (int)now.by;
    follow_stop(&next->train.early_stop, &was, &now);
    follow_stop(&next->tune.base.early_stop, &was, &now);
    follow_stop(&next->distill.base.early_stop, &was, &now);
    follow_metric(&next->tune.metric, &was, &now);
    return next;
}
