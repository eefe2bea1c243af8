/* The loss of a part: cross-entropy for classes, mean squared error of the standardized target for values. Never weighted, so
 * that runs with other class weights stay comparable. */
#include <math.h>

#include "net/metrics/metric.h"

static double of_values(const MetricInput *in)
{
    double sum = 0, scale = in->scale > 0 ? in->scale : 1;
    for (size_t i = 0; i < in->rows; i++) {
        double d = (in->predicted[i] - in->values[i]) / scale;
        sum += d * d;
    }
    return in->rows ? sum / (double)in->rows : NAN;
}

static double compute(const MetricInput *in)
{
    return in->classes ? metric_find("log_loss")->compute(in) : of_values(in);
}

const Metric loss_metric = {
    .spec = {.name = "loss", .doc = "cross-entropy, or squared error of values", .group = "both"},
    .for_classes = true,
    .for_values = true,
    .compute = compute,
};
