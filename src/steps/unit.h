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
} Unit;

#endif
