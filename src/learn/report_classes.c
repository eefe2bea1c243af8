/* The card of classes: what is decided, class by class, and at any threshold. */
#include <math.h>

#include "learn/report_part.h"
#include "learn/threshold.h"

static double share(double part, double whole)
{
    return whole > 0 ? part / whole : (double)NAN;
}

static void add_class(const Report *r, const int64_t *counts, size_t c, Value *list)
{
    size_t classes = r->model->target.classes.count;
    int64_t truth = 0, said = 0, hits = counts[c * classes + c];
    for (size_t k = 0; k < classes; k++) {
        truth += counts[c * classes + k];
        said += counts[k * classes + c];
    }
    Value *one = value_map();
    value_set(one, "class", value_text(r->model->target.classes.items[c]));
    value_set(one, "rows", value_int(truth));
    value_set(one, "said", value_int(said));
    value_set(one, "hits", value_int(hits));
    value_set(one, "precision", value_real(share((double)hits, (double)said)));
    value_set(one, "recall", value_real(share((double)hits, (double)truth)));
    value_set(one, METRIC_F1, value_real(share(2 * (double)hits, (double)(truth + said))));
    value_add(list, one);
}

static void set_positive(Value *v, const Value *of_class, size_t rows)
{
    static const char *const names[] = {"precision", "recall", METRIC_F1};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        value_set(v, names[i], value_copy(value_get(of_class, names[i])));
    value_set(v, "called", value_copy(value_get(of_class, "said")));
    value_set(v, "called_share", value_real(share((double)value_get_int(of_class, "said", 0), (double)rows)));
}

Value *report_at(const Report *r, double threshold, const double *costs)
{
    const TargetInfo *t = &r->model->target;
    size_t classes = t->classes.count;
    MetricInput in = report_input(r, threshold);
    if (costs)
        in.costs = costs;
    Error ignored = {0};
    double *plain = in.costs ? NULL : costs_from_value(t, NULL, &ignored), cost = 0;
    int64_t *counts = confusion_counts(&in), hits = 0;
    for (size_t i = 0; i < classes * classes; i++) {
        cost += (double)counts[i] * (in.costs ? in.costs : plain)[i];
        hits += i / classes == i % classes ? counts[i] : 0;
    }
    Value *v = value_map(), *each = value_list();
    for (size_t c = 0; c < classes; c++)
        add_class(r, counts, c, each);
    value_set(v, "threshold", value_real(threshold));
    value_set(v, "confusion", confusion_value(t, counts));
    value_set(v, METRIC_ACCURACY, value_real(share((double)hits, (double)in.rows)));
    if (target_positive(t) >= 0)
        set_positive(v, each->items[t->positive], in.rows);
    value_set(v, "cost", value_real(cost));
    value_set(v, "cost_of_row", value_real(share(cost, (double)in.rows)));
    value_set(v, "per_class", each);
    mem_free(counts);
    mem_free(plain);
    return v;
}

static bool add_best(Report *r, Error *e)
{
    static const char *const by[] = {"cost", METRIC_F1, "balanced"};
    ThresholdRows rows = {&r->model->target, &r->out.data, r->out.outputs, value_get_text(r->card, "on", "")};
    Value *best = value_map(), *costs = report_costs(r) ? costs_to_value(&r->model->target, report_costs(r)) : NULL;
    bool ok = true;
    for (int i = 0; ok && i < 3; i++) {
        Decision d = {0};
        ThresholdPlan plan = {.by = i, .costs = costs};
        ok = threshold_choose(&plan, &rows, &d, e);
        if (ok)
            value_set(best, by[i], value_real(d.threshold));
        decision_done(&d);
    }
    value_set(r->card, "best", best);
    value_free(costs);
    return ok;
}

/* At each hundredth, for the chart of a threshold that is moved. */
static void add_thresholds(Report *r)
{
    static const char *const names[] = {"threshold", "precision", "recall", METRIC_F1, METRIC_ACCURACY, "called_share", "cost_of_row"};
    enum { STEPS = 100, NAMES = sizeof names / sizeof *names };
    Value *lists[NAMES], *all = value_map();
    for (size_t k = 0; k < NAMES; k++)
        lists[k] = value_list();
    for (int i = 0; i <= STEPS; i++) {
        Value *at = report_at(r, (double)i / STEPS, NULL);
        for (size_t k = 0; k < NAMES; k++)
            value_add(lists[k], value_copy(value_get(at, names[k])));
        value_free(at);
    }
    for (size_t k = 0; k < NAMES; k++)
        value_set(all, names[k], lists[k]);
    value_set(r->card, "thresholds", all);
}

bool report_add_classes(Report *r, Error *e)
{
    Value *at = report_at(r, r->threshold, NULL);
    value_set(r->card, "per_class", value_copy(value_get(at, "per_class")));
    value_remove(at, "per_class");
    value_set(r->card, "at", at);
    if (target_positive(&r->model->target) < 0)
        return true;
    add_thresholds(r);
    return add_best(r, e);
}
