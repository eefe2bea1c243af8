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

/* A square root of a mean m moves by 1 / (2 sqrt(m)) of it. */
static size_t by_row(const MetricInput *in, double *shares)
{
    double rmse = compute(in);
    for (size_t i = 0; i < in->rows; i++) {
        double square = (in->predicted[i] - in->values[i]) * (in->predicted[i] - in->values[i]);
        shares[i] = rmse > 0 ? rmse + (square - rmse * rmse) / (2 * rmse) : 0;
    }
    return in->rows;
}

const Metric rmse_metric = {
    .spec = {.name = "rmse", .doc = "root mean squared error, in the target's unit", .group = "values"},
    .title = "RMSE",
    .for_values = true,
    .leads_values = true,
    .decimals = 4,
    .low = 0,
    .high = (double)INFINITY,
    .compute = compute,
    .by_row = by_row,
};
