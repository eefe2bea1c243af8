/* Choosing a threshold: every score that occurs is tried, rows are walked once by falling score. */
#include "learn/threshold.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "learn/batch.h"

static const char *const ways[] = {"cost", METRIC_F1, "balanced", NULL};

static const Field threshold_fields[] = {
    {REAL_FIELD(ThresholdPlan, at), .doc = "the threshold itself; 0: it is chosen", .def = "0", .min = 0, .max = 1},
    {CHOICE_FIELD(ThresholdPlan, by), .doc = "what it makes best on the validation rows", .def = "cost", .choices = ways},
    {VALUE_FIELD(ThresholdPlan, costs), .doc = "{ Yes = { No = 5 } }: a Yes that is called No costs 5", .def = ""},
    {0},
};

const Spec threshold_spec = {
    .name = "threshold",
    .doc = "from which probability on a row is of the positive class",
    .group = "learning",
    .params = threshold_fields,
    .params_size = sizeof(ThresholdPlan),
};

ThresholdPlan *threshold_plan_from_value(const Value *v, Error *e)
{
    if (!value_is_number(v))
        return params_from_value(&threshold_spec, v, e);
    Value *map = value_map();
    value_set(map, "at", value_copy(v));
    ThresholdPlan *plan = params_from_value(&threshold_spec, map, e);
    value_free(map);
    return plan;
}

typedef struct Scored {
    float score;
    bool is_positive;
} Scored;

static int by_falling_score(const void *a, const void *b)
{
    float x = ((const Scored *)a)->score, y = ((const Scored *)b)->score;
    return (x < y) - (x > y);
}

/* What is called positive, and how much of it is. */
typedef struct Called {
    size_t rows, positives, called, hits;
    const double *costs; /* of two classes */
    int positive;
} Called;

/* Higher is better. */
static double worth_of_cost(const Called *c)
{
    size_t p = (size_t)c->positive, n = 1 - p, missed = c->positives - c->hits, alarms = c->called - c->hits,
           rest = c->rows - c->positives - alarms;
    return -((double)c->hits * c->costs[p * 2 + p] + (double)missed * c->costs[p * 2 + n] + (double)alarms * c->costs[n * 2 + p] +
             (double)rest * c->costs[n * 2 + n]);
}

static double worth_of_f1(const Called *c)
{
    return c->called + c->positives ? 2 * (double)c->hits / (double)(c->called + c->positives) : 0;
}

static double worth_of_balanced(const Called *c)
{
    double found = c->positives ? (double)c->hits / (double)c->positives : 0, others = (double)(c->rows - c->positives);
    return found - (others > 0 ? (double)(c->called - c->hits) / others : 0);
}

static double (*const worths[])(const Called *) = {worth_of_cost, worth_of_f1, worth_of_balanced};

/* Of equally good ones the highest; that nobody is called is one of them. */
static double best_of_sorted(const Scored *items, Called c, ThresholdBy by)
{
    bool all_certain = c.rows && items[0].score >= 1;
    double best = all_certain ? (double)-INFINITY : worths[by](&c), threshold = 1;
    for (size_t i = 0; i < c.rows; i++) {
        c.called++;
        c.hits += items[i].is_positive;
        if (i + 1 < c.rows && items[i + 1].score == items[i].score)
            continue;
        double worth = worths[by](&c);
        if (worth > best) {
            best = worth;
            threshold = (double)items[i].score;
        }
    }
    return threshold;
}

static bool choose(const ThresholdRows *r, ThresholdBy by, const double *costs, double *out, Error *e)
{
    size_t rows = r->data->rows;
    Scored *items = mem_try_alloc(rows + 1, sizeof *items, e);
    Called c = {.rows = rows, .costs = costs, .positive = r->target->positive};
    if (!items)
        return false;
    for (size_t i = 0; i < rows; i++) {
        items[i] = (Scored){r->outputs[i * 2 + (size_t)c.positive], r->data->labels[i] == c.positive};
        c.positives += items[i].is_positive;
    }
    qsort(items, rows, sizeof *items, by_falling_score);
    *out = best_of_sorted(items, c, by);
    mem_free(items);
    return true;
}

double threshold_best_f1(const TargetInfo *target, const Dataset *data, const float *probabilities)
{
    Error ignored = {0};
    double threshold = 0.5;
    ThresholdRows rows = {.target = target, .data = data, .outputs = probabilities};
    if (target_positive(target) >= 0 && data->rows)
        choose(&rows, THRESHOLD_BY_F1, NULL, &threshold, &ignored);
    return threshold;
}

static double mean_cost(const ThresholdRows *r, const Decision *d)
{
    MetricInput in = {.rows = r->data->rows,
                      .classes = r->target->classes.count,
                      .positive = r->target->positive,
                      .threshold = d->threshold,
                      .costs = d->costs,
                      .probabilities = r->outputs};
    double sum = 0;
    for (size_t i = 0; i < in.rows; i++)
        sum += d->costs[(size_t)r->data->labels[i] * in.classes + (size_t)metric_decide(&in, i)];
    return in.rows ? sum / (double)in.rows : (double)NAN;
}

bool threshold_check(const ThresholdPlan *plan, const ThresholdRows *r, Error *e)
{
    const TargetInfo *t = r->target;
    if (!t->is_classes)
        return error_set(e, ERROR_USAGE, "threshold: %s is a number; thresholds are of classes", t->name);
    if (target_positive(t) < 0 && (plan->at > 0 || plan->by != THRESHOLD_BY_COST || !plan->costs))
        return error_set(e, ERROR_USAGE, "threshold: %s has %zu classes, which costs decide: threshold = { costs = { %s = { %s = 5 } } }",
                         t->name, t->classes.count, t->classes.items[0], t->classes.items[1]);
    return plan->at > 0 || r->data->rows ||
           error_set(e, ERROR_USAGE, "threshold: the %s part has no rows to choose it on; give split a share for it, or say it: at = 0.3",
                     r->on);
}

bool threshold_choose(const ThresholdPlan *plan, const ThresholdRows *r, Decision *out, Error *e)
{
    *out = (Decision){.threshold = plan->at > 0 ? plan->at : 0.5};
    if (!threshold_check(plan, r, e))
        return false;
    double *costs = costs_from_value(r->target, plan->costs, e);
    bool is_chosen = plan->at <= 0 && target_positive(r->target) >= 0;
    if (!costs || (is_chosen && !choose(r, (ThresholdBy)plan->by, costs, &out->threshold, e))) {
        mem_free(costs);
        return false;
    }
    out->facts = value_map();
    value_set(out->facts, "by", value_text(plan->at > 0 ? "hand" : ways[plan->by]));
    out->costs = costs;
    if (r->data && r->data->rows) {
        value_set(out->facts, "on", value_text(r->on));
        value_set(out->facts, "rows", value_int((int64_t)r->data->rows));
        value_set(out->facts, "cost", value_real(mean_cost(r, out)));
    }
    if (!plan->costs) { /* nobody has said what anything costs */
        value_remove(out->facts, "cost");
        mem_free(out->costs);
        out->costs = NULL;
    }
    return true;
}

void decision_done(Decision *d)
{
    mem_free(d->costs);
    value_free(d->facts);
    *d = (Decision){0};
}
