/* The split: which part each row belongs to, and the folds of cross-validation. Both ask the unit: what belongs together is never
 * parted, and with an order the past teaches and the future judges. */
#ifndef STEPS_SPLIT_H
#define STEPS_SPLIT_H

#include "spec/params.h"
#include "steps/unit.h"

typedef enum SplitBy { SPLIT_STRATIFIED, SPLIT_RANDOM, SPLIT_GROUP, SPLIT_TIME } SplitBy;
typedef enum Part { PART_TRAIN, PART_VALID, PART_TEST, PART_COUNT } Part;

/* Why a row is in no part; such a row has PART_COUNT + its reason for a part. */
typedef enum SplitLeft {
    LEFT_TARGET,    /* it has no target */
    LEFT_TIME,      /* it has no time */
    LEFT_GAP_VALID, /* its time is within the gap before the validation part, or its target reaches into it */
    LEFT_GAP_TEST,  /* and before the test part, or the block that a fold is judged on */
    LEFT_LATER,     /* folds in time: it is later than the judged block */
    LEFT_WHERE,     /* it would train or validate, and is not one of the rows to learn from */
    LEFT_COUNT
} SplitLeft;
const char *split_left_name(SplitLeft why); /* "no target", "no time", ... */

typedef struct SplitPlan {
    int by; /* SplitBy */
    double train, valid, test;
    int64_t seed; /* -1: the pipeline's */
    char *column; /* group or time column */
    double gap;   /* in units of the time column */
    char *where;  /* condition of the rows to learn from; NULL or "": all */
} SplitPlan;
extern const Spec split_spec; /* a member of family "plan", name "split" */

/* What a split did. */
typedef struct SplitReport {
    int by; /* SplitBy */
    UnitKind unit;
    char *column, *order; /* of the unit and of time; NULL: none */
    double gap;
    const char *gap_unit; /* "days", "seconds", "" */
    char *reach;          /* "24 rows ahead": so far reach targets, and the gap is that wide at least; NULL: nowhere, or no order */
    size_t rows[PART_COUNT], units[PART_COUNT];
    size_t distinct;          /* units in all */
    size_t shared;            /* units in more than one part: 0, unless the cut is in time and rows have a key */
    char *key;                /* beside groups; NULL: none */
    size_t keys, keys_shared; /* its values, and those in more than one part */
    size_t alone;             /* rows without a key or group: each is a unit of its own */
    size_t left[LEFT_COUNT];
    bool empty[PART_COUNT]; /* it has a share and no row */
} SplitReport;
void split_report_done(SplitReport *r);
SplitReport split_report_copy(const SplitReport *r);
void split_report_notes(const SplitReport *r, TextList *notes); /* what is worth saying, a line each */
Value *split_report_value(const SplitReport *r);

typedef struct SplitTask {
    const SplitPlan *plan;
    const Unit *unit;
    const Table *columns;  /* unit_columns of the rows */
    const Column *classes; /* the target when it has classes; NULL: one stratum */
    uint64_t seed;
    const struct TargetReach *reach; /* steps/reach.h, of the same rows; NULL: no target is made of later rows */
    const uint8_t *learned;          /* by row: it may train and validate; NULL: all may */
} SplitTask;
/* parts: one for each row, a Part or PART_COUNT + SplitLeft. What report->left holds already stays. */
bool split_assign(const SplitTask *task, uint8_t *parts, SplitReport *report, Error *e);

typedef struct FoldTask {
    SplitTask split;
    int folds, fold; /* fold: from 0 */
    bool watched;    /* one in eight of the rows that are not held out is watched by early stopping */
} FoldTask;
/* PART_TEST: held out and judged; PART_VALID: watched; PART_TRAIN. With an order the folds go forward: each learns from the past only,
 * the latest past is watched, and the rows before the first judged block are never judged. */
bool split_fold(const FoldTask *task, uint8_t *parts, SplitReport *report, Error *e);

/* The three row lists as tables; any may be empty. */
bool split_tables(const Table *t, const uint8_t *parts, Table *out[PART_COUNT], Error *e);
const char *part_name(Part part); /* train valid test */

#endif
