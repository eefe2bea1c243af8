/* How many features are enough: cross-validated with the best 1, 2, 4 ... of them, chosen anew in each fold, against all. */
#include <math.h>

#include "learn/batch.h"
#include "learn/call.h"
#include "learn/figure.h"
#include "learn/importance.h"
#include "learn/keep.h"
#include "learn/price.h"

typedef struct Selecting {
    CallContext *c, quiet;
    const Pipeline *p;
    CrossPlan cross;
    size_t features;
    Value *all; /* figures with all features, on the same folds */
    const Metric *metric;
    double margin;
    Value *curve;
} Selecting;

static bool fold_figures(Selecting *x, size_t keep, Value **out, Error *e)
{
    x->cross.keep = (int64_t)keep;
    return call_cross_validate(x->all ? &x->quiet : x->c, x->p, &x->cross, out, e);
}

/* *enough: it is as good as all within the margin. */
static bool add_point(Selecting *x, size_t keep, bool *enough, Error *e)
{
    Value *figures = NULL, *one = value_map();
    if (keep < x->features && !fold_figures(x, keep, &figures, e)) {
        value_free(one);
        return false;
    }
    const Value *of = figures ? figures : x->all;
    Interval worth = folds_gain(x->metric, of, x->all);
    value_set(one, "keep", value_int((int64_t)keep));
    value_set(one, "mean", value_real(value_get_real(value_get(of, "mean"), x->metric->spec.name, NAN)));
    value_set(one, "sd", value_real(value_get_real(value_get(of, "sd"), x->metric->spec.name, NAN)));
    value_set(one, "worth", value_real(worth.mean));
    value_set(one, "low", value_real(worth.low));
    value_set(one, "high", value_real(worth.high));
    value_add(x->curve, one);
    *enough = worth.low >= -x->margin;
    value_free(figures);
    return true;
}

/* The whole curve is measured; *keep: the smallest number that is enough. */
static bool draw_curve(Selecting *x, size_t *keep, Error *e)
{
    bool found = false, ok = true;
    for (size_t k = 1; ok && k < x->features; k *= 2) {
        bool enough = false;
        ok = add_point(x, k, &enough, e);
        if (enough && !found)
            *keep = k;
        found = found || enough;
    }
    bool ignored;
    return ok && add_point(x, x->features, &ignored, e);
}

/* So many were asked for: how they stand against all. */
static bool add_asked(Selecting *x, size_t keep, Error *e)
{
    bool ignored;
    return (keep == x->features || add_point(x, keep, &ignored, e)) && add_point(x, x->features, &ignored, e);
}

static bool rank_all(const Selecting *x, const Prepared *d, Value **ranking, Error *e)
{
    Bundle *b = NULL;
    Value *trained = NULL;
    if (!d->data[PART_VALID].rows)
        return error_set(e, ERROR_USAGE, "select_features: the validation part has no rows to choose on; give the split one");
    bool ok = call_train(x->c, x->p, &x->cross.base, &b, &trained, e);
    *ranking = ok ? importance_ranked(x->c->job, b, d->parts[PART_VALID], call_seed(x->p, &x->cross.base), e) : NULL;
    value_free(trained);
    bundle_unref(b);
    return *ranking != NULL;
}

static Value *result_of(const Selecting *x, Value *ranking, size_t keep)
{
    Value *v = value_map(), *dropped = value_list();
    for (size_t i = 0; i < value_items(ranking); i++) {
        value_set(ranking->items[i], "verdict", value_text(i < keep ? "kept" : "dropped"));
        if (i >= keep)
            value_add(dropped, value_text(value_get_text(ranking->items[i], "feature", "")));
    }
    value_set(v, "metric", value_text(x->metric->spec.name));
    value_set(v, "folds", value_int(x->cross.folds));
    value_set(v, "margin", value_real(x->margin));
    value_set(v, "keep", value_int((int64_t)keep));
    value_set(v, "of", value_int((int64_t)x->features));
    value_set(v, "features", ranking);
    value_set(v, "curve", value_copy(x->curve));
    value_set(v, "dropped", dropped);
    return v;
}

