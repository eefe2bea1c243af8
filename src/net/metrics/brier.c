/* Brier score: mean squared distance of probabilities from what happened. Two classes: of the positive one; more: summed over
 * the classes (Brier 1950). */
#include <math.h>

#include "net/metrics/metric.h"

static double of_row(const MetricInput *in, size_t i)
{
    double sum = 0;
    for (size_t c = 0; c < in->classes; c++) {
        double d = (double)in->probabilities[i * in->classes + c] - (in->labels[i] == (int32_t)c);
        sum += d * d;
    }
    return in->classes == 2 ? sum / 2 : sum;
}

static double compute(const MetricInput *in)
{
    double sum = 0;
    for (size_t i = 0; i < in->rows; i++)
        sum += of_row(in, i);
    return in->rows ? sum / (double)in->rows : NAN;
}

static size_t by_row(const MetricInput *in, double *shares)
{
    for (size_t i = 0; i < in->rows; i++)
        shares[i] = of_row(in, i);
    return in->rows;
}

const Metric brier_metric = {
    .spec = {.name = "brier", .doc = "mean squared error of the probabilities", .group = "classes"},
    .title = "Brier",
    .for_classes = true,
    .of_probabilities = true,
    .is_minor = true,
    .decimals = 4,
    .low = 0,
    .high = 2,
    .compute = compute,
    .by_row = by_row,
};
