/* Metrics: one figure of how well outputs fit a part. Classes come as probabilities, regression as values in the unit of the
 * target. A metric that is not defined for a part (one class only, no rows) is NAN. */
#ifndef NET_METRICS_METRIC_H
#define NET_METRICS_METRIC_H

#include "spec/registry.h"

typedef struct MetricInput {
    size_t rows, classes;        /* classes 0: regression */
    int positive;                /* index; -1: none */
    double threshold;            /* of the positive class */
    const int32_t *labels;       /* classes */
    const double *class_weights; /* of the loss; NULL: all 1 */
    const float *probabilities;  /* rows * classes */
    const double *values, *predicted; /* regression */
    double scale;                /* regression: the loss is measured in units of this */
} MetricInput;

typedef struct Metric {
    Spec spec;
    bool for_classes, for_values;
    bool is_better_high;
    double (*compute)(const MetricInput *in);
} Metric;

const Family *metric_family(void);
const Metric *metric_find(const char *name); /* NULL when unknown */
bool metric_fits(const Metric *m, size_t classes);
/* The class that a row is given: the positive one from the threshold on, else the most probable one. */
int metric_decide(const MetricInput *in, size_t row);
/* Sum over rows of w[label] * -log p of the label, over the number of rows; class_weights NULL: all 1. */
double metric_log_loss(const MetricInput *in, const double *class_weights);
/* AUC of scores (higher: more positive) by ranks, ties shared; NAN without both kinds. weights may be NULL (all 1), whole counts. */
double metric_auc(const double *scores, const uint8_t *positive, const uint32_t *weights, size_t rows);

#endif
