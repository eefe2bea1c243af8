/* The target kept out of sight of a step: it is taken out before the step runs and comes back beside the rows that are left. */
#ifndef STEPS_RECIPE_TARGET_H
#define STEPS_RECIPE_TARGET_H

#include "spec/params.h"
#include "table/query.h"

bool step_field_names(const Field *f, const void *params, const char *column); /* this parameter names the column */

typedef struct HiddenTarget {
    const Table *from; /* borrowed */
    int at;            /* TABLE_NONE: nothing is hidden */
} HiddenTarget;

/* The table without its target; roles NULL: nothing is to be hidden. */
Table *target_hide(HiddenTarget *h, const Table *t, const Roles *roles, Error *e);
/* Takes `changed`. Rows that were dropped, moved or repeated have their target by row id. */
Table *target_show(const HiddenTarget *h, Table *changed, Error *e);

#endif
