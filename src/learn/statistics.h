/* Intervals: Student t over seeds, paired bootstrap over rows, McNemar's exact test. */
#ifndef LEARN_STATISTICS_H
#define LEARN_STATISTICS_H

#include "base/error.h"

#include <stddef.h>
#include <stdint.h>

typedef struct Interval {
    double mean, sd, low, high; /* 95 %; low and high NAN with less than two values */
} Interval;

double student_t(size_t freedom); /* two-sided 95 % */
Interval interval_of(const double *values, size_t count);
double mcnemar_p(size_t only_a, size_t only_b); /* exact, two-sided */
/* Difference of AUC (mean over the second models minus the first one), 2,000 resamples of rows drawn alike for all models. */
typedef struct AucSample {
    const uint8_t *positive;
    size_t rows;
    const double *const *scores; /* of each model; the first is the one to beat */
    size_t models;
    uint64_t seed;
} AucSample;
bool bootstrap_auc(const AucSample *in, Interval *out, Error *e);
/* The same of the mean of a figure per row. */
bool bootstrap_mean(const double *values, size_t rows, uint64_t seed, Interval *out, Error *e);

#endif
