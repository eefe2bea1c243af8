/* Mean absolute error in percent of the mean of value and forecast (Makridakis 1993): 0 to 200, and defined where a value is 0. */
#include <math.h>

#include "net/metrics/metric.h"

static double share(const MetricInput *in, size_t i)
{
    double size = fabs(in->values[i]) + fabs(in->predicted[i]);
    return size > 0 ? 200 * fabs(in->predicted[i] - in->values[i]) / size : 0;
}

static double compute(const MetricInput *in)
{
    double sum = 0;
    for (size_t i = 0; i < in->rows; i++)
        sum += share(in, i);
    return in->rows ? sum / (double)in->rows : NAN;
}

static size_t by_row(const MetricInput *in, double *shares)
{
    for (size_t i = 0; i < in->rows; i++)
        shares[i] = share(in, i);
    return in->rows;
}

const Metric smape_metric = {
    .spec = {.name = "smape", .doc = "mean absolute error in percent of the mean of value and forecast", .group = "values"},
    .title = "sMAPE",
    .for_values = true,
    .is_minor = true,
    .decimals = 2,
    .low = 0,
    .high = 200,
    .compute = compute,
    .by_row = by_row,
};
