/* Pinball loss: what a quantile makes small. A value above the prediction costs q, one below 1 - q. */
#include <math.h>

#include "net/metrics/metric.h"

typedef struct Pinball {
    double q;
} Pinball;

static const Field params[] = {{REAL_FIELD(Pinball, q), .doc = "the quantile that is predicted", .def = "0.5", .min = 0.001, .max = 0.999},
                               {0}};

static double of_row(const MetricInput *in, size_t i)
{
    double above = in->values[i] - in->predicted[i], q = ((const Pinball *)in->params)->q;
    return above > 0 ? q * above : (q - 1) * above;
}

static double compute(const MetricInput *in)
{
    double sum = 0;
    for (size_t i = 0; i < in->rows; i++)
        sum += of_row(in, i);
    return in->rows ? sum / (double)in->rows : (double)NAN;
}

static size_t by_row(const MetricInput *in, double *shares)
{
    for (size_t i = 0; i < in->rows; i++)
        shares[i] = of_row(in, i);
    return in->rows;
}

const Metric pinball_metric = {
    .spec = {.name = "pinball",
             .doc = "loss of a predicted quantile, in the target's unit",
             .group = "values",
             .params = params,
             .params_size = sizeof(Pinball)},
    .title = "pinball",
    .for_values = true,
    .is_minor = true,
    .decimals = 4,
    .low = 0,
    .high = (double)INFINITY,
    .compute = compute,
    .by_row = by_row,
};
