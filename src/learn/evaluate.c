/* Metrics of a part from finished outputs. */
#include <math.h>
#include <stdlib.h>

#include "learn/bundle.h"
#include "learn/batch.h"

void outputs_finish(const TargetInfo *target, float *outputs, size_t rows)
{
    if (target->is_classes)
        softmax_rows(outputs, rows, target->classes.count, 1);
}

/* Several metrics ask for the decision of a row, one of them for each class. */
static int32_t *decide_all(const MetricInput *in)
{
    int32_t *decided = mem_try_alloc(in->rows + 1, sizeof *decided, NULL);
    for (size_t i = 0; i < in->rows; i++)
        decided[i] = metric_decide(in, i);
    return decided;
}

Value *metrics_compute(const MetricInput *in, Error *e)
{
    Value *map = value_map();
    for (size_t i = 0; i < metric_count(); i++) {
        const Metric *m = metric_at(i);
        SpecUse use = metric_usual(m);
        double figure = NAN;
        if (!metric_fits(m, in->classes))
            continue;
        if (!metric_compute(&use, in, &figure, e)) {
            value_free(map);
            return NULL;
        }
        value_set(map, m->spec.name, value_real(figure));
    }
    return map;
}

static Value *metrics_of_classes(const TargetInfo *target, const Dataset *data, const float *outputs, double threshold, Error *e)
{
    MetricInput in = {.rows = data->rows,
                      .classes = target_classes(target),
                      .positive = target->positive,
                      .threshold = threshold,
                      .labels = data->labels,
                      .probabilities = outputs,
                      .class_weights = target->class_weights};
    int32_t *decided = decide_all(&in);
    in.decided = decided;
    Value *map = metrics_compute(&in, e);
    mem_free(decided);
    return map;
}

Value *metrics_of_output(const TargetInfo *target, size_t output, const Dataset *data, const float *outputs, Error *e)
{
    const TargetOutput *o = &target->outputs[output];
    double *values = target_unscaled(target, output, data->values, data->rows);
    double *predicted = target_unscaled(target, output, outputs, data->rows);
    MetricInput in = {.rows = data->rows, .positive = -1, .values = values, .predicted = predicted, .scale = o->sd, .naive = o->naive};
    Value *map = metrics_compute(&in, e);
    mem_free(values);
    mem_free(predicted);
    return map;
}

/* The mean over outputs, each in its own unit. */
Value *metrics_of(const TargetInfo *target, const Dataset *data, const float *outputs, double threshold, Error *e)
{
    if (target->is_classes)
        return metrics_of_classes(target, data, outputs, threshold, e);
    Value *mean = metrics_of_output(target, 0, data, outputs, e);
    for (size_t k = 1; mean && k < target->outputs_count; k++) {
        Value *one = metrics_of_output(target, k, data, outputs, e);
        for (size_t i = 0; one && i < mean->size; i++)
            mean->items[i]->real += one->items[i]->real;
        if (!one) {
            value_free(mean);
            mean = NULL;
        }
        value_free(one);
    }
    for (size_t i = 0; mean && i < mean->size; i++)
        mean->items[i]->real /= (double)target->outputs_count;
    return mean;
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

static double best_of_sorted(const Scored *items, size_t rows, size_t positives)
{
    double best = -1, threshold = 0.5;
    for (size_t i = 0, hits = 0; i < rows; i++) {
        hits += items[i].is_positive;
        if (i + 1 < rows && items[i + 1].score == items[i].score)
            continue;
        double f1 = 2 * (double)hits / (double)(i + 1 + positives);
        if (f1 > best) {
            best = f1;
            threshold = (double)items[i].score;
        }
    }
    return threshold;
}

double threshold_best_f1(const TargetInfo *target, const Dataset *data, const float *probabilities)
{
    if (!target->is_classes || target->positive < 0 || target->classes.count != 2 || !data->rows)
        return 0.5;
    Scored *items = mem_try_alloc(data->rows, sizeof *items, NULL);
    size_t positives = 0;
    for (size_t i = 0; i < data->rows; i++) {
        items[i] = (Scored){probabilities[i * 2 + (size_t)target->positive], data->labels[i] == target->positive};
        positives += items[i].is_positive;
    }
    qsort(items, data->rows, sizeof *items, by_falling_score);
    double threshold = best_of_sorted(items, data->rows, positives);
    mem_free(items);
    return threshold;
}
