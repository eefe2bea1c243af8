/* What steps need of the columns before them: recorded on no rows at all, then followed back from the columns that are wanted. */
#ifndef STEPS_NEEDS_H
#define STEPS_NEEDS_H

#include "steps/recipe.h"

/* What is asked of a column. One that is only compared, row with row, may be absent: then no two rows are equal in it. */
typedef enum Need { NEED_NONE, NEED_COMPARED, NEED_CELLS } Need;

/* A step and the columns before and behind it, of no rows. */
typedef struct Passed {
    const StepUse *use;
    const Roles *roles; /* borrowed: of the flow */
    Table *before, *after;
} Passed;

typedef struct Flow {
    const Roles *roles;
    Passed *steps;
    size_t count, room;
} Flow;

/* A table without rows through a fitted recipe; each step is added to the flow. NULL: that does not work out. */
Table *flow_forward(Job *job, Flow *f, const Recipe *fitted, const Table *empty);
/* What the columns of `last`, behind the flow, that are in `names` need of the columns before it (last itself: nothing has passed).
 * with_rows: to choose rows too. mem_free */
Need *flow_back(const Flow *f, const Table *last, const TextList *names, bool with_rows);
void flow_done(Flow *f);
/* By columns behind the flow: the step that looked ahead for what the column is made of, by whatever steps; NULL: none did (of all: there
 * are no steps). All rows of a group are ahead of some of them where the rows have an order. mem_free */
typedef struct FlowChoice { /* by NULL: there is none */
    const StepUse *by, *maker;
    const char *column;
} FlowChoice;
/* choice (may be NULL, else begins as {0}): the first step that chooses rows by such a column. */
const StepUse **flow_later(const Flow *f, FlowChoice *choice);
/* The same for the target: the step that brought it, or what is made of it, from a table beside. mem_free */
const StepUse **flow_target_beside(const Flow *f, const char *target);
/* A column that a table beside brings, by the step *by, and that some of `names` and some of `others` are made of; NULL: there is none. */
const char *flow_shared_beside(const Flow *f, const Table *last, const TextList *names, const TextList *others, const StepUse **by);
bool flow_looks_ahead(const Flow *f, const Recipe *r); /* any step does, or one of a table beside it */

#endif
