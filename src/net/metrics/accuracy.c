/* Accuracy: the share of rows that are given their own class. */
#include <math.h>

#include "net/metrics/metric.h"

static double compute(const MetricInput *in)
{
    size_t hits = 0;
    for (size_t i = 0; i < in->rows; i++)
        hits += metric_decide(in, i) == in->labels[i];
    return in->rows ? (double)hits / (double)in->rows : NAN;
}

static size_t by_row(const MetricInput *in, double *shares)
{
    for (size_t i = 0; i < in->rows; i++)
        shares[i] = metric_decide(in, i) == in->labels[i];
    return in->rows;
}

const Metric accuracy_metric = {
    .spec = {.name = "accuracy", .doc = "share of rows given their own class", .group = "classes"},
    .title = "accuracy",
    .for_classes = true,
    .is_better_high = true,
    .is_running = true,
    .leads_many = true,
    .decimals = 4,
    .low = 0,
    .high = 1,
    .compute = compute,
    .by_row = by_row,
};
