/* Metrics of a part from finished outputs. */
#include <math.h>
#include <stdlib.h>

#include "learn/bundle.h"
#include "learn/batch.h"
#include "learn/reconstruction.h"

static int by_rising(const void *a, const void *b)
{
    float x = *(const float *)a, y = *(const float *)b;
    return (x > y) - (x < y);
}

/* What is no number stays what it is. */
static void hold(const TargetOutput *o, float *first, size_t step, size_t rows)
{
    float low = (float)((o->low - o->mean) / o->sd), high = (float)((o->high - o->mean) / o->sd);
    for (size_t i = 0; i < rows; i++) {
        float *x = first + i * step;
        *x = *x < low ? low : *x > high ? high : *x;
    }
}

void outputs_finish(const TargetInfo *target, float *outputs, size_t rows)
{
    size_t per = target->is_classes ? 1 : target->outputs_count / target_numbers(target);
    if (target->is_classes)
        softmax_rows(outputs, rows, target->classes.count, 1);
    for (size_t i = 0; per > 1 && i < rows * target->outputs_count; i += per)
        qsort(outputs + i, per, sizeof *outputs, by_rising);
    for (size_t k = 0; k < target->outputs_count; k++)
        if (target->outputs[k].is_held)
            hold(&target->outputs[k], outputs + k, target->outputs_count, rows);
}

/* So many rows at a time: of a net that gives its input again nothing but the errors is kept. */
static bool infer_errors(const Bundle *b, ModelScratch *scratch, const float *x, size_t rows, float *outputs, Error *e)
{
    enum { BLOCK = 1024 };
    size_t width = b->target.inputs;
    double errors[BLOCK];
    float *block = mem_try_aligned(BLOCK * width, sizeof *block, e);
    bool ok = block != NULL;
    for (size_t from = 0; ok && from < rows; from += BLOCK) {
        size_t count = rows - from < BLOCK ? rows - from : BLOCK;
        ok = model_infer(b->model, scratch, x + from * width, count, block, e);
        if (ok) {
            reconstruction_errors(block, x + from * width, width, count, errors);
            reconstruction_finish(&b->target, errors, count, outputs + 2 * from);
        }
    }
    mem_free(block);
    return ok;
}

bool bundle_infer(const Bundle *b, ModelScratch *scratch, const float *x, size_t rows, float *outputs, Error *e)
{
    if (b->target.inputs)
        return infer_errors(b, scratch, x, rows, outputs, e);
    if (!model_infer(b->model, scratch, x, rows, outputs, e))
        return false;
    outputs_finish(&b->target, outputs, rows);
    return true;
}

/* Several metrics ask for the decision of a row, one of them for each class. */
static int32_t *decide_all(const MetricInput *in)
{
    int32_t *decided = mem_try_alloc(in->rows + 1, sizeof *decided, NULL);
    for (size_t i = 0; i < in->rows; i++)
        decided[i] = metric_decide(in, i);
    return decided;
}

bool figures_check(const TextList *names, size_t classes, Error *e)
{
    for (size_t i = 0; i < names->count; i++) {
        SpecUse use = {0};
        bool ok =
            metric_use_of_name(&use, names->items[i], e) && (metric_fits((const Metric *)use.spec, classes) ||
                                                             error_set(e, ERROR_USAGE, "%s is no metric of this target", names->items[i]));
        spec_use_done(&use);
        if (!ok)
            return false;
    }
    return true;
}

static bool compute_also(const MetricInput *in, const TextList *names, Value *map, Error *e)
{
    for (size_t i = 0; names && i < names->count; i++) {
        SpecUse use;
        double figure = NAN;
        if (!metric_use_of_name(&use, names->items[i], e))
            return false;
        bool ok = metric_compute(&use, in, &figure, e);
        spec_use_done(&use);
        if (!ok)
            return false;
        value_set(map, names->items[i], value_real(figure));
    }
    return true;
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

/* Errors of a net that gives its input again are no probabilities: what measures those is not said; and where all rows are normal, as
 * those that it learns from, there is nothing to tell. */
static void by_errors(const TargetInfo *target, const Dataset *data, const float *outputs, Value *map)
{
    size_t positives = 0;
    for (size_t i = 0; i < data->rows; i++)
        positives += data->labels[i] == target->positive;
    for (size_t i = 0; i < metric_count(); i++)
        if (!positives || metric_at(i)->of_probabilities)
            value_remove(map, metric_at(i)->spec.name);
    value_set(map, METRIC_LOSS, value_real(reconstruction_loss(target, data, outputs)));
}

static Value *compute_asked(const MetricInput *in, const TextList *also, Error *e)
{
    Value *map = metrics_compute(in, e);
    if (!map || compute_also(in, also, map, e))
        return map;
    value_free(map);
    return NULL;
}

static Value *metrics_of_classes(const TargetInfo *target, const Dataset *data, const float *outputs, double threshold, Error *e)
{
    MetricInput in = {.rows = data->rows,
                      .classes = target_classes(target),
                      .positive = target->positive,
                      .threshold = threshold,
                      .costs = target->costs,
                      .labels = data->labels,
                      .probabilities = outputs,
                      .class_weights = target->class_weights};
    int32_t *decided = decide_all(&in);
    in.decided = decided;
    Value *map = compute_asked(&in, target->also, e);
    mem_free(decided);
    if (map && target->inputs)
        by_errors(target, data, outputs, map);
    return map;
}

Value *metrics_of_output(const TargetInfo *target, size_t output, const Dataset *data, const float *outputs, Error *e)
{
    const TargetOutput *o = &target->outputs[output];
    double *values = target_actual(target, output, data->values, data->rows);
    double *predicted = target_predicted(target, output, outputs, data->rows);
    MetricInput in = {.rows = data->rows, .positive = -1, .values = values, .predicted = predicted, .scale = o->sd, .naive = o->naive};
    Value *map = compute_asked(&in, target->also, e);
    mem_free(values);
    mem_free(predicted);
    return map;
}

/* The mean over numbers, each in its own unit; of quantiles the middle one stands for its number. */
Value *metrics_of(const TargetInfo *target, const Dataset *data, const float *outputs, double threshold, Error *e)
{
    if (target->is_classes)
        return metrics_of_classes(target, data, outputs, threshold, e);
    Value *mean = NULL;
    for (size_t k = 0; k < target->outputs_count; k++) {
        Value *one = target_is_point(target, k) ? metrics_of_output(target, k, data, outputs, e) : NULL;
        if (!one && target_is_point(target, k)) {
            value_free(mean);
            return NULL;
        }
        for (size_t i = 0; mean && one && i < mean->size; i++)
            mean->items[i]->real += one->items[i]->real;
        if (mean)
            value_free(one);
        else
            mean = one;
    }
    for (size_t i = 0; mean && i < mean->size; i++)
        mean->items[i]->real /= (double)target_numbers(target);
    return mean;
}
