/* Brier score: mean squared distance of probabilities from what happened. Two classes: of the positive one; more: summed over
 * the classes (Brier 1950). */
#include <math.h>

#include "net/metrics/metric.h"

static double compute(const MetricInput *in)
{
    double sum = 0;
    for (size_t i = 0; i < in->rows; i++)
        for (size_t c = 0; c < in->classes; c++) {
            double d = (double)in->probabilities[i * in->classes + c] - (in->labels[i] == (int32_t)c);
            sum += d * d;
        }
    if (in->classes == 2)
        sum /= 2;
    return in->rows ? sum / (double)in->rows : NAN;
}

const Metric brier_metric = {
    .spec = {.name = "brier", .doc = "mean squared error of the probabilities", .group = "classes"},
    .for_classes = true,
    .compute = compute,
};
