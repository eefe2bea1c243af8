/* Root mean squared error, in the unit of the target. */
#include <math.h>

#include "net/metrics/metric.h"

static double compute(const MetricInput *in)
{
    double sum = 0;
    for (size_t i = 0; i < in->rows; i++)
        sum += (in->predicted[i] - in->values[i]) * (in->predicted[i] - in->values[i]);
    return in->rows ? sqrt(sum / (double)in->rows) : NAN;
}

const Metric rmse_metric = {
    .spec = {.name = "rmse", .doc = "root mean squared error, in the target's unit", .group = "values"},
    .for_values = true,
    .compute = compute,
};
