/* Top-k accuracy: the share of rows whose class is among the k most probable ones. A class as probable as another stands before it if
 * it is listed later, as in top_k_accuracy_score of scikit-learn. */
#include <math.h>

#include "net/metrics/metric.h"

typedef struct TopK {
    int64_t k;
} TopK;

static const Field params[] = {{INT_FIELD(TopK, k), .doc = "classes that are looked at", .def = "2", .min = 1, .max = 1e6}, {0}};

static bool is_among(const MetricInput *in, size_t row)
{
    const float *p = in->probabilities + row * in->classes;
    size_t own = (size_t)in->labels[row], before = 0;
    for (size_t c = 0; c < in->classes; c++)
        before += p[c] > p[own] || (p[c] == p[own] && c > own);
    return (int64_t)before < ((const TopK *)in->params)->k;
}

static double compute(const MetricInput *in)
{
    size_t hits = 0;
    for (size_t i = 0; i < in->rows; i++)
        hits += is_among(in, i);
    return in->rows ? (double)hits / (double)in->rows : (double)NAN;
}

static size_t by_row(const MetricInput *in, double *shares)
{
    for (size_t i = 0; i < in->rows; i++)
        shares[i] = is_among(in, i);
    return in->rows;
}

const Metric top_k_metric = {
    .spec = {.name = "top_k",
             .doc = "share of rows whose class is among the k most probable",
             .group = "classes",
             .params = params,
             .params_size = sizeof(TopK)},
    .title = "top k",
    .for_classes = true,
    .is_better_high = true,
    .is_minor = true,
    .only_many = true,
    .decimals = 4,
    .low = 0,
    .high = 1,
    .compute = compute,
    .by_row = by_row,
};
