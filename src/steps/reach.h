/* How far ahead of each row its target was made: rows whose target reaches into a later part are in none. */
#ifndef STEPS_REACH_H
#define STEPS_REACH_H

#include "steps/recipe.h"

typedef struct TargetReach {
    size_t *rows; /* by row of the table: the latest row that its target is made of, or the last that is there; NULL: no step looks ahead */
    char *text;   /* "24 rows ahead", "1 hour ahead", "to the end of their series" */
    char *unknown; /* a step that looks ahead nobody knows how far, or from a row whose place in time is gone; NULL: none */
} TargetReach;
/* Of the rows behind the structural steps, some of which may be left out: then a row reaches rather too far. reach_done in any case. */
bool reach_find(Job *job, const Recipe *before, const Table *rows, const Roles *roles, TargetReach *out, Error *e);
void reach_done(TargetReach *r);

#endif
