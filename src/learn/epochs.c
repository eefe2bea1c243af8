/* The training part itself stays as steps that draw nothing leave it: figures are of rows as they are. */
#include "learn/epochs.h"

#include <math.h>

bool epochs_prepare(Job *job, const Pipeline *p, const Roles *roles, Prepared *d, Error *e)
{
    RecipeStretch s = {.fitted = d->fitted, .last = recipe_each_epoch(d->fitted), .seed = p->seed, .epoch = RECIPE_NO_EPOCH};
    if (s.last == d->fitted->count)
        return true;
    d->seed = p->seed;
    d->each_epoch = recipe_apply_train(job, &s, d->raw[PART_TRAIN], roles, e);
    s.first = s.last;
    s.last = d->fitted->count;
    Table *plain = d->each_epoch ? recipe_apply_train(job, &s, d->each_epoch, roles, e) : NULL;
    if (!plain)
        return false;
    table_unref(d->parts[PART_TRAIN]);
    d->parts[PART_TRAIN] = plain;
    return true;
}

static Roles roles_of(const Prepared *d)
{
    return (Roles){.target = d->target.name,
                   .positive = d->target.positive >= 0 ? d->target.classes.items[d->target.positive] : NULL,
                   .target_type = d->target.is_classes ? TARGET_CLASSES : TARGET_VALUES,
                   .key = value_get_text(d->roles, "key", NULL),
                   .group = value_get_text(d->roles, "group", NULL),
                   .time = value_get_text(d->roles, "time", NULL)};
}

enum { SLICE = 1024 }; /* rows at a time: what steps hold between them does not grow with the table */

typedef struct Slice {
    size_t from, count;
    float *x; /* of its first row */
} Slice;

static bool fill(const Prepared *d, const Table *t, const Slice *s, Error *e)
{
    const Dataset *data = &d->data[PART_TRAIN];
    FeaturePlan plan;
    bool ok = features_plan(t, &d->features, &plan, e) && features_check_shape(plan.input.shape, data->input.shape, e);
    if (ok && t->rows != s->count)
        ok = error_set(e, ERROR_FAILED,
                       "%zu training rows became %zu in an epoch; put steps that add or drop rows before those that change "
                       "them anew each epoch",
                       s->count, t->rows);
    if (ok)
        features_fill(&plan, s->x);
    for (size_t i = 0; ok && i < s->count * data->width; i++)
        ok = isfinite(s->x[i]) || error_set(e, ERROR_FAILED, "training row %zu holds a number that is missing or not finite in this epoch",
                                            s->from + i / data->width + 1);
    features_plan_done(&plan);
    return ok;
}

static Table *select_slice(const Table *t, const Slice *s, Error *e)
{
    size_t *rows = mem_try_alloc(s->count + 1, sizeof *rows, e);
    for (size_t i = 0; rows && i < s->count; i++)
        rows[i] = s->from + i;
    Table *some = rows ? table_select(t, rows, s->count, e) : NULL;
    mem_free(rows);
    return some;
}

bool epochs_fill(Job *job, const Prepared *d, int64_t epoch, float *x, Error *e)
{
    Roles roles = roles_of(d);
    RecipeStretch stretch = {d->fitted, recipe_each_epoch(d->fitted), d->fitted->count, d->seed, epoch};
    size_t rows = d->each_epoch->rows;
    bool ok = rows == d->data[PART_TRAIN].rows ||
              error_set(e, ERROR_FAILED,
                        "%zu training rows became %zu; put steps that add or drop rows before those that change them anew each epoch", rows,
                        d->data[PART_TRAIN].rows);
    for (size_t from = 0; ok && from < rows; from += SLICE) {
        Slice s = {from, rows - from < SLICE ? rows - from : SLICE, x + from * d->data[PART_TRAIN].width};
        Table *some = select_slice(d->each_epoch, &s, e);
        Table *t = some ? recipe_apply_train(job, &stretch, some, &roles, e) : NULL;
        ok = t && fill(d, t, &s, e);
        table_unref(some);
        table_unref(t);
    }
    return ok || error_prefix(e, "epoch %lld: ", (long long)epoch);
}
