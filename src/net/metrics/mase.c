/* Mean absolute error in units of that of the last value as a forecast, one step ahead over the training rows (Hyndman and Koehler 2006).
 * Undefined where rows have no order. */
#include <math.h>

#include "net/metrics/metric.h"

static double compute(const MetricInput *in)
{
    double sum = 0;
    for (size_t i = 0; i < in->rows; i++)
        sum += fabs(in->predicted[i] - in->values[i]);
    return in->rows && in->naive > 0 ? sum / (double)in->rows / in->naive : NAN;
}

static size_t by_row(const MetricInput *in, double *shares)
{
    for (size_t i = 0; i < in->rows && in->naive > 0; i++)
        shares[i] = fabs(in->predicted[i] - in->values[i]) / in->naive;
    return in->naive > 0 ? in->rows : 0;
}

const Metric mase_metric = {
    .spec = {.name = "mase", .doc = "mean absolute error against the last value as forecast; below 1: better", .group = "values"},
    .title = "MASE",
    .for_values = true,
    .is_by_output = true,
    .is_minor = true,
    .decimals = 3,
    .low = 0,
    .high = (double)INFINITY,
    .compute = compute,
    .by_row = by_row,
};
