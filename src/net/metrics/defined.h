/* Metrics that a module in Lua defines (spec/module.h): what they compute comes from a host, the room that knows Lua. */
#ifndef NET_METRICS_DEFINED_H
#define NET_METRICS_DEFINED_H

#include "net/metrics/metric.h"

/* Of any number of classes; of two classes the positive one alone; of values. */
typedef enum MetricTakes { TAKES_CLASSES = 1, TAKES_POSITIVE = 2, TAKES_VALUES = 4 } MetricTakes;

typedef struct DefinedMetric {
    Metric metric;  /* first member: it is one */
    unsigned takes; /* MetricTakes */
} DefinedMetric;

/* compute as of a Metric; in a sandbox of its own, on any thread. Once, at start. */
void defined_metrics_open(double (*compute)(const MetricInput *in));

#endif
