/* A target in time: how much it changes from row to row, which is the error of the last value as a forecast. */
#include <math.h>

#include "learn/batch.h"
#include "steps/past.h"

static void add_changes(const Past *p, const Column *c, double *sum, size_t *count)
{
    for (size_t group = 0; group < p->order.groups; group++) {
        PastGroup g = past_group(p, group);
        for (size_t i = 1; i < g.count; i++) {
            double change = fabs(column_real(c, g.rows[i]) - column_real(c, g.rows[i - 1]));
            *sum += isfinite(change) ? change : 0;
            *count += isfinite(change);
        }
    }
}

bool target_info_order(Job *job, const Table *train, const Roles *roles, TargetInfo *out, Error *e)
{
    const Column *target = table_column(train, out->name), *time = roles->time ? table_column(train, roles->time) : NULL;
    bool has_series = !roles->key || roles->group || table_column(train, roles->key);
    out->naive = 0;
    if (!target || !time || !has_series)
        return true; /* a step has left out what orders the rows */
    StepInput in = {.rows = train, .roles = roles};
    Past *p = past_get(job, &in, &(PastAsk){.is_quiet = true}, e);
    double sum = 0;
    size_t count = 0;
    if (p)
        add_changes(p, target, &sum, &count);
    past_unref(p);
    out->naive = count ? sum / (double)count : 0;
    return p != NULL;
}
