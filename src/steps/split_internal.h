/* What the files of the split share: units with their strata, and rows in order of time. */
#ifndef STEPS_SPLIT_INTERNAL_H
#define STEPS_SPLIT_INTERNAL_H

#include "steps/split.h"

typedef struct RowList {
    size_t *rows, count;
} RowList;

typedef struct UnitEntry {
    uint64_t stratum, rank, id; /* in this order they are sorted */
    size_t first, rows;         /* in Units.rows */
} UnitEntry;

typedef struct Units {
    UnitEntry *items;
    size_t count;
    size_t *rows; /* unit by unit */
} Units;

/* The units of some rows, by stratum (that of most of their rows) and, within it, by the hash of id and seed. */
bool units_make(const SplitTask *task, const RowList *scope, const char *purpose, Units *out, Error *e);
void units_done(Units *u);
/* Exact parts: in each stratum and in all, the units of a part differ from its share by less than one. */
bool units_part(const Units *u, const double shares[PART_COUNT], uint8_t *parts, Error *e);
/* Dealt in turn: in each stratum and in all, hands differ by one unit at most. parts: the hand of each row. */
void units_deal(const Units *u, size_t hands, uint8_t *parts);

/* Rows that have a time, in order, and where each distinct time begins. */
typedef struct Timeline {
    const Column *order;
    size_t *rows, count;
    size_t *starts, times;
} Timeline;
bool timeline_make(const Table *columns, const char *order, const RowList *scope, Timeline *out, Error *e);
void timeline_done(Timeline *t);
/* at[k]: where the part behind cut k begins in rows, nearest to targets[k] rows. Equal times are never parted; no part is empty. */
bool timeline_cut(const Timeline *t, const double *targets, size_t cuts, size_t *at, Error *e);
/* Whether rows[i] is so shortly before rows[cut] that its outcome may reach beyond it, or does. */
bool timeline_in_gap(const SplitTask *task, const Timeline *t, size_t i, size_t cut);
/* The gap, or the horizon that makes it so wide, does too much: "gap = 5 leaves no row in the valid part; ...". */
bool split_refuse_gap(const SplitTask *task, const char *what, Error *e);

bool split_report_fill(const SplitTask *task, const uint8_t *parts, SplitReport *report, Error *e);
bool rows_list(size_t rows, const uint8_t *parts, int part, RowList *out, Error *e); /* parts NULL: all */

#endif
