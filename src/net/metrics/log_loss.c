/* Log loss: the mean of -log p of the true class, p kept at or above 1e-15. */
#include <math.h>

#include "net/metrics/metric.h"

static double of_row(const MetricInput *in, size_t i)
{
    double p = (double)in->probabilities[i * in->classes + (size_t)in->labels[i]];
    return -log(p < 1e-15 ? 1e-15 : p);
}

double metric_log_loss(const MetricInput *in, const double *class_weights)
{
    double sum = 0;
    for (size_t i = 0; i < in->rows; i++)
        sum += (class_weights ? class_weights[in->labels[i]] : 1) * of_row(in, i);
    return in->rows ? sum / (double)in->rows : NAN;
}

static double compute(const MetricInput *in)
{
    return metric_log_loss(in, NULL);
}

static size_t by_row(const MetricInput *in, double *shares)
{
    for (size_t i = 0; i < in->rows; i++)
        shares[i] = of_row(in, i);
    return in->rows;
}

const Metric log_loss_metric = {
    .spec = {.name = "log_loss", .doc = "mean of -log p of the true class", .group = "classes"},
    .title = "log loss",
    .for_classes = true,
    .of_probabilities = true,
    .decimals = 4,
    .low = 0,
    .high = (double)INFINITY,
    .compute = compute,
    .by_row = by_row,
};
