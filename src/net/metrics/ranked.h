/* Rows by falling score of a class, for the metrics that look at the first ones. */
#ifndef NET_METRICS_RANKED_H
#define NET_METRICS_RANKED_H

#include "base/mem.h"
#include "net/metrics/metric.h"

typedef struct Ranked {
    float score;
    bool is_positive;
} Ranked;

/* in->rows items for the caller, mem_free; NULL: a score is not finite, or no memory. */
Ranked *ranked_by_class(const MetricInput *in, size_t class, size_t *positives);

#endif
