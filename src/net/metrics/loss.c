/* The loss of a part, as training minimizes it: cross-entropy for classes, each row with the weight of its class, over the number of
 * rows; mean squared error of the standardized target for values. log_loss is the same without weights. */
#include <math.h>

#include "net/metrics/metric.h"

static double of_row(const MetricInput *in, size_t i)
{
    double d = (in->predicted[i] - in->values[i]) / (in->scale > 0 ? in->scale : 1);
    return d * d;
}

static double of_values(const MetricInput *in)
{
    double sum = 0;
    for (size_t i = 0; i < in->rows; i++)
        sum += of_row(in, i);
    return in->rows ? sum / (double)in->rows : NAN;
}

static double compute(const MetricInput *in)
{
    return in->classes ? metric_log_loss(in, in->class_weights) : of_values(in);
}

static size_t by_row(const MetricInput *in, double *shares)
{
    size_t independent = in->classes ? metric_find("log_loss")->by_row(in, shares) : in->rows;
    for (size_t i = 0; i < in->rows; i++)
        if (!in->classes)
            shares[i] = of_row(in, i);
        else if (in->class_weights)
            shares[i] *= in->class_weights[in->labels[i]];
    return independent;
}

const Metric loss_metric = {
    .spec = {.name = "loss", .doc = "cross-entropy, or squared error of values", .group = "both"},
    .title = "loss",
    .for_classes = true,
    .for_values = true,
    .is_minor = true,
    .is_running = true,
    .decimals = 4,
    .low = 0,
    .high = (double)INFINITY,
    .compute = compute,
    .by_row = by_row,
};
