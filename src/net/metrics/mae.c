/* Mean absolute error, in the unit of the target. */
#include <math.h>

#include "net/metrics/metric.h"

static double compute(const MetricInput *in)
{
    double sum = 0;
    for (size_t i = 0; i < in->rows; i++)
        sum += fabs(in->predicted[i] - in->values[i]);
    return in->rows ? sum / (double)in->rows : NAN;
}

const Metric mae_metric = {
    .spec = {.name = "mae", .doc = "mean absolute error, in the target's unit", .group = "values"},
    .for_values = true,
    .compute = compute,
};
