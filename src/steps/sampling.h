/* What the steps that add or leave out training rows share: the classes, the nearest rows, and a table with new rows at its end. */
#ifndef STEPS_SAMPLING_H
#define STEPS_SAMPLING_H

#include "steps/tools.h"
#include "table/group.h"

typedef struct Sampling {
    Job *job;
    const StepInput *in;
    const char *target; /* NULL: no classes are asked for */
    Groups classes;     /* by the target */
    RowOrder order;     /* rows of each class */
    size_t largest, smallest;
} Sampling;

/* target: the step's own parameter; empty: the pipeline's target. A target that is no class is refused. sampling_done in any case. */
bool sampling_begin(Job *job, const StepInput *in, const char *target, Sampling *r, Error *e);
void sampling_done(Sampling *r);
/* Rows that the class lacks until it has `ratio` times as many as the largest. */
size_t sampling_lacks(const Sampling *r, size_t class, double ratio);
/* The rows of a class, in the order of the table. */
const uint32_t *sampling_rows(const Sampling *r, size_t class, size_t *count);

/* The k nearest of `among` for each of `rows`, the nearest first and never itself. Numbers count in standard deviations over what both
 * rows have; a differing level counts as much as the median column spreads. NO_ROW fills what is beyond. */
#define SAMPLING_NO_ROW UINT32_MAX
typedef struct Neighbors {
    size_t k;
    uint32_t *rows; /* count * k */
} Neighbors;
typedef struct NearTask {
    const uint32_t *rows, *among;
    size_t count, among_count, k;
} NearTask;
bool sampling_near(const Sampling *r, const NearTask *task, Neighbors *out, Error *e);
void neighbors_done(Neighbors *n);

/* A new row between two: numbers are base + part * (other - base), whole ones rounded; levels are the most frequent among `near`, or
 * the base's when near is NULL. A number that one of both lacks is the base's. Roles but the target are the base's. */
typedef struct NewRow {
    uint32_t base, other;
    double part;
    const uint32_t *near;
    size_t near_count;
} NewRow;
/* The rows as they were, then the new ones with the row ids of their bases. */
bool sampling_add(const Sampling *r, const NewRow *rows, size_t count, Table **out, Error *e);

/* The rows as they were, then all of them again, `copies` times, to be changed. */
bool sampling_copies(const Sampling *r, int64_t copies, Table **out, Error *e);

/* Of a step that samples: rows that are judged or predicted stay as they are. */
bool sampling_apply(Job *job, const StepInput *in, const void *state, Table **out, Error *e);

#endif
