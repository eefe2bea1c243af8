/* F1 of the positive class (0 when it neither occurs nor is decided); with more than two classes the plain mean over those that occur
 * in truth or decision, as f1_score of scikit-learn with average="macro". */
#include <math.h>

#include "net/metrics/metric.h"

typedef struct Counts { /* of one class */
    size_t both, found, real;
} Counts;

static Counts count_class(const MetricInput *in, int class)
{
    Counts n = {0};
    for (size_t i = 0; i < in->rows; i++) {
        bool is_found = metric_decide(in, i) == class, is_real = in->labels[i] == class;
        n.both += is_found && is_real;
        n.found += is_found;
        n.real += is_real;
    }
    return n;
}

/* The class that counts alone; -1: all of them. */
static int only_class(const MetricInput *in)
{
    return in->classes != 2 ? -1 : in->positive >= 0 ? in->positive : 1;
}

static double compute(const MetricInput *in)
{
    double sum = 0, there = 0;
    int only = only_class(in);
    for (int c = 0; c < (int)in->classes; c++) {
        Counts n = only >= 0 && c != only ? (Counts){0} : count_class(in, c);
        if (n.found + n.real == 0)
            continue;
        sum += 2 * (double)n.both / (double)(n.found + n.real);
        there++;
    }
    return !in->rows ? NAN : there > 0 ? sum / there : 0;
}

/* A quotient of means q = a / b moves by (da - q db) / b. */
static void add_class(const MetricInput *in, int class, double weight, double *shares)
{
    Counts n = count_class(in, class);
    double sum = (double)(n.found + n.real), f1 = sum > 0 ? 2 * (double)n.both / sum : 0;
    for (size_t i = 0; i < in->rows && sum > 0; i++) {
        bool is_found = metric_decide(in, i) == class, is_real = in->labels[i] == class;
        double change = 2 * (double)(is_found && is_real) - f1 * ((double)is_found + (double)is_real);
        shares[i] += weight * (f1 + change * (double)in->rows / sum);
    }
}

static size_t by_row(const MetricInput *in, double *shares)
{
    int only = only_class(in);
    double there = 0;
    for (int c = 0; c < (int)in->classes; c++) {
        Counts n = count_class(in, c);
        there += n.found + n.real > 0;
    }
    for (size_t i = 0; i < in->rows; i++)
        shares[i] = 0;
    for (int c = 0; c < (int)in->classes; c++)
        if (only < 0 || c == only)
            add_class(in, c, only < 0 ? 1 / there : 1, shares);
    return in->rows;
}

const Metric f1_metric = {
    .spec = {.name = "f1", .doc = "balance of precision and recall", .group = "classes"},
    .title = "F1",
    .for_classes = true,
    .is_better_high = true,
    .decimals = 4,
    .low = 0,
    .high = 1,
    .compute = compute,
    .by_row = by_row,
};
