/* Balanced accuracy: the mean over the classes that occur of the share of their rows that is given to them. */
#include <math.h>

#include "net/metrics/metric.h"

typedef struct Recall { /* of one class */
    size_t hits, rows;
} Recall;

static Recall recall_of(const MetricInput *in, int class)
{
    Recall r = {0};
    for (size_t i = 0; i < in->rows; i++) {
        r.rows += in->labels[i] == class;
        r.hits += in->labels[i] == class && metric_decide(in, i) == class;
    }
    return r;
}

static double mean_recall(const MetricInput *in, double *classes)
{
    double sum = 0;
    *classes = 0;
    for (int c = 0; c < (int)in->classes; c++) {
        Recall r = recall_of(in, c);
        sum += r.rows ? (double)r.hits / (double)r.rows : 0;
        *classes += r.rows > 0;
    }
    return *classes > 0 ? sum / *classes : (double)NAN;
}

static double compute(const MetricInput *in)
{
    double classes;
    return mean_recall(in, &classes);
}

/* A quotient of means q = a / b moves by (da - q db) / b; a row moves that of its own class. */
static size_t by_row(const MetricInput *in, double *shares)
{
    double classes, mean = mean_recall(in, &classes);
    for (int c = 0; c < (int)in->classes; c++) {
        Recall r = recall_of(in, c);
        for (size_t i = 0; i < in->rows; i++)
            if (in->labels[i] == c)
                shares[i] =
                    mean + ((metric_decide(in, i) == c) - (double)r.hits / (double)r.rows) * (double)in->rows / ((double)r.rows * classes);
    }
    return in->rows;
}

const Metric balanced_accuracy_metric = {
    .spec = {.name = "balanced_accuracy", .doc = "mean over classes of the share of their rows found", .group = "classes"},
    .title = "balanced accuracy",
    .for_classes = true,
    .is_better_high = true,
    .is_minor = true,
    .decimals = 4,
    .low = 0,
    .high = 1,
    .compute = compute,
    .by_row = by_row,
};
