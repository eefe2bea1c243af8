/* Expected calibration error: how far the confidence of the decided class is from how often it is right, over 15 bins of equal
 * width (Guo et al. 2017). A bin holds (low, high]. */
#include <math.h>

#include "net/metrics/metric.h"

enum { BINS = 15 };

static int bin_of(double confidence)
{
    int bin = (int)ceil(confidence * BINS) - 1;
    return bin < 0 ? 0 : bin >= BINS ? BINS - 1 : bin;
}

static double compute(const MetricInput *in)
{
    double confidence[BINS] = {0}, gap = 0;
    size_t hits[BINS] = {0};
    for (size_t i = 0; i < in->rows; i++) {
        const float *p = in->probabilities + i * in->classes;
        size_t top = 0;
        for (size_t c = 1; c < in->classes; c++)
            if (p[c] > p[top])
                top = c;
        int bin = bin_of((double)p[top]);
        confidence[bin] += (double)p[top];
        hits[bin] += in->labels[i] == (int32_t)top;
    }
    for (int b = 0; b < BINS; b++)
        gap += fabs(confidence[b] - (double)hits[b]);
    return in->rows ? gap / (double)in->rows : NAN;
}

const Metric ece_metric = {
    .spec = {.name = "ece", .doc = "gap between confidence and being right, 15 bins", .group = "classes"},
    .title = "ECE",
    .for_classes = true,
    .of_probabilities = true,
    .decimals = 4,
    .low = 0,
    .high = 1,
    .compute = compute,
};
