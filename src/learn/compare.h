/* What a comparison is made of, between its files. */
#ifndef LEARN_COMPARE_H
#define LEARN_COMPARE_H

#include "learn/learn.h"
#include "learn/statistics.h"

/* One model on the part: finished outputs by row of the part, and its figures. */
typedef struct Judged {
    float *outputs; /* rows * outputs; NAN for rows its steps drop */
    double threshold;
    const double *costs; /* borrowed, as in MetricInput */
    Value *figures;
} Judged;

typedef struct Judging {
    Job *job;
    const Table *rows; /* the raw part */
    size_t outputs;
    const float *teacher; /* its outputs; NULL: none */
    Dataset truth;        /* labels or values of rows */
    uint64_t *units;      /* of each row; NULL: the row is the unit */
} Judging;

/* Students of several seeds against their controls, or all against one model. */
typedef struct Pairing {
    const Judging *j;
    const TargetInfo *target;
    const Judged *students, *against;
    size_t seeds;
    bool is_single; /* against is one model */
} Pairing;
bool pairing_knows(const Pairing *p, size_t row); /* no model has dropped it */
/* Shares by row become shares by unit; units: one id for each row of figures. Replaces figures->shares, which it frees. */
bool figures_by_unit(const uint64_t *units, PairedFigures *figures, Error *e);
/* Over units and seeds; low and high NAN for a metric without intervals or where it is undefined. */
bool pairing_interval(const Pairing *p, const Metric *m, Interval *out, Error *e);

/* Figures of a comparison that are no metrics of one model: they need a teacher, or cost something. */
typedef struct CompareFigure {
    const char *name, *title;
    bool is_better_high, is_cost;
    const char *ratio; /* of a cost: "smaller" */
} CompareFigure;
const CompareFigure *compare_figure(const char *name); /* NULL: no such one */

/* What the 95 % interval of a difference says, by the direction of the metric: "better", "as good" (its worst end is within the margin),
 * "worse" or "unknown". */
const char *compare_conclusion(const Metric *m, double low, double high, double margin);

bool judge_model(const Judging *j, const Bundle *b, Judged *out, Error *e);
void judged_done(Judged *j);
void judge_latency(const Bundle *b, const Dataset *rows, Value *figures); /* p50, p99 in seconds, rows_per_second */

#endif
