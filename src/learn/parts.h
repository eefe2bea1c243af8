/* Where the steps of a pipeline run, and how its rows are split; for the files of learn that prepare data. */
#ifndef LEARN_PARTS_H
#define LEARN_PARTS_H

#include "learn/batch.h"

typedef struct StepOrder { /* steps by where they run */
    Recipe *before, *after;
    TextList moved;        /* stand before the split and run after it */
} StepOrder;
void order_make(const Pipeline *p, size_t steps, StepOrder *out); /* of the first `steps` steps */
void order_done(StepOrder *order);

/* The source after the prefix, rows with a target only; *left: how many have none. A prefix that carries side tables is replaced by one
 * that has read them. */
Table *structural_table(Job *job, const Pipeline *p, Recipe **before, size_t *left, Error *e);
/* target NULL: not known yet. */
bool split_rows(const Pipeline *p, const Table *rows, const TargetInfo *target, uint8_t *parts, SplitReport *report, Error *e);
void parts_note(TextList *notes, char *note); /* takes note */

#endif
