/* The importance of features by permutation. A shuffled column goes through the same door as any table, so whatever a feature is made
 * of moves as one. */
#include "learn/importance.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/rng.h"
#include "learn/batch.h"
#include "learn/bundle.h"
#include "learn/figure.h"
#include "learn/statistics.h"

enum { SHUFFLES = 3, SHOWN = 30, NAME_CELLS = 36 };

/* The leading metric of the model on rows. */
static bool figure_of(const Bundle *b, const Table *rows, const Metric *m, double *out, Error *e)
{
    Dataset d;
    if (!dataset_make(rows, &b->features, &b->target, &d, e))
        return false;
    float *outputs = mem_try_aligned((d.rows + 1) * target_outputs(&b->target), sizeof *outputs, e);
    bool ok = outputs && model_infer(b->model, NULL, d.x, d.rows, outputs, e);
    if (ok) {
        outputs_finish(&b->target, outputs, d.rows);
        Value *figures = metrics_of(&b->target, &d, outputs, b->threshold);
        *out = value_get_real(figures, m->spec.name, NAN);
        value_free(figures);
    }
    mem_free(outputs);
    dataset_done(&d);
    return ok;
}

static Table *with_shuffled(const Table *rows, const char *feature, const size_t *order, Error *e)
{
    Column *moved = column_select(table_column(rows, feature), order, rows->rows, e);
    return moved ? table_with(rows, feature, moved, e) : NULL;
}

static size_t *shuffled_order(size_t rows, RngKey key, Error *e)
{
    Rng rng = rng_begin(key);
    size_t *order = mem_try_alloc(rows + 1, sizeof *order, e);
    for (size_t i = 0; order && i < rows; i++) {
        size_t k = (size_t)rng_below(&rng, i + 1);
        order[i] = order[k];
        order[k] = i;
    }
    return order;
}

Value *importance_of(Job *job, const Bundle *b, const Table *rows, uint64_t seed, Error *e)
{
    const Metric *m = metric_leading(target_classes(&b->target));
    Value *out = value_map();
    double whole = NAN;
    bool ok = figure_of(b, rows, m, &whole, e);
    for (size_t k = 0; ok && k < b->features.count; k++) {
        double sum = 0;
        for (size_t s = 0; ok && s < SHUFFLES; s++) {
            double x = NAN;
            size_t *order = shuffled_order(rows->rows, rng_child(rng_key(seed, "importance"), s), e);
            Table *t = order ? with_shuffled(rows, b->features.items[k], order, e) : NULL;
            ok = t && job_go_on(job, e) && figure_of(b, t, m, &x, e);
            sum += m->is_better_high ? whole - x : x - whole;
            table_unref(t);
            mem_free(order);
        }
        value_set(out, b->features.items[k], value_real(sum / SHUFFLES));
    }
    if (ok)
        return out;
    value_free(out);
    return NULL;
}

typedef struct Ranked {
    const char *feature;
    Interval worth;
} Ranked;

/* Undefined ones last, equal ones by name. */
static int by_falling_worth(const void *a, const void *b)
{
    const Ranked *x = a, *y = b;
    bool one = !isnan(x->worth.mean), two = !isnan(y->worth.mean);
    if (one != two || !one || x->worth.mean == y->worth.mean)
        return one != two ? (one < two) - (one > two) : strcmp(x->feature, y->feature);
    return (x->worth.mean < y->worth.mean) - (x->worth.mean > y->worth.mean);
}

/* A level that a fold has not seen is no feature there. */
static Interval over_folds(const Value *folds, const char *feature, double ratio)
{
    double *worths = mem_alloc((folds->size + 1) * sizeof *worths);
    size_t n = 0;
    Interval out;
    for (size_t i = 0; i < folds->size; i++) {
        double x = value_get_real(value_get(folds->items[i], "importance"), feature, NAN);
        if (isfinite(x))
            worths[n++] = x;
    }
    folds_interval(worths, n, ratio, &out);
    mem_free(worths);
    return out;
}

static void features_of(const Value *folds, TextList *names)
{
    for (size_t i = 0; i < folds->size; i++) {
        const Value *one = value_get(folds->items[i], "importance");
        for (size_t k = 0; k < value_entries(one); k++)
            if (!text_list_has(names, one->keys[k]))
                text_list_add(names, one->keys[k]);
    }
}

Value *importance_over(const Value *folds, double ratio)
{
    TextList names = {0};
    Value *list = value_list();
    features_of(folds, &names);
    Ranked *ranked = mem_alloc((names.count + 1) * sizeof *ranked);
    for (size_t k = 0; k < names.count; k++)
        ranked[k] = (Ranked){names.items[k], over_folds(folds, names.items[k], ratio)};
    qsort(ranked, names.count, sizeof *ranked, by_falling_worth);
    for (size_t k = 0; k < names.count; k++) {
        Value *one = value_map();
        value_set(one, "feature", value_text(ranked[k].feature));
        value_set(one, "worth", value_real(ranked[k].worth.mean));
        value_set(one, "low", value_real(ranked[k].worth.low));
        value_set(one, "high", value_real(ranked[k].worth.high));
        value_add(list, one);
    }
    mem_free(ranked);
    text_list_done(&names);
    return list;
}

Value *importance_ranked(Job *job, const Bundle *b, const Table *rows, uint64_t seed, Error *e)
{
    Value *worths = importance_of(job, b, rows, seed, e), *folds = value_list(), *one = value_map(), *list = NULL;
    value_add(folds, one);
    if (worths) {
        value_set(one, "importance", worths);
        list = importance_over(folds, 0);
    }
    for (size_t i = 0; i < value_items(list); i++) {
        value_remove(list->items[i], "low");
        value_remove(list->items[i], "high");
    }
    value_free(folds);
    return list;
}

static void add_feature(const Value *one, int decimals, Text *out)
{
    text_add(out, "\n    ");
    figure_add_name(out, value_get_text(one, "feature", ""), NAME_CELLS);
    figure_add_cells(out, &(Figure){value_get_real(one, "worth", NAN), NAN, decimals, true}, value_get_real(one, "low", NAN),
                     value_get_real(one, "high", NAN));
    text_addf(out, "  %s", value_get_text(one, "verdict", ""));
    while (out->bytes[out->size - 1] == ' ')
        text_cut(out, out->size - 1);
}

void importance_print(const Value *list, const Metric *m, Text *out)
{
    text_addf(out, "\n    %-*s  %9s  95 %% interval", NAME_CELLS, "feature, shuffled in held-out rows", "worth");
    for (size_t i = 0; i < value_items(list) && i < SHOWN; i++)
        add_feature(list->items[i], m->decimals, out);
    if (value_items(list) > SHOWN)
        text_addf(out, "\n    and %zu features that are worth less", value_items(list) - SHOWN);
}
