/* The split: which part each row belongs to, by hash of key or row, so that adding rows never moves old ones. */
#ifndef STEPS_SPLIT_H
#define STEPS_SPLIT_H

#include "spec/params.h"
#include "steps/unit.h"

typedef enum SplitBy { SPLIT_STRATIFIED, SPLIT_RANDOM, SPLIT_GROUP, SPLIT_TIME } SplitBy;
typedef enum Part { PART_TRAIN, PART_VALID, PART_TEST, PART_COUNT } Part;

typedef struct SplitPlan {
    int by; /* SplitBy */
    double train, valid, test;
    int64_t seed; /* -1: the pipeline's */
    char *column; /* group or time column */
} SplitPlan;

/* Why a row of the structural table is in no part. */
typedef enum SplitLeft { LEFT_TARGET, LEFT_TIME, LEFT_GAP, LEFT_COUNT } SplitLeft;

/* What a split did: the unit, rows and units of each part, and the rows that are in none. */
typedef struct SplitReport {
    int by; /* SplitBy, as carried out */
    UnitKind unit;
    char *column, *order; /* of the unit and of time; NULL: none */
    double gap;
    char gap_unit[12];    /* "days", "seconds", "" */
    size_t rows[PART_COUNT], units[PART_COUNT];
    size_t shared;        /* units in more than one part: 0, unless the cut is in time and rows have a key */
    size_t alone;         /* rows without a key or group: each is a unit of its own */
    size_t left[LEFT_COUNT];
} SplitReport;
void split_report_done(SplitReport *r);
SplitReport split_report_copy(const SplitReport *r);
const char *split_left_name(SplitLeft why); /* "no target" "no time" "within the gap" */

extern const Spec split_spec; /* a member of family "plan", name "split" */

/* parts: t->rows items, values of Part. */
bool split_assign(const SplitPlan *plan, const Table *t, const Roles *roles, uint64_t seed, uint8_t *parts, Error *e);
/* fold: t->rows items, 0 .. folds-1, stratified by the target when it has classes. */
bool split_folds(const Table *t, const Roles *roles, int folds, uint64_t seed, uint8_t *fold, Error *e);
/* The three row lists as tables; any may be empty. */
bool split_tables(const Table *t, const uint8_t *parts, Table *out[PART_COUNT], Error *e);
const char *part_name(Part part); /* train valid test */

#endif
