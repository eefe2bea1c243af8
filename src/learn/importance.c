/* The importance of features by permutation. All numbers of an array move as one. */
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

/* Rows as the net takes them, and once more as one feature after the other is moved. */
typedef struct Shuffling {
    const Bundle *b;
    const Metric *metric;
    Dataset d; /* x is the moved one */
    FeaturePlan plan;
    float *x, *outputs;
    ModelScratch *scratch;
} Shuffling;

static bool shuffling_init(Shuffling *s, const Bundle *b, const Table *rows, Error *e)
{
    *s = (Shuffling){.b = b, .metric = metric_leading(target_classes(&b->target))};
    if (!dataset_make(rows, &b->features, &b->target, &s->d, e) || !features_plan(rows, &b->features, &s->plan, e))
        return false;
    size_t cells = s->d.rows * s->d.width;
    s->x = mem_try_alloc(cells + 1, sizeof *s->x, e);
    s->outputs = mem_try_aligned((s->d.rows + 1) * target_outputs(&b->target), sizeof *s->outputs, e);
    s->scratch = model_scratch(b->model, e);
    if (!s->x || !s->outputs || !s->scratch)
        return false;
    memcpy(s->x, s->d.x, cells * sizeof *s->x);
    return true;
}

static void shuffling_done(Shuffling *s)
{
    model_scratch_free(s->scratch);
    mem_free(s->outputs);
    mem_free(s->x);
    features_plan_done(&s->plan);
    dataset_done(&s->d);
}

static bool figure_of(Shuffling *s, double *out, Error *e)
{
    if (!bundle_infer(s->b, s->scratch, s->d.x, s->d.rows, s->outputs, e))
        return false;
    Value *figures = metrics_of(&s->b->target, &s->d, s->outputs, s->b->threshold, e);
    *out = value_get_real(figures, s->metric->spec.name, NAN);
    value_free(figures);
    return figures != NULL;
}

/* The numbers of a feature in row i become those of row order[i]; order NULL: its own again. */
static void move_feature(Shuffling *s, const FeaturePlace *f, const size_t *order)
{
    size_t width = s->d.width;
    for (size_t i = 0; i < s->d.rows; i++)
        for (size_t place = 0; place < f->places; place++) {
            size_t at = f->from + place * f->step;
            memcpy(s->d.x + i * width + at, s->x + (order ? order[i] : i) * width + at, f->channels * sizeof *s->x);
        }
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

/* Every feature moves by the same order, so that they are told apart by nothing else. */
static bool add_losses(Job *job, Shuffling *s, const size_t *order, double whole, double *losses, Error *e)
{
    bool ok = true;
    for (size_t k = 0; ok && k < s->plan.count; k++) {
        double x = NAN;
        move_feature(s, &s->plan.items[k], order);
        ok = job_go_on(job, e) && figure_of(s, &x, e);
        move_feature(s, &s->plan.items[k], NULL);
        losses[k] += (s->metric->is_better_high ? whole - x : x - whole) / SHUFFLES;
    }
    return ok;
}

Value *importance_of(Job *job, const Bundle *b, const Table *rows, uint64_t seed, Error *e)
{
    Shuffling s;
    double whole = NAN, *losses = mem_alloc((b->features.count + 1) * sizeof *losses);
    bool ok = shuffling_init(&s, b, rows, e) && figure_of(&s, &whole, e);
    for (size_t i = 0; i < b->features.count; i++)
        losses[i] = 0;
    for (size_t i = 0; ok && i < SHUFFLES; i++) {
        size_t *order = shuffled_order(rows->rows, rng_child(rng_key(seed, "importance"), i), e);
        ok = order && add_losses(job, &s, order, whole, losses, e);
        mem_free(order);
    }
    Value *out = ok ? value_map() : NULL;
    for (size_t i = 0; ok && i < b->features.count; i++)
        value_set(out, b->features.items[i], value_real(losses[i]));
    shuffling_done(&s);
    mem_free(losses);
    return out;
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

void importance_print(const Value *list, const char *head, int decimals, Text *out)
{
    text_addf(out, "\n    %-*s  %9s  95 %% interval", NAME_CELLS, head, "worth");
    for (size_t i = 0; i < value_items(list) && i < SHOWN; i++)
        add_feature(list->items[i], decimals, out);
    if (value_items(list) > SHOWN)
        text_addf(out, "\n    and %zu features that are worth less", value_items(list) - SHOWN);
}
