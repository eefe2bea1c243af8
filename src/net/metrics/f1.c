/* F1 of the positive class; with more than two classes the plain mean over classes. No true and no found rows: 0. */
#include <math.h>

#include "net/metrics/metric.h"

static double f1_of(const MetricInput *in, int class)
{
    size_t both = 0, found = 0, real = 0;
    for (size_t i = 0; i < in->rows; i++) {
        bool is_found = metric_decide(in, i) == class, is_real = in->labels[i] == class;
        both += is_found && is_real;
        found += is_found;
        real += is_real;
    }
    return found + real ? 2 * (double)both / (double)(found + real) : 0;
}

static double compute(const MetricInput *in)
{
    if (!in->rows)
        return NAN;
    if (in->classes == 2)
        return f1_of(in, in->positive >= 0 ? in->positive : 1);
    double sum = 0;
    for (size_t c = 0; c < in->classes; c++)
        sum += f1_of(in, (int)c);
    return sum / (double)in->classes;
}

const Metric f1_metric = {
    .spec = {.name = "f1", .doc = "balance of precision and recall", .group = "classes"},
    .for_classes = true,
    .is_better_high = true,
    .compute = compute,
};
