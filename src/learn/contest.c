/* The judging of a contest. The metric that leads for the target decides; figures are over the rows that every model has an output for. */
#include "learn/contest.h"

#include <math.h>

#include "learn/batch.h"
#include "learn/figure.h"
#include "learn/seeds.h"

void contest_done(Contestant *items, size_t count)
{
    for (size_t i = 0; items && i < count; i++) {
        for (size_t s = 0; items[i].judged && s < items[i].count; s++)
            judged_done(&items[i].judged[s]);
        mem_free(items[i].judged);
        items[i].judged = NULL;
    }
}

/* A loss of its own would make models of other losses worse by definition. */
static bool fill_figures(const Judging *j, const TargetInfo *target, const Contestant *c, Error *e)
{
    TargetInfo plain = *target;
    plain.class_weights = NULL;
    for (size_t s = 0; s < c->count; s++) {
        Judged *one = &c->judged[s];
        Value *figures = metrics_of(&plain, &j->truth, one->outputs, one->threshold, e);
        if (!figures)
            return false;
        for (size_t k = 0; one->figures && k < one->figures->size; k++)
            value_set(figures, one->figures->keys[k], value_copy(one->figures->items[k]));
        value_free(one->figures);
        one->figures = figures;
    }
    return true;
}

static Value *group_of(const Contestant *c)
{
    Value *each = value_list(), *group = value_copy(c->judged[0].figures);
    for (size_t s = 0; s < c->count; s++)
        value_add(each, value_copy(c->judged[s].figures));
    if (c->count > 1)
        seeds_add(group, each);
    value_free(each);
    return group;
}

static double leading_of(const Value *models, const char *name, const Metric *leading)
{
    return value_get_real(value_get(models, name), leading->spec.name, NAN);
}

static const char *best_of(const Value *models, const Metric *leading)
{
    const char *best = models->keys[0];
    for (size_t i = 1; i < models->size; i++)
        if (metric_is_better(leading, leading_of(models, models->keys[i], leading), leading_of(models, best, leading)) ||
            isnan(leading_of(models, best, leading)))
            best = models->keys[i];
    return best;
}

static const Contestant *find(const Contestant *items, size_t count, const char *name)
{
    for (size_t i = 0; i < count; i++)
        if (text_equal(items[i].name, name))
            return &items[i];
    return NULL;
}

typedef struct Ring {
    const Judging *j;
    const TargetInfo *target;
    const Metric *leading;
    const ContestRules *rules;
} Ring;

/* All seeds of one against the single model of the other, or seed by seed as far as both have them. */
static bool interval_of(const Ring *r, const Contestant *a, const Contestant *b, Interval *out, Error *e)
{
    Pairing p = {.j = r->j,
                 .target = r->target,
                 .students = a->judged,
                 .against = b->judged,
                 .seeds = b->count > 1 && b->count < a->count ? b->count : a->count,
                 .is_single = b->count == 1};
    if (a->count > 1 || b->count == 1)
        return pairing_interval(&p, r->leading, out, e);
    if (!interval_of(r, b, a, out, e))
        return false;
    *out = (Interval){.mean = -out->mean, .sd = out->sd, .low = -out->high, .high = -out->low};
    return true;
}

static Value *difference(const Ring *r, const Contestant *a, const Contestant *b, Error *e)
{
    Interval v;
    if (!interval_of(r, a, b, &v, e))
        return NULL;
    double margin = metric_margin(r->leading, r->rules->margin, value_get_real(b->judged[0].figures, r->leading->spec.name, NAN));
    Value *map = value_map();
    value_set(map, "mean", value_real(v.mean));
    value_set(map, "low", value_real(v.low));
    value_set(map, "high", value_real(v.high));
    value_set(map, "margin", value_real(margin));
    value_set(map, "conclusion", value_text(compare_conclusion(r->leading, v.low, v.high, margin)));
    return map;
}

