/* Matthews correlation of truth and decision; of many classes R_K (Gorodkin 2004). 0 where one of the two is always the same. */
#include <math.h>

#include "net/metrics/metric.h"

static double compute(const MetricInput *in)
{
    double hits = 0, rows = (double)in->rows, both = 0, real = 0, found = 0;
    for (size_t i = 0; i < in->rows; i++)
        hits += metric_decide(in, i) == in->labels[i];
    for (int c = 0; c < (int)in->classes; c++) {
        double of_truth = 0, of_decision = 0;
        for (size_t i = 0; i < in->rows; i++) {
            of_truth += in->labels[i] == c;
            of_decision += metric_decide(in, i) == c;
        }
        both += of_truth * of_decision;
        real += of_truth * of_truth;
        found += of_decision * of_decision;
    }
    double spread = sqrt((rows * rows - found) * (rows * rows - real));
    return !in->rows ? (double)NAN : spread > 0 ? (hits * rows - both) / spread : 0;
}

const Metric mcc_metric = {
    .spec = {.name = "mcc", .doc = "correlation of truth and decision", .group = "classes"},
    .title = "MCC",
    .for_classes = true,
    .is_better_high = true,
    .is_minor = true,
    .decimals = 4,
    .low = -1,
    .high = 1,
    .compute = compute,
};
