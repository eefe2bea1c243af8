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

static size_t by_row(const MetricInput *in, double *shares)
{
    for (size_t i = 0; i < in->rows; i++)
        shares[i] = fabs(in->predicted[i] - in->values[i]);
    return in->rows;
}

const Metric mae_metric = {
    .spec = {.name = "mae", .doc = "mean absolute error, in the target's unit", .group = "values"},
    .title = "MAE",
    .for_values = true,
    .is_by_output = true,
    .decimals = 4,
    .low = 0,
    .high = (double)INFINITY,
    .compute = compute,
    .by_row = by_row,
};
