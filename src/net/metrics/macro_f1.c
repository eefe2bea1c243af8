/* F1 as the plain mean over classes, of two classes too. */
#include "net/metrics/f_measure.h"

static double compute(const MetricInput *in)
{
    return f_measure(in, 1, F_MACRO);
}

static size_t by_row(const MetricInput *in, double *shares)
{
    return f_measure_by_row(in, 1, F_MACRO, shares);
}

const Metric macro_f1_metric = {
    .spec = {.name = "macro_f1", .doc = "balance of precision and recall, mean over classes", .group = "classes"},
    .title = "macro F1",
    .for_classes = true,
    .is_better_high = true,
    .is_minor = true,
    .decimals = 4,
    .low = 0,
    .high = 1,
    .compute = compute,
    .by_row = by_row,
};
