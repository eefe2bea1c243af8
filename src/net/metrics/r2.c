/* R squared: the share of the target's variance that is explained; below 0 when the mean would have done better. A
 * target that is the same everywhere has none. */
#include <math.h>

#include "base/moments.h"
#include "net/metrics/metric.h"

/* Sum of squared deviations from the mean. */
static double spread_of(const MetricInput *in)
{
    Moments m = moments_of(in->values, in->rows);
    return m.count ? m.sd * m.sd * (double)m.count : 0;
}

static double compute(const MetricInput *in)
{
    double error = 0, spread = spread_of(in);
    bool varies = false;
    for (size_t i = 1; i < in->rows; i++)
        varies = varies || in->values[i] < in->values[0] || in->values[i] > in->values[0];
    for (size_t i = 0; i < in->rows; i++)
        error += (in->predicted[i] - in->values[i]) * (in->predicted[i] - in->values[i]);
    return varies && spread > 0 ? 1 - error / spread : NAN;
}

/* A quotient of means q = a / b moves by (da - q db) / b. */
static size_t by_row(const MetricInput *in, double *shares)
{
    double r2 = compute(in), mean = moments_of(in->values, in->rows).mean, spread = spread_of(in) / (double)in->rows;
    if (isnan(r2))
        return 0;
    for (size_t i = 0; i < in->rows; i++) {
        double error = (in->predicted[i] - in->values[i]) * (in->predicted[i] - in->values[i]);
        double from_mean = (in->values[i] - mean) * (in->values[i] - mean);
        shares[i] = r2 - (error - (1 - r2) * from_mean) / spread;
    }
    return in->rows;
}

const Metric r2_metric = {
    .spec = {.name = "r2", .doc = "share of the target's variance explained", .group = "values"},
    .title = "R squared",
    .for_values = true,
    .is_better_high = true,
    .decimals = 4,
    .low = -(double)INFINITY,
    .high = 1,
    .compute = compute,
    .by_row = by_row,
};
