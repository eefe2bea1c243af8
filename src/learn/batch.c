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

bool features_find(const Table *t, const Roles *roles, TextList *features, Error *e)
{
    Text texts = {0}, dates = {0};
    for (size_t i = 0; i < t->columns_count; i++) {
        if (has_role(roles, t->names[i]))
            continue;
        if (column_is_numeric(t->columns[i])) {
            text_list_add(features, t->names[i]);
            continue;
        }
        Text *list = t->columns[i]->type == COLUMN_TEXT ? &texts : &dates;
        text_addf(list, "%s%s", list->size ? ", " : "", t->names[i]);
    }
    bool ok = texts.size || dates.size ? features_left_over(&texts, &dates, e) : true;
    if (ok && !features->count)
        ok = error_set(e, ERROR_FAILED, "no column is left to learn from");
    text_done(&texts);
    text_done(&dates);
    return ok;
}

/* Cells of one column, rows from .. to - 1, into every width-th place of x. */
static void fill_cells(const Column *c, size_t from, size_t to, float *x, size_t width)
{
    for (size_t i = from; i < to; i++, x += width) {
        float value = c->type == COLUMN_REAL ? (float)c->data.reals[i] : (float)column_real(c, i);
        *x = isfinite(value) && column_is_valid(c, i) ? value : NAN;
    }
}

/* Some rows at a time, so that a row of x is still in the cache when the next column writes to it. */
bool features_fill(const Table *t, const TextList *features, float *x, Error *e)
{
    enum { ROWS = 64 };
    const Column **columns = mem_alloc((features->count + 1) * sizeof *columns);
    bool ok = true;
    for (size_t k = 0; ok && k < features->count; k++) {
        columns[k] = table_column(t, features->items[k]);
        if (!columns[k])
            ok = error_set(e, ERROR_FAILED, "column %s is not there", features->items[k]);
        else if (!column_is_numeric(columns[k]))
            ok = error_set(e, ERROR_FAILED, "column %s is %s, expected numbers", features->items[k], column_type_name(columns[k]->type));
    }
    for (size_t from = 0; ok && from < t->rows; from += ROWS)
        for (size_t k = 0; k < features->count; k++)
            fill_cells(columns[k], from, from + ROWS < t->rows ? from + ROWS : t->rows, x + from * features->count + k, features->count);
    mem_free(columns);
    return ok;
}

static bool is_whole(const float *x, size_t count)
{
    size_t gaps = 0;
    for (size_t i = 0; i < count; i++)
        gaps += x[i] != x[i];
    return gaps == 0;
}

static bool check_missing(const Table *t, const TextList *features, const float *x, Error *e)
{
    if (is_whole(x, t->rows * features->count))
        return true;
    for (size_t k = 0; k < features->count; k++) {
        const Column *c = table_column(t, features->items[k]);
        size_t count = 0, beyond = 0;
        for (size_t i = 0; i < t->rows; i++) {
            if (!isnan(x[i * features->count + k]))
                continue;
            count += !column_is_valid(c, i);
            beyond += column_is_valid(c, i);
        }
        if (count)
            return error_set(e, ERROR_FAILED, "column %s still has %zu missing value%s; add fill_missing for it", features->items[k], count,
                             count == 1 ? "" : "s");
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

static bool fill_values(const Column *c, const TargetInfo *target, float *values, Error *e)
{
    for (size_t i = 0; i < c->rows; i++) {
        values[i] = (float)((column_real(c, i) - target->mean) / target->sd);
        if (!isfinite(values[i]))
            return error_set(e, ERROR_FAILED, "target %s is missing or not a number in a row", target->name);
    }
    return true;
}

static bool fill_target(const Table *t, const TargetInfo *target, Dataset *out, Error *e)
{
    const Column *c = table_column(t, target->name);
    if (!c)
        return error_set(e, ERROR_FAILED, "target %s is no longer there after the steps; a step dropped or renamed it", target->name);
    if (target->is_classes) {
        out->labels = mem_try_aligned(t->rows + 1, sizeof *out->labels, e);
        return out->labels && fill_labels(c, target, out->labels, e);
    }
    out->values = mem_try_aligned(t->rows + 1, sizeof *out->values, e);
    return out->values && fill_values(c, target, out->values, e);
}

bool dataset_make(const Table *t, const TextList *features, const TargetInfo *target, Dataset *out, Error *e)
{
    *out = (Dataset){.rows = t->rows, .width = features->count};
    size_t cells;
    if (!mem_mul(t->rows + 1, features->count, &cells))
        return error_set(e, ERROR_MEMORY, "%zu rows of %zu features are too many", t->rows, features->count);
    out->x = mem_try_aligned(cells, sizeof *out->x, e);
    out->row_ids = mem_try_alloc(t->rows + 1, sizeof *out->row_ids, e);
    if (!out->x || !out->row_ids)
        goto fail;
    for (size_t i = 0; i < t->rows; i++)
        out->row_ids[i] = table_row_id(t, i);
    if (!features_fill(t, features, out->x, e) || !check_missing(t, features, out->x, e))
        goto fail;
    if (target && !fill_target(t, target, out, e))
        goto fail;
    return true;
fail:
    dataset_done(out);
    return false;
}

void dataset_done(Dataset *d)
{
    mem_free(d->x);
    mem_free(d->labels);
    mem_free(d->values);
    mem_free(d->row_ids);
    *d = (Dataset){0};
}
