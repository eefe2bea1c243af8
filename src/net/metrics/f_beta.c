/* F with recall beta times as important as precision. */
#include "net/metrics/f_measure.h"

typedef struct FBeta {
    double beta;
} FBeta;

static const Field params[] = {
    {REAL_FIELD(FBeta, beta), .doc = "weight of recall against precision", .def = "2", .min = 0.01, .max = 100, .scale = SCALE_LOG},
    {0},
};

static double compute(const MetricInput *in)
{
    return f_measure(in, ((const FBeta *)in->params)->beta, F_POSITIVE);
}

static size_t by_row(const MetricInput *in, double *shares)
{
    return f_measure_by_row(in, ((const FBeta *)in->params)->beta, F_POSITIVE, shares);
}

const Metric f_beta_metric = {
    .spec = {.name = "f_beta",
             .doc = "balance of precision and recall, one weighs more",
             .group = "classes",
             .params = params,
             .params_size = sizeof(FBeta)},
    .title = "F beta",
    .for_classes = true,
    .is_better_high = true,
    .is_minor = true,
    .decimals = 4,
    .low = 0,
    .high = 1,
    .compute = compute,
    .by_row = by_row,
};
