/* The F measure of classes, for the metrics that are one: (1 + b^2) TP / ((1 + b^2) TP + b^2 FN + FP), and how classes are averaged. */
#ifndef NET_METRICS_F_MEASURE_H
#define NET_METRICS_F_MEASURE_H

#include "net/metrics/metric.h"

typedef enum FAverage {
    F_POSITIVE, /* two classes: the positive one alone; more: plain mean over those that occur in truth or decision */
    F_MACRO,    /* plain mean over those that occur in truth or decision */
    F_WEIGHTED  /* each by how often it occurs in truth */
} FAverage;

double f_measure(const MetricInput *in, double beta, FAverage average); /* 0 where nothing is found; NAN without rows */
size_t f_measure_by_row(const MetricInput *in, double beta, FAverage average, double *shares);

#endif
