/* F1 as the mean over classes, each by its rows. */
#include "net/metrics/f_measure.h"

static double compute(const MetricInput *in)
{
    return f_measure(in, 1, F_WEIGHTED);
}

static size_t by_row(const MetricInput *in, double *shares)
{
    return f_measure_by_row(in, 1, F_WEIGHTED, shares);
}

const Metric weighted_f1_metric = {
    .spec = {.name = "weighted_f1", .doc = "balance of precision and recall, classes by their rows", .group = "classes"},
    .title = "weighted F1",
    .for_classes = true,
    .is_better_high = true,
    .is_minor = true,
    .decimals = 4,
    .low = 0,
    .high = 1,
    .compute = compute,
    .by_row = by_row,
};
