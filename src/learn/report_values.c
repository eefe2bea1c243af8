/* The card of numbers: how far each output is from what happened, and whether that depends on what was predicted. And the rows that a
 * model gets most wrong, of numbers and classes alike. */
#include <math.h>
#include <stdlib.h>

#include "learn/report_part.h"

enum { BINS = 21, PARTS = 10, OUTPUTS_MOST = 48 };

static int by_value(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

/* Between two neighbors in order, linearly, as numpy does. */
static double quantile(const double *sorted, size_t n, double q)
{
    double at = q * (double)(n - 1);
    size_t low = (size_t)at;
    return low + 1 < n ? sorted[low] + (at - (double)low) * (sorted[low + 1] - sorted[low]) : sorted[n - 1];
}

double *report_residuals(const Report *r, size_t output)
{
    const TargetInfo *t = &r->model->target;
    size_t rows = r->out.data.rows;
    double *actual = target_actual(t, output, r->out.data.values, rows), *predicted = target_predicted(t, output, r->out.outputs, rows);
    for (size_t i = 0; i < rows; i++)
        actual[i] -= predicted[i];
    mem_free(predicted);
    return actual;
}

static void add_quantiles(Value *v, const double *sorted, size_t n)
{
    static const struct {
        const char *name;
        double q;
    } all[] = {{"min", 0}, {"p05", 0.05}, {"p25", 0.25}, {"median", 0.5}, {"p75", 0.75}, {"p95", 0.95}, {"max", 1}};
    double mean = 0, square = 0;
    for (size_t i = 0; i < n; i++)
        mean += sorted[i] / (double)n;
    for (size_t i = 0; i < n; i++)
        square += (sorted[i] - mean) * (sorted[i] - mean);
    value_set(v, "mean", value_real(mean));
    value_set(v, "sd", value_real(n > 1 ? sqrt(square / (double)(n - 1)) : (double)NAN));
    for (size_t k = 0; k < sizeof all / sizeof *all; k++)
        value_set(v, all[k].name, value_real(quantile(sorted, n, all[k].q)));
}

/* Equal widths between the outer hundredths, around 0 in the middle; the bins at the ends hold what lies beyond. */
static Value *bins_of(const double *sorted, size_t n)
{
    double reach = fmax(fabs(quantile(sorted, n, 0.01)), fabs(quantile(sorted, n, 0.99))), width = (reach > 0 ? 2 * reach : 1) / BINS;
    Value *list = value_list();
    for (int b = 0; b < BINS; b++) {
        Value *one = value_map();
        value_set(one, "low", value_real((b - BINS / 2.0) * width));
        value_set(one, "high", value_real((b + 1 - BINS / 2.0) * width));
        value_set(one, "rows", value_int(0));
        value_add(list, one);
    }
    return list;
}

size_t report_residual_bin(const Value *residuals, double residual)
{
    const Value *bins = value_get(residuals, "bins");
    for (size_t b = 0; b + 1 < value_items(bins); b++)
        if (residual < value_get_real(bins->items[b], "high", 0))
            return b;
    return value_items(bins) - 1;
}

typedef struct Pair {
    double predicted, residual;
} Pair;

static int by_predicted(const void *a, const void *b)
{
    double x = ((const Pair *)a)->predicted, y = ((const Pair *)b)->predicted;
    return (x > y) - (x < y);
}

/* Tenths of the rows by what was predicted: an error that grows with it, or leans to one side, is seen here. */
static Value *parts_of(Pair *pairs, size_t n)
{
    Value *list = value_list();
    qsort(pairs, n, sizeof *pairs, by_predicted);
    for (size_t k = 0; k < PARTS; k++) {
        size_t from = n * k / PARTS, to = n * (k + 1) / PARTS;
        double sum = 0, away = 0;
        if (from == to)
            continue;
        for (size_t i = from; i < to; i++) {
            sum += pairs[i].residual;
            away += fabs(pairs[i].residual);
        }
        Value *one = value_map();
        value_set(one, "low", value_real(pairs[from].predicted));
        value_set(one, "high", value_real(pairs[to - 1].predicted));
        value_set(one, "rows", value_int((int64_t)(to - from)));
        value_set(one, "mean", value_real(sum / (double)(to - from)));
        value_set(one, "away", value_real(away / (double)(to - from)));
        value_add(list, one);
    }
    return list;
}

static bool add_output(Report *r, size_t output, Value *list, Error *e)
{
    const TargetInfo *t = &r->model->target;
    size_t n = r->out.data.rows;
    double *residuals = report_residuals(r, output), *predicted = target_predicted(t, output, r->out.outputs, n);
    Pair *pairs = mem_try_alloc(n + 1, sizeof *pairs, e);
    double *sorted = mem_try_alloc(n + 1, sizeof *sorted, e);
    if (pairs && sorted) {
        Value *one = value_map();
        for (size_t i = 0; i < n; i++) {
            pairs[i] = (Pair){predicted[i], residuals[i]};
            sorted[i] = residuals[i];
        }
        qsort(sorted, n, sizeof *sorted, by_value);
        value_set(one, "output", value_text(t->outputs[output].name));
        value_set(one, "at", value_int((int64_t)output));
        add_quantiles(one, sorted, n);
        value_set(one, "bins", bins_of(sorted, n));
        for (size_t i = 0; i < n; i++)
            value_edit(value_get(one, "bins")->items[report_residual_bin(one, sorted[i])], "rows")->integer++;
        value_set(one, "by_predicted", parts_of(pairs, n));
        value_add(list, one);
    }
    bool ok = pairs && sorted;
    mem_free(pairs);
    mem_free(sorted);
    mem_free(residuals);
    mem_free(predicted);
    return ok;
}

bool report_add_values(Report *r, Error *e)
{
    const TargetInfo *t = &r->model->target;
    Value *list = value_list();
    bool ok = true;
    for (size_t k = 0; ok && k < t->outputs_count && value_items(list) < OUTPUTS_MOST; k++)
        ok = !target_is_point(t, k) || add_output(r, k, list, e);
    value_set(r->card, "residuals", list);
    return ok;
}

static bool find_losses(Report *r, Error *e)
{
    const TargetInfo *t = &r->model->target;
    size_t rows = r->out.data.rows, classes = t->classes.count, points = 0;
    r->losses = mem_try_alloc(rows + 1, sizeof *r->losses, e);
    for (size_t i = 0; r->losses && i < rows; i++)
        r->losses[i] = t->is_classes ? -log(fmax((double)r->out.outputs[i * classes + (size_t)r->out.data.labels[i]], 1e-15)) : 0;
    for (size_t k = 0; r->losses && k < t->outputs_count; k++) {
        double *residuals = target_is_point(t, k) ? report_residuals(r, k) : NULL;
        points += residuals != NULL;
        for (size_t i = 0; residuals && i < rows; i++)
            r->losses[i] += fabs(residuals[i]) / t->outputs[k].sd;
        mem_free(residuals);
    }
    for (size_t i = 0; r->losses && points > 1 && i < rows; i++)
        r->losses[i] /= (double)points;
    return r->losses;
}

typedef struct Place {
    double loss;
    size_t row;
} Place;

static int by_falling_loss(const void *a, const void *b)
{
    const Place *x = a, *y = b;
    if (x->loss != y->loss)
        return x->loss < y->loss ? 1 : -1;
    return (x->row > y->row) - (x->row < y->row);
}

static Value *worst_value(const Report *r, const Place *p)
{
    const TargetInfo *t = &r->model->target;
    const float *out = r->out.outputs + p->row * target_outputs(t);
    Value *one = value_map();
    value_set(one, "row", value_int((int64_t)r->out.data.row_ids[p->row] + 1));
    value_set(one, "loss", value_real(p->loss));
    if (t->is_classes) {
        MetricInput in = report_input(r, r->threshold);
        int truth = r->out.data.labels[p->row], said = metric_decide(&in, p->row);
        value_set(one, "truth", value_text(t->classes.items[truth]));
        value_set(one, "said", value_text(t->classes.items[said]));
        value_set(one, "p", value_real((double)out[target_positive(t) >= 0 ? target_positive(t) : truth]));
        return one;
    }
    size_t k = 0;
    while (!target_is_point(t, k))
        k++;
    value_set(one, "truth", value_real(target_real(t, k, r->out.data.values[p->row * target_numbers(t) + t->outputs[k].number])));
    value_set(one, "said", value_real(target_real(t, k, out[k])));
    return one;
}

bool report_add_worst(Report *r, Error *e)
{
    size_t rows = r->out.data.rows;
    Place *places = find_losses(r, e) ? mem_try_alloc(rows + 1, sizeof *places, e) : NULL;
    Value *list = value_list();
    for (size_t i = 0; places && i < rows; i++)
        places[i] = (Place){r->losses[i], i};
    if (places)
        qsort(places, rows, sizeof *places, by_falling_loss);
    for (size_t i = 0; places && i < rows && i < REPORT_WORST; i++)
        value_add(list, worst_value(r, &places[i]));
    value_set(r->card, "worst", list);
    mem_free(places);
    return places;
}
