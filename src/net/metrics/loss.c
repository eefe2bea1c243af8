/* The loss of a part, as training minimizes it: cross-entropy for classes, each row with the weight of its class, over the number of
 * rows; mean squared error of the standardized target for values. log_loss is the same without weights. */
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
    return in->classes ? metric_log_loss(in, in->class_weights) : of_values(in);
}

const Metric loss_metric = {
    .spec = {.name = "loss", .doc = "cross-entropy, or squared error of values", .group = "both"},
    .for_classes = true,
    .for_values = true,
    .compute = compute,
};
