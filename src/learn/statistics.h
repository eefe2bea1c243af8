/* Intervals of paired differences over rows and seeds, Student's t, McNemar's exact test. */
#ifndef LEARN_STATISTICS_H
#define LEARN_STATISTICS_H

#include "base/error.h"

#include <stddef.h>
#include <stdint.h>

typedef struct Interval {
    double mean, sd, low, high; /* 95 %; sd over seeds; low and high NAN when nothing can be said */
} Interval;

double student_t(double freedom);                     /* two-sided 95 %; freedom may be a fraction, at least 1 */
double mcnemar_p(size_t only_a, size_t only_b);       /* exact, two-sided */
double sample_sd(const double *values, size_t count); /* NAN with less than two */

/* The expected difference of two ways to learn, from a difference by fold: Student's t, its variance corrected for folds that learn from
 * rows in common (Nadeau and Bengio 2003, "Inference for the generalization error"). ratio: rows of a held-out part to those it is learned
 * from. NAN ends with less than two folds. */
double folds_ratio(size_t folds, bool is_forward); /* forward in time each fold learns from one block more than the one before */
void folds_interval(const double *differences, size_t folds, double ratio, Interval *out);

/* The differences of one metric, by row and seed. */
typedef struct PairedFigures {
    size_t rows, seeds;
    const double *shares; /* [row * seeds + seed]: their mean over rows is the seed's difference (Metric.by_row of both sides) */
    size_t independent;   /* rows that vary independently; fewer than rows where the rarer kind of rows decides */
    double widest;        /* largest difference there can be; INFINITY: unbounded */
} PairedFigures;
/* The expected difference over new rows and, with two seeds or more, over new seeds: a crossed random effects model (rows by seeds),
 * its variance from the mean squares, its degrees of freedom by Satterthwaite (1946). One seed: over new rows, of these very models. */
bool paired_interval(const PairedFigures *in, Interval *out, Error *e);

#endif
