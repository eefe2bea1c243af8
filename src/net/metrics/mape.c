/* Mean absolute error as a share of the value, in percent. Undefined where a value is 0. */
#include <math.h>

#include "net/metrics/metric.h"

static size_t by_row(const MetricInput *in, double *shares)
{
    for (size_t i = 0; i < in->rows; i++) {
        if (in->values[i] == 0)
            return 0;
        shares[i] = 100 * fabs((in->predicted[i] - in->values[i]) / in->values[i]);
    }
    return in->rows;
}

static double compute(const MetricInput *in)
{
    double sum = 0;
    for (size_t i = 0; i < in->rows; i++) {
        if (in->values[i] == 0)
            return NAN;
        sum += fabs((in->predicted[i] - in->values[i]) / in->values[i]);
    }
    return in->rows ? 100 * sum / (double)in->rows : NAN;
}

const Metric mape_metric = {
    .spec = {.name = "mape", .doc = "mean absolute error in percent of the value; no value may be 0", .group = "values"},
    .title = "MAPE",
    .for_values = true,
    .is_by_output = true,
    .is_minor = true,
    .decimals = 2,
    .low = 0,
    .high = (double)INFINITY,
    .compute = compute,
    .by_row = by_row,
};
