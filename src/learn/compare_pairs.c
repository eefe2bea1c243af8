/* Models of several seeds against another model or against their controls, on the rows that all of them can judge: the differences of
 * a metric with their interval. */
#include <math.h>
#include <string.h>

#include "learn/batch.h"
#include "learn/compare.h"

/* What one metric call needs, on the rows that are known to all. */
typedef struct Common {
    const size_t *rows;
    size_t count;
    int32_t *labels;
    float *probabilities;
    double *values, *predicted, *shares; /* of one output */
} Common;

static const Judged *against_of(const Pairing *p, size_t seed)
{
    return p->is_single ? p->against : &p->against[seed];
}

bool pairing_knows(const Pairing *p, size_t row)
{
    size_t at = row * p->j->outputs;
    bool known = true;
    for (size_t i = 0; i < p->seeds; i++)
        known = known && !isnan(p->students[i].outputs[at]) && !isnan(against_of(p, i)->outputs[at]);
    return known;
}

static void common_done(Common *c)
{
    mem_free(c->labels);
    mem_free(c->probabilities);
    mem_free(c->values);
    mem_free(c->predicted);
    mem_free(c->shares);
    mem_free((size_t *)(uintptr_t)c->rows);
}

static bool common_init(const Pairing *p, Common *c, Error *e)
{
    const Dataset *truth = &p->j->truth;
    size_t *rows = mem_try_alloc(truth->rows + 1, sizeof *rows, e);
    *c = (Common){.rows = rows};
    for (size_t r = 0; rows && r < truth->rows; r++)
        if (pairing_knows(p, r))
            rows[c->count++] = r;
    c->labels = mem_try_alloc(c->count + 1, sizeof *c->labels, e);
    c->values = mem_try_alloc(c->count + 1, sizeof *c->values, e);
    c->predicted = mem_try_alloc(c->count + 1, sizeof *c->predicted, e);
    c->probabilities = mem_try_alloc((c->count + 1) * p->j->outputs, sizeof *c->probabilities, e);
    c->shares = mem_try_alloc(c->count + 1, sizeof *c->shares, e);
    if (!rows || !c->labels || !c->values || !c->predicted || !c->shares || !c->probabilities)
        return false;
    for (size_t i = 0; truth->labels && i < c->count; i++)
        c->labels[i] = truth->labels[rows[i]];
    return true;
}

static size_t shares_of_classes(const Pairing *p, const Metric *m, const Common *c, const Judged *judged, double *shares)
{
    const TargetInfo *t = p->target;
    size_t outputs = p->j->outputs;
    for (size_t i = 0; i < c->count; i++)
        memcpy(c->probabilities + i * outputs, judged->outputs + c->rows[i] * outputs, outputs * sizeof(float));
    MetricInput in = {.rows = c->count,
                      .classes = target_classes(t),
                      .positive = t->positive,
                      .threshold = judged->threshold,
                      .costs = judged->costs,
                      .labels = c->labels,
                      .probabilities = c->probabilities,
                      .class_weights = t->class_weights};
    SpecUse use = metric_usual(m);
    return metric_by_row(&use, &in, shares);
}

static size_t shares_of_output(const Pairing *p, const Metric *m, const Common *c, const Judged *judged, size_t output)
{
    const TargetInfo *t = p->target;
    const TargetOutput *o = &t->outputs[output];
    for (size_t i = 0; i < c->count; i++) {
        size_t at = c->rows[i] * t->outputs_count + output;
        c->values[i] = target_real(t, output, p->j->truth.values[c->rows[i] * target_numbers(t) + o->number]);
        c->predicted[i] = target_real(t, output, judged->outputs[at]);
    }
    MetricInput in = {.rows = c->count, .positive = -1, .values = c->values, .predicted = c->predicted, .scale = o->sd, .naive = o->naive};
    SpecUse use = metric_usual(m);
    return metric_by_row(&use, &in, c->shares);
}

/* A row's share of the mean over numbers is the mean of its shares; of quantiles the middle one stands for its number. */
static size_t shares_of(const Pairing *p, const Metric *m, const Common *c, const Judged *judged, double *shares)
{
    size_t numbers = target_numbers(p->target), independent = SIZE_MAX, added = 0;
    if (p->target->is_classes)
        return shares_of_classes(p, m, c, judged, shares);
    for (size_t k = 0; k < p->target->outputs_count; k++) {
        if (!target_is_point(p->target, k))
            continue;
        size_t one = shares_of_output(p, m, c, judged, k);
        independent = one < independent ? one : independent;
        for (size_t i = 0; i < c->count; i++)
            shares[i] = (added ? shares[i] : 0) + c->shares[i] / (double)numbers;
        added++;
    }
    return independent;
}

static bool fill_shares(const Pairing *p, const Metric *m, const Common *c, PairedFigures *figures, Error *e)
{
    double *student = mem_try_alloc(c->count + 1, sizeof *student, e), *other = mem_try_alloc(c->count + 1, sizeof *other, e);
    double *shares = (double *)(uintptr_t)figures->shares;
    bool ok = student && other;
    figures->independent = SIZE_MAX;
    for (size_t s = 0; ok && s < p->seeds; s++) {
        size_t one = shares_of(p, m, c, &p->students[s], student);
        size_t two = s && p->is_single ? one : shares_of(p, m, c, against_of(p, s), other);
        size_t least = one < two ? one : two;
        figures->independent = least < figures->independent ? least : figures->independent;
        for (size_t i = 0; i < c->count; i++)
            shares[i * p->seeds + s] = student[i] - other[i];
    }
    mem_free(student);
    mem_free(other);
    return ok;
}

/* Units of the rows that are known to all. */
static bool by_units(const Pairing *p, const Common *c, PairedFigures *figures, Error *e)
{
    if (!p->j->units)
        return true;
    uint64_t *units = mem_try_alloc(c->count + 1, sizeof *units, e);
    for (size_t i = 0; units && i < c->count; i++)
        units[i] = p->j->units[c->rows[i]];
    bool ok = units && figures_by_unit(units, figures, e);
    mem_free(units);
    return ok;
}

bool pairing_interval(const Pairing *p, const Metric *m, Interval *out, Error *e)
{
    Common c;
    *out = (Interval){.mean = NAN, .sd = NAN, .low = NAN, .high = NAN};
    if (!m->by_row || !p->seeds)
        return true;
    bool ok = common_init(p, &c, e);
    double *shares = ok ? mem_try_alloc((c.count + 1) * p->seeds, sizeof *shares, e) : NULL;
    PairedFigures figures = {
        .rows = c.count, .seeds = p->seeds, .shares = shares, .widest = metric_is_bounded(m) ? m->high - m->low : (double)INFINITY};
    ok = shares && (!c.count || (fill_shares(p, m, &c, &figures, e) && by_units(p, &c, &figures, e) && paired_interval(&figures, out, e)));
    mem_free((double *)(uintptr_t)figures.shares);
    common_done(&c);
    return ok;
}
