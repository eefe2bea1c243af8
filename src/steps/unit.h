/* The unit of a pipeline: what is never parted (a row, a key or a group), and the order of its rows in time where there is one.
 * Decided once; parts, folds, early stopping and whatever resamples ask it. */
#ifndef STEPS_UNIT_H
#define STEPS_UNIT_H

#include "table/query.h"

typedef enum UnitKind { UNIT_ROW, UNIT_KEY, UNIT_GROUP } UnitKind;

typedef struct Unit { /* borrowed texts */
    UnitKind kind;
    const char *column; /* of the key or group; NULL: rows */
    const char *order;  /* column of time; NULL: none. With an order the cut is in time, and a unit may stand on both sides */
    double gap;         /* in units of the order: days of dates, seconds of times, plain of numbers */
    const char *key;    /* beside groups: groups are not parted, so a key whose rows are in several may be; NULL: none */
} Unit;

const char *unit_kind_name(UnitKind kind); /* row key group */
/* The columns that the unit names, row by row of `rows`. One that a step has left out comes from `source`, by row id. An order that is
 * no date, time or number is refused, with the cast that mends it. */
Table *unit_columns(const Unit *u, const Table *rows, const Table *source, Error *e);
/* ids: one for each row, the same for the rows of a unit. A row without a key or group is a unit of its own; *alone: how many are. */
bool unit_ids(const Unit *u, const Table *columns, uint64_t *ids, size_t *alone, Error *e);

bool unit_check_order(const char *name, const Column *c, Error *e); /* c is a date, a time or a number */
bool unit_has_time(const Column *order, size_t row);
double unit_time_between(const Column *order, size_t from, size_t to); /* in units of the order; 0: equal times */
const char *unit_gap_name(const Column *order);                        /* "days", "seconds"; "": numbers */

#endif
