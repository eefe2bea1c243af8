/* Groups as they were known at each time: for each time at which a group has a row, the aggregates of its rows up to then. */
#ifndef STEPS_GROUP_UNTIL_H
#define STEPS_GROUP_UNTIL_H

#include "steps/makings.h"

typedef struct GroupUntil {
    const int *by; /* columns of the groups */
    size_t by_count;
    int time;   /* column */
    Makings *m; /* planned */
} GroupUntil;
/* The columns of the groups, the time, and what is made; in order of groups, then of time. Rows without a time are in none. */
Table *group_until(Job *job, const StepInput *in, const GroupUntil *g, Error *e);

#endif