bool select_features(CallContext *c, const Pipeline *p, const SelectPlan *plan, Value **result, Error *e)
{
    Selecting x = {.c = c, .quiet = *c, .p = p, .cross = plan->cross, .curve = value_list()};
    Prepared *d = NULL;
    Value *ranking = NULL;
    size_t keep = (size_t)plan->cross.keep;
    x.quiet.hooks = NULL;
    *result = NULL;
    bool ok = call_prepare(c, p, &d, e);
    x.features = ok ? d->features.count : 0;
    ok = ok && fold_figures(&x, x.features, &x.all, e);
    if (ok) {
        x.metric = metric_find(value_get_text(x.all, "metric", METRIC_LOSS));
        x.margin = metric_margin(x.metric, plan->margin, value_get_real(value_get(x.all, "mean"), x.metric->spec.name, NAN));
        keep = keep && keep < x.features ? keep : x.features;
    }
    if (ok)
        ok = plan->cross.keep ? add_asked(&x, keep, e) : draw_curve(&x, &keep, e);
    ok = ok && rank_all(&x, d, &ranking, e);
    if (ok)
        *result = result_of(&x, ranking, keep);
    prepared_free(d);
    value_free(x.all);
    value_free(x.curve);
    return ok;
}

Pipeline *select_features_apply(const Pipeline *p, const Value *result, Error *e)
{
    const Value *dropped = value_get(result, "dropped");
    if (!value_items(dropped))
        return pipeline_ref(p);
    const Step *drop = step_find("drop");
    Value *map = value_map();
    value_set(map, "columns", value_copy(dropped));
    void *params = params_from_value(&drop->spec, map, e);
    Pipeline *next = params ? pipeline_with_step(p, drop, params) : NULL;
    if (params)
        params_free(&drop->spec, params);
    value_free(map);
    return next;
}

/* Bars end at the best point; a difference below the margin looks like the little that it is. */
static void add_bar(const Value *selected, const Metric *m, double mean, Text *out)
{
    enum { WIDTH = 24 };
    const Value *curve = value_get(selected, "curve");
    double low = INFINITY, high = -INFINITY, sign = m->is_better_high ? 1 : -1;
    for (size_t i = 0; i < value_items(curve); i++) {
        double x = sign * value_get_real(curve->items[i], "mean", NAN);
        low = fmin(low, x);
        high = fmax(high, x);
    }
    double span = fmax(high - low, 8 * value_get_real(selected, "margin", 0)), share = span > 0 ? 1 - (high - sign * mean) / span : 1;
    long cells = isfinite(share) ? lround(1 + (WIDTH - 1) * share) : 0;
    text_add(out, "  ");
    while (cells-- > 0)
        text_add_char(out, '#');
}

void select_features_print(const Value *r, Text *out)
{
    const Metric *m = metric_find(value_get_text(r, "metric", METRIC_LOSS));
    const Value *curve = value_get(r, "curve");
    char number[METRIC_TITLE_ROOM];
    text_addf(out, "%lld of %lld features are kept; %lld-fold %s by how many, chosen in each fold\n  keep  %9s  %9s  95 %% interval",
              (long long)value_get_int(r, "keep", 0), (long long)value_get_int(r, "of", 0), (long long)value_get_int(r, "folds", 0),
              m->title, m->title, "vs. all");
    for (size_t i = 0; i < value_items(curve); i++) {
        const Value *one = curve->items[i];
        double mean = value_get_real(one, "mean", NAN);
        bool is_kept = value_get_int(one, "keep", 0) == value_get_int(r, "keep", 0);
        text_addf(out, "\n%s%5lld  %9s", is_kept ? "*" : " ", (long long)value_get_int(one, "keep", 0), metric_format(m, mean, number));
        figure_add_cells(out, &(Figure){value_get_real(one, "worth", NAN), NAN, m->decimals, true}, value_get_real(one, "low", NAN),
                         value_get_real(one, "high", NAN));
        add_bar(r, m, mean, out);
    }
    importance_print(value_get(r, "features"), m, out);
    text_addf(out,
              "\n* the fewest that are as good as all within the margin %.*f, or as many as were asked for; .pipeline drops the others",
              m->decimals, value_get_real(r, "margin", 0));
}
