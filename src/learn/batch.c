/* Tables to tensors: the columns that are features, their float32 rows, labels and row ids. */
#include "learn/batch.h"

#include <math.h>

static bool has_role(const Roles *r, const char *name)
{
    return text_equal(name, r->target) || text_equal(name, r->weight) || text_equal(name, r->group) || text_equal(name, r->key) ||
           text_equal(name, r->time);
}

static bool features_left_over(const Text *texts, const Text *dates, Error *e)
{
    if (texts->size)
        return error_set(e, ERROR_FAILED, "columns still hold text: %s; add one_hot for them, or drop them", text_get(texts));
    return error_set(e, ERROR_FAILED, "columns still hold dates: %s; derive numbers from them, or drop them", text_get(dates));
}

bool features_find(const Table *t, const Roles *roles, const TextList *spent, TextList *features, Error *e)
{
    Text texts = {0}, dates = {0};
    TextList arrays = {0};
    for (size_t i = 0; i < t->columns_count; i++) {
        if (has_role(roles, t->names[i]) || text_list_has(spent, t->names[i]))
            continue;
        if (column_is_numeric(t->columns[i]) || t->columns[i]->type == COLUMN_ARRAY) {
            text_list_add(column_is_numeric(t->columns[i]) ? features : &arrays, t->names[i]);
            continue;
        }
        Text *list = t->columns[i]->type == COLUMN_TEXT ? &texts : &dates;
        text_addf(list, "%s%s", list->size ? ", " : "", t->names[i]);
    }
    for (size_t i = 0; i < arrays.count; i++)
        text_list_add(features, arrays.items[i]);
    text_list_done(&arrays);
    bool ok = texts.size || dates.size ? features_left_over(&texts, &dates, e) : true;
    if (ok && !features->count)
        ok = error_set(e, ERROR_FAILED, "no column is left to learn from");
    text_done(&texts);
    text_done(&dates);
    return ok;
}

static bool is_whole(const float *x, size_t count)
{
    size_t gaps = 0;
    for (size_t i = 0; i < count; i++)
        gaps += x[i] != x[i];
    return gaps == 0;
}

static bool refuse_missing(const char *name, const Column *c, size_t count, Error *e)
{
    if (c->type == COLUMN_ARRAY)
        return error_set(e, ERROR_FAILED, "array %s still has %zu missing cell%s; fill the columns that it is made of before", name, count,
                         count == 1 ? "" : "s");
    return error_set(e, ERROR_FAILED, "column %s still has %zu missing value%s; add fill_missing for it", name, count,
                     count == 1 ? "" : "s");
}

static bool check_missing(const FeaturePlan *plan, const TextList *features, const Dataset *d, Error *e)
{
    if (is_whole(d->x, d->rows * d->width))
        return true;
    for (size_t k = 0; k < plan->count; k++) {
        const Column *c = plan->items[k].column;
        size_t count = 0, beyond = 0;
        for (size_t i = 0; i < d->rows; i++) {
            if (feature_is_whole(&plan->items[k], d->x + i * d->width))
                continue;
            count += !column_is_valid(c, i);
            beyond += column_is_valid(c, i);
        }
        if (count)
            return refuse_missing(features->items[k], c, count, e);
        if (beyond)
            return error_set(e, ERROR_FAILED, "column %s has %zu number%s that float32 cannot hold; add clip_outliers or standardize",
                             features->items[k], beyond, beyond == 1 ? "" : "s");
    }
    return true;
}

static bool fill_labels(const Column *c, const TargetInfo *target, int32_t *labels, Error *e)
{
    Text text = {0};
    bool ok = true;
    for (size_t i = 0; ok && i < c->rows; i++) {
        text_clear(&text);
        column_format_key(c, i, &text);
        labels[i] = target_info_class(target, text_get(&text));
        if (labels[i] < 0)
            ok = error_set(e, ERROR_FAILED, "target %s: \"%s\" is none of its classes", target->name, text_get(&text));
    }
    text_done(&text);
    return ok;
}

/* Quantiles of a number are learned of the same value. */
static bool fill_values(const Column *c, const TargetInfo *target, float *values, Error *e)
{
    size_t numbers = target_numbers(target), per = target->outputs_count / numbers;
    if (c->width != numbers)
        return error_set(e, ERROR_FAILED, "target %s holds %zu numbers, and the net gives %zu", target->name, c->width, numbers);
    for (size_t i = 0; i < c->rows * numbers; i++) {
        const TargetOutput *o = &target->outputs[i % numbers * per];
        values[i] = (float)((target_number(c, i / numbers, i % numbers) - o->mean) / o->sd);
        if (!isfinite(values[i]))
            return error_set(e, ERROR_FAILED, "target %s is missing or not a number in a row", target->name);
    }
    return true;
}

static bool fill_target(const Table *t, const TargetInfo *target, Dataset *out, Error *e)
{
    const Column *c = target->is_input ? NULL : table_column(t, target->name);
    if (target->is_input) {
        out->labels = mem_try_aligned(t->rows + 1, sizeof *out->labels, e);
        return out->labels != NULL;
    }
    if (!c)
        return error_set(e, ERROR_FAILED, "target %s is no longer there after the steps; a step dropped or renamed it", target->name);
    if (target->is_classes) {
        out->labels = mem_try_aligned(t->rows + 1, sizeof *out->labels, e);
        return out->labels && fill_labels(c, target, out->labels, e);
    }
    out->values = mem_try_aligned((t->rows + 1) * target->outputs_count, sizeof *out->values, e);
    return out->values && fill_values(c, target, out->values, e);
}

static bool fill_features(const Table *t, const TextList *features, Dataset *out, Error *e)
{
    FeaturePlan plan;
    size_t cells;
    bool ok = features_plan(t, features, &plan, e);
    out->input = plan.input;
    out->width = (size_t)shape_size(plan.input.shape);
    if (ok && !mem_mul(t->rows + 1, out->width, &cells))
        ok = error_set(e, ERROR_MEMORY, "%zu rows of %zu numbers are too many", t->rows, out->width);
    out->x = ok ? mem_try_aligned(cells, sizeof *out->x, e) : NULL;
    out->row_ids = ok ? mem_try_alloc(t->rows + 1, sizeof *out->row_ids, e) : NULL;
    ok = out->x && out->row_ids;
    for (size_t i = 0; ok && i < t->rows; i++)
        out->row_ids[i] = table_row_id(t, i);
    if (ok)
        features_fill(&plan, out->x);
    ok = ok && check_missing(&plan, features, out, e);
    features_plan_done(&plan);
    return ok;
}

bool dataset_make(const Table *t, const TextList *features, const TargetInfo *target, Dataset *out, Error *e)
{
    *out = (Dataset){.rows = t->rows};
    bool ok = fill_features(t, features, out, e) && (!target || fill_target(t, target, out, e));
    if (!ok)
        dataset_done(out);
    return ok;
}

void dataset_done(Dataset *d)
{
    mem_free(d->x);
    mem_free(d->labels);
    mem_free(d->values);
    mem_free(d->row_ids);
    *d = (Dataset){0};
}
