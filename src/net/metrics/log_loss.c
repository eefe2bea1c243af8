/* Log loss: the mean of -log p of the true class, p kept at or above 1e-15. */
#include <math.h>

#include "net/metrics/metric.h"

static double compute(const MetricInput *in)
{
    double sum = 0;
    for (size_t i = 0; i < in->rows; i++) {
        double p = (double)in->probabilities[i * in->classes + (size_t)in->labels[i]];
        sum -= log(p < 1e-15 ? 1e-15 : p);
    }
    return in->rows ? sum / (double)in->rows : NAN;
}

const Metric log_loss_metric = {
    .spec = {.name = "log_loss", .doc = "mean of -log p of the true class", .group = "classes"},
    .for_classes = true,
    .compute = compute,
};
