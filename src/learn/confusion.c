/* How often each class was taken for which. */
#include "learn/learn.h"

int64_t *confusion_counts(const MetricInput *in)
{
    size_t classes = in->classes;
    int64_t *counts = mem_alloc((classes * classes + 1) * sizeof *counts);
    for (size_t i = 0; i < in->rows; i++)
        counts[(size_t)in->labels[i] * classes + (size_t)metric_decide(in, i)]++;
    return counts;
}

Value *confusion_value(const TargetInfo *target, const int64_t *counts)
{
    size_t classes = target->classes.count;
    Value *map = value_map();
    for (size_t truth = 0; truth < classes; truth++) {
        Value *row = value_map();
        for (size_t taken = 0; taken < classes; taken++)
            value_set(row, target->classes.items[taken], value_int(counts[truth * classes + taken]));
        value_set(map, target->classes.items[truth], row);
    }
    return map;
}

Value *confusion_of(const TargetInfo *target, const Dataset *data, const float *probabilities, double threshold)
{
    MetricInput in = {.rows = data->rows,
                      .classes = target->classes.count,
                      .positive = target->positive,
                      .threshold = threshold,
                      .costs = target->costs,
                      .labels = data->labels,
                      .probabilities = probabilities};
    int64_t *counts = confusion_counts(&in);
    Value *map = confusion_value(target, counts);
    mem_free(counts);
    return map;
}
