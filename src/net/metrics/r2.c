/* R squared: the share of the target's variance that is explained; below 0 when the mean would have done better. */
#include <math.h>

#include "net/metrics/metric.h"

static double compute(const MetricInput *in)
{
    double mean = 0, error = 0, spread = 0;
    for (size_t i = 0; i < in->rows; i++)
        mean += in->values[i] / (double)in->rows;
    for (size_t i = 0; i < in->rows; i++) {
        error += (in->predicted[i] - in->values[i]) * (in->predicted[i] - in->values[i]);
        spread += (in->values[i] - mean) * (in->values[i] - mean);
    }
    return spread > 0 ? 1 - error / spread : NAN;
}

const Metric r2_metric = {
    .spec = {.name = "r2", .doc = "share of the target's variance explained", .group = "values"},
    .for_values = true,
    .is_better_high = true,
    .compute = compute,
};