static bool add_differences(const Ring *r, const Contestant *items, size_t count, Value *result, Error *e)
{
    Value *all = value_map();
    const Contestant *against = find(items, count, value_get_text(result, "against", ""));
    value_set(result, "differences", all);
    for (size_t i = 0; i < count; i++) {
        Value *one = &items[i] == against ? NULL : difference(r, &items[i], against, e);
        if (one)
            value_set(all, items[i].name, one);
        else if (&items[i] != against)
            return false;
    }
    return true;
}

static void add_conclusion(const Value *contest, const char *name, Text *out)
{
    const Metric *m = metric_find(value_get_text(contest, "metric", ""));
    const Value *one = value_get(value_get(contest, "differences"), name);
    const char *word = value_get_text(one, "conclusion", "unknown");
    text_addf(out, "%s ", name);
    if (text_equal(word, "unknown"))
        text_addf(out, "can't be told from %s (%s ", value_get_text(contest, "against", ""), m->title);
    else
        text_addf(out, "is %s%s %s (%s ", word, text_equal(word, "as good") ? " as" : " than", value_get_text(contest, "against", ""),
                  m->title);
    figure_add_interval(out, &(Figure){value_get_real(one, "mean", NAN), NAN, figure_decimals(m), true}, value_get_real(one, "low", NAN),
                        value_get_real(one, "high", NAN));
    text_add(out, ")");
}

static void add_verdict(Value *result)
{
    Text verdict = {0};
    const Value *all = value_get(result, "differences");
    for (size_t i = 0; i < all->size; i++) {
        text_add(&verdict, i ? "; " : "");
        add_conclusion(result, all->keys[i], &verdict);
    }
    value_set(result, "verdict", value_text(text_get(&verdict)));
    text_done(&verdict);
}

Value *contest_judge(const Judging *j, const TargetInfo *target, const Contestant *items, size_t count, const ContestRules *rules, Error *e)
{
    Ring r = {j, target, metric_leading(target_classes(target)), rules};
    Value *result = value_map(), *models = value_map();
    bool ok = true;
    value_set(result, "on", value_text(rules->on));
    value_set(result, "rows", value_int((int64_t)j->truth.rows));
    value_set(result, "metric", value_text(r.leading->spec.name));
    value_set(result, "margin", value_real(rules->margin));
    value_set(result, "models", models);
    for (size_t i = 0; ok && i < count; i++)
        if ((ok = fill_figures(j, target, &items[i], e)))
            value_set(models, items[i].name, group_of(&items[i]));
    if (ok && rules->against && !find(items, count, rules->against))
        ok = error_set(e, ERROR_USAGE, "compare: against = \"%s\" is none of the models", rules->against);
    if (ok) {
        const char *best = best_of(models, r.leading);
        value_set(result, "best", value_text(best));
        value_set(result, "against", value_text(rules->against ? rules->against : best));
    }
    ok = ok && add_differences(&r, items, count, result, e);
    if (ok) {
        add_verdict(result);
        return result;
    }
    value_free(result);
    return NULL;
}

static void print_model(const Value *contest, const char *name, const Value *figures, Text *out)
{
    text_add(out, "\n  ");
    figure_add_name(out, name, 16);
    for (size_t i = 0; i < metric_count(); i++) {
        const Metric *m = metric_at(i);
        double x = value_get_real(figures, m->spec.name, NAN), sd = value_get_real(value_get(figures, "sd"), m->spec.name, NAN);
        if (m->is_minor || isnan(x))
            continue;
        text_addf(out, "  %s ", m->spec.name);
        if (isfinite(sd) && text_equal(m->spec.name, value_get_text(contest, "metric", "")))
            figure_add_over(out, &(Figure){x, sd, figure_decimals(m), false}, value_items(value_get(figures, "seeds")), "seeds");
        else
            figure_add(out, &(Figure){x, NAN, figure_decimals(m), false});
    }
}

void contest_print(const Value *contest, Text *out)
{
    const Value *models = value_get(contest, "models");
    text_addf(out, "%s, %lld rows: %s", value_get_text(contest, "on", ""), (long long)value_get_int(contest, "rows", 0),
              value_get_text(contest, "verdict", ""));
    for (size_t i = 0; i < value_entries(models); i++)
        print_model(contest, models->keys[i], models->items[i], out);
}
