/* F1 of the positive class (0 when it neither occurs nor is decided); with more than two classes the plain mean over those that occur
 * in truth or decision, as f1_score of scikit-learn with average="macro". */
#include "net/metrics/f_measure.h"

static double compute(const MetricInput *in)
{
    return f_measure(in, 1, F_POSITIVE);
}

static size_t by_row(const MetricInput *in, double *shares)
{
    return f_measure_by_row(in, 1, F_POSITIVE, shares);
}

const Metric f1_metric = {
    .spec = {.name = "f1", .doc = "balance of precision and recall", .group = "classes"},
    .title = "F1",
    .for_classes = true,
    .is_better_high = true,
    .decimals = 4,
    .low = 0,
    .high = 1,
    .compute = compute,
    .by_row = by_row,
};
