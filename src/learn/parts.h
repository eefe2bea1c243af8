/* Where the steps of a pipeline run, and how its rows are split; for the files of learn that prepare data. */
#ifndef LEARN_PARTS_H
#define LEARN_PARTS_H

#include "learn/batch.h"

typedef struct StepOrder { /* steps by where they run */
    Recipe *before, *after;
    TextList moved;   /* stand before the split and run after it */
    TextList earlier; /* stand behind it and run before it: they look at other rows */
    char *refused;    /* why one of those cannot; NULL: all can */
} StepOrder;
void order_make(const Pipeline *p, size_t steps, StepOrder *out); /* of the first `steps` steps */
void order_done(StepOrder *order);
bool order_check(const StepOrder *order, const char *target, Error *e); /* no step is where it must not be */

/* The source after the prefix, all rows; *rows: what it dropped. A prefix that carries side tables is replaced by one that has read
 * them. */
Table *structural_rows(Job *job, const Pipeline *p, Recipe **before, RowsReport *rows, Error *e);
Table *rows_with_target(const Pipeline *p, const Table *t, RowsReport *rows, Error *e);            /* those that can be used */
Table *structural_table(Job *job, const Pipeline *p, Recipe **before, RowsReport *rows, Error *e); /* the one, then the other */
typedef struct SplitRows {
    const Table *table;
    const Recipe *before;     /* that made it */
    const TargetInfo *target; /* NULL: not known yet */
    TextList *notes;          /* NULL: nobody listens */
} SplitRows;
bool split_rows(const Pipeline *p, const SplitRows *rows, uint8_t *parts, SplitReport *report, Error *e);
/* What a column taken as it is forecasts, of a number in time: a note. */
void baseline_note(const Pipeline *p, Prepared *d);
const char *baseline_column(const Prepared *d); /* the column that would do best on the training rows; NULL: there is none */
void parts_note(TextList *notes, char *note);   /* takes note */

#endif
