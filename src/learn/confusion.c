/* How often each class was taken for which. */
#include "learn/learn.h"

Value *confusion_of(const TargetInfo *target, const Dataset *data, const float *probabilities, double threshold)
{
    size_t classes = target->classes.count;
    int64_t *counts = mem_alloc((classes * classes + 1) * sizeof *counts);
    MetricInput in = {.rows = data->rows,
                      .classes = classes,
                      .positive = target->positive,
                      .threshold = threshold,
                      .labels = data->labels,
                      .probabilities = probabilities};
    for (size_t i = 0; i < data->rows; i++)
        counts[(size_t)data->labels[i] * classes + (size_t)metric_decide(&in, i)]++;
    Value *map = value_map();
    for (size_t truth = 0; truth < classes; truth++) {
        Value *row = value_map();
        for (size_t taken = 0; taken < classes; taken++)
            value_set(row, target->classes.items[taken], value_int(counts[truth * classes + taken]));
        value_set(map, target->classes.items[truth], row);
    }
    mem_free(counts);
    return map;
}
