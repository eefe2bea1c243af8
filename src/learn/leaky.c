/* The pipeline as it is often written elsewhere: every step fitted on all rows, training rows made before the split. */
#include "learn/parts.h"

static Table *without_ids(const Table *t, Error *e)
{
    Table *out = table_new(t->rows);
    for (size_t i = 0; i < t->columns_count; i++)
        if (!table_add(out, t->names[i], column_ref(t->columns[i]), e)) {
            table_unref(out);
            return NULL;
        }
    return out;
}

static Table *fitted_on_all(Job *job, const Pipeline *p, Error *e)
{
    StepOrder order;
    RowsReport rows = {0};
    Roles roles = pipeline_roles(p);
    Table *out = NULL, *made = NULL;
    order_make(p, p->recipe->count, &order);
    Table *all = order_check(&order, p->target, e) ? structural_table(job, p, &order.before, &rows, e) : NULL;
    Recipe *fitted = all ? recipe_fit(job, order.after, all, &roles, p->seed, &made, e) : NULL;
    if (fitted)
        out = without_ids(made, e);
    recipe_unref(fitted);
    table_unref(made);
    table_unref(all);
    rows_report_done(&rows);
    order_done(&order);
    return out;
}

Pipeline *pipeline_leaky(Job *job, const Pipeline *p, Error *e)
{
    Table *t = fitted_on_all(job, p, e);
    if (!t)
        return NULL;
    Pipeline *leaky = pipeline_new(t, NULL, NULL), *aimed = pipeline_with_target(leaky, p->target, p->positive);
    SplitPlan plan = p->split;
    plan.by = SPLIT_RANDOM;
    plan.column = NULL;
    plan.gap = 0;
    aimed->seed = p->seed;
    aimed->target_type = p->target_type;
    Pipeline *out = pipeline_with_split(aimed, &plan);
    pipeline_unref(aimed);
    pipeline_unref(leaky);
    table_unref(t);
    return out;
}
