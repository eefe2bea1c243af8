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
    int64_t done, of;  /* cross-validations */
    size_t unmeasured; /* features that stay beside those that are kept */
} Selecting;

static bool fold_figures(Selecting *x, size_t keep, Value **out, Error *e)
{
    x->cross.keep = (int64_t)keep;
    return call_cross_validate(x->all ? &x->quiet : x->c, x->p, &x->cross, out, e);
}

static Value *begin_result(const Selecting *x)
{
    Value *v = value_map();
    value_set(v, "recipe", recipe_asked(x->p->recipe));
    if (x->metric)
        value_set(v, "metric", value_text(x->metric->spec.name));
    value_set(v, "by", value_text(keep_by_names[x->cross.keep_by]));
    value_set(v, "folds", value_int(x->cross.folds));
    value_set(v, "margin", value_real(x->margin));
    value_set(v, "of", value_int((int64_t)x->features));
    value_set(v, "curve", value_copy(x->curve));
    return v;
}

static bool show_so_far(const Selecting *x, Error *e)
{
    Value *v = begin_result(x);
    value_set(v, "status", value_text("running"));
    value_set(v, "points_done", value_int(x->done));
    value_set(v, "points", value_int(x->of));
    bool ok = call_show(x->c, SELECT_FEATURES_CARD, v, e);
    value_free(v);
    return ok;
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
    x->done += figures != NULL;
    value_free(figures);
    return show_so_far(x, e);
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

/* By trained nets, on the validation part. */
static bool rank_by_nets(const Selecting *x, size_t keep, Value **ranking, Error *e)
{
    Prepared *own = NULL; /* it loses features */
    if (!pipeline_prepare(x->c->job, x->p, &own, e))
        return false;
    TrainTask train = {
        .data = own, .plan = &x->cross.base, .plan_hash = "", .threads = call_threads(x->c), .seed = call_seed(x->p, &x->cross.base)};
    KeepTask task = {&train, x->cross.keep_by, keep, x->c->journal ? x->c->journal->path : NULL};
    bool ok = own->data[PART_VALID].rows ||
              error_set(e, ERROR_USAGE, "select_features: the validation part has no rows to choose on; give the split one");
    ok = ok && prepared_keep_best(x->c->job, x->p, own, &task, ranking, e);
    prepared_free(own);
    return ok;
}

static void add_ranked(Value *list, const char *feature, double worth)
{
    Value *one = value_map();
    value_set(one, "feature", value_text(feature));
    value_set(one, "worth", value_real(worth));
    value_add(list, one);
}

/* As the step select found it, which lists the best first. A feature that it does not measure stays, whatever it is worth. */
static Value *ranking_of(const Value *learned, const TextList *features)
{
    const Value *columns = value_get(learned, "columns"), *scores = value_get(learned, "scores");
    TextList measured = {0};
    Value *list = value_list();
    for (size_t k = 0; k < value_items(columns); k++)
        text_list_add(&measured, columns->items[k]->text);
    for (size_t i = 0; i < features->count; i++)
        if (!text_list_has(&measured, features->items[i]))
            add_ranked(list, features->items[i], (double)NAN);
    for (size_t k = 0; k < measured.count; k++)
        add_ranked(list, measured.items[k], value_number(scores->items[k]));
    text_list_done(&measured);
    return list;
}

/* By the step, fitted on the training part; it ranks as many as it can leave out. */
static bool rank_by_step(Selecting *x, const TextList *features, Value **ranking, Error *e)
{
    CrossPlan plan = x->cross;
    Prepared *d = NULL;
    plan.keep = x->features > 1 ? (int64_t)x->features - 1 : 1;
    Pipeline *keeping = keep_pipeline(x->p, &plan, e);
    bool ok = keeping && pipeline_prepare(x->c->job, keeping, &d, e);
    if (ok) {
        const StepUse *use = &d->fitted->uses[d->fitted->count - 1];
        Value *learned = fields_to_value(use->step->learns, use->state, true);
        *ranking = ranking_of(learned, features);
        x->unmeasured = features->count - value_items(value_get(learned, "columns"));
        value_free(learned);
    }
    prepared_free(d);
    pipeline_unref(keeping);
    return ok;
}

static Value *result_of(const Selecting *x, Value *ranking, size_t keep)
{
    Value *v = begin_result(x), *dropped = value_list();
    for (size_t i = 0; i < value_items(ranking); i++) {
        bool stays = i < keep + x->unmeasured;
        value_set(ranking->items[i], "verdict", value_text(stays ? "kept" : "dropped"));
        if (!stays)
            value_add(dropped, value_text(value_get_text(ranking->items[i], "feature", "")));
    }
    value_set(v, "keep", value_int((int64_t)keep));
    value_set(v, "features", ranking);
    value_set(v, "dropped", dropped);
    value_set(v, "status", value_text("done"));
    return v;
}

/* 1, 2, 4 ... below all of them, and all. */
static int64_t points_of(const Selecting *x)
{
    int64_t points = 1;
    for (size_t k = 1; k < x->features; k *= 2)
        points++;
    return x->cross.keep ? 2 : points;
}

static bool choose(Selecting *x, size_t *keep, Error *e)
{
    size_t asked = (size_t)x->cross.keep;
    x->of = points_of(x);
    if (!show_so_far(x, e) || !fold_figures(x, x->features, &x->all, e))
        return false;
    x->done = 1;
    x->metric = metric_find(value_get_text(x->all, "metric", METRIC_LOSS));
    x->margin = metric_margin(x->metric, x->margin, value_get_real(value_get(x->all, "mean"), x->metric->spec.name, NAN));
    *keep = asked && asked < x->features ? asked : x->features;
    return show_so_far(x, e) && (asked ? add_asked(x, *keep, e) : draw_curve(x, keep, e));
}

bool select_features(CallContext *c, const Pipeline *p, const SelectPlan *plan, Value **result, Error *e)
{
    Selecting x = {.c = c, .quiet = *c, .p = p, .cross = plan->cross, .margin = plan->margin, .curve = value_list()};
    Prepared *d = NULL;
    Value *ranking = NULL;
    size_t keep = 0;
    x.quiet.hooks = NULL;
    *result = NULL;
    if (!pipeline_target_column(p)) {
        value_free(x.curve);
        return error_set(
            e, ERROR_USAGE,
            "select_features: target = \"input\" has no metric that decides; name the column that tells normal rows as the target");
    }
    bool ok = call_prepare(c, p, &d, e);
    x.features = ok ? d->features.count : 0;
    ok = ok && choose(&x, &keep, e) &&
         (plan->cross.keep_by < KEEP_BY_STEP ? rank_by_nets(&x, keep, &ranking, e) : rank_by_step(&x, &d->features, &ranking, e));
    if (ok) {
        *result = result_of(&x, ranking, keep);
        ok = call_show(c, SELECT_FEATURES_CARD, *result, e);
    }
    prepared_free(d);
    value_free(x.all);
    value_free(x.curve);
    return ok;
}

const Step *select_features_step(const Value *result, size_t keep, Value **params)
{
    const Value *features = value_get(result, "features");
    const char *by = value_get_text(result, "by", "");
    bool is_by_net = text_equal(by, keep_by_names[KEEP_BY_IMPORTANCE]) || text_equal(by, keep_by_names[KEEP_BY_RFE]);
    *params = NULL;
    if (keep >= value_items(features))
        return NULL;
    *params = value_map();
    if (is_by_net) {
        Value *dropped = value_list();
        for (size_t i = keep; i < features->size; i++)
            value_add(dropped, value_text(value_get_text(features->items[i], "feature", "")));
        value_set(*params, "columns", dropped);
    } else {
        value_set(*params, "by", value_text(by));
        value_set(*params, "keep", value_int((int64_t)keep));
    }
    return step_find(is_by_net ? "drop" : "select");
}

Pipeline *select_features_apply(const Pipeline *p, const Value *result, Error *e)
{
    Value *map;
    const Step *step = select_features_step(result, (size_t)value_get_int(result, "keep", 0), &map);
    if (!step)
        return pipeline_ref(p);
    void *params = params_from_value(&step->spec, map, e);
    Pipeline *next = params ? pipeline_with_step(p, step, params) : NULL;
    if (params)
        params_free(&step->spec, params);
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
    char *head = text_format("feature, ranked by %s", value_get_text(r, "by", keep_by_names[KEEP_BY_IMPORTANCE]));
    importance_print(value_get(r, "features"), head, m->decimals, out);
    mem_free(head);
    text_addf(out,
              "\n* the fewest that are as good as all within the margin %.*f, or as many as were asked for; .pipeline drops the others",
              m->decimals, value_get_real(r, "margin", 0));
}
