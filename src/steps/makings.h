/* What the steps that compute aggregates of groups share: the map of new names and aggregates, as a parameter and at work. */
#ifndef STEPS_MAKINGS_H
#define STEPS_MAKINGS_H

#include "steps/tools.h"
#include "table/aggregate.h"

/* One new column, on its way in a thread of the pool. */
typedef struct Making {
    const char *name;
    Aggregate *aggregate; /* NULL: it makes the target, which these rows do not know */
    Column *column;       /* a row for each group */
    Error error;
} Making;

typedef struct Makings {
    Job *job;
    const Table *t;
    const Groups *groups;
    Making *items; /* by name */
    size_t count;
} Makings;
/* make: {total = "sum(x)"}, NULL: none. Fills items; makings_done in any case. */
bool makings_plan(const StepInput *in, const Value *make, Makings *m, Error *e);
bool makings_run(Makings *m, Error *e); /* t and groups are set */
void makings_done(Makings *m);

void makings_reads(const Value *make, TextList *names); /* columns that the aggregates read; as Field.reads has it */
void makings_describe(const Value *make, Text *out);    /* ": total = sum(x), ..." */

#endif
