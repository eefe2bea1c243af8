/* Log loss: the mean of -log p of the true class, p kept at or above 1e-15. */
#include <math.h>

#include "net/metrics/metric.h"

double metric_log_loss(const MetricInput *in, const double *class_weights)
{
    double sum = 0;
    for (size_t i = 0; i < in->rows; i++) {
        size_t label = (size_t)in->labels[i];
        double p = (double)in->probabilities[i * in->classes + label];
        sum -= (class_weights ? class_weights[label] : 1) * log(p < 1e-15 ? 1e-15 : p);
    }
    return in->rows ? sum / (double)in->rows : NAN;
}

static double compute(const MetricInput *in)
{
    return metric_log_loss(in, NULL);
}

const Metric log_loss_metric = {
    .spec = {.name = "log_loss", .doc = "mean of -log p of the true class", .group = "classes"},
    .for_classes = true,
    .compute = compute,
};
