/* Steps that a module in Lua defines (spec/module.h): what they compute comes from a host, the room that knows Lua. Those that see no
 * other rows learn like any step; those that do (`needs`) are run group by group and learn nothing. What a function may not do, such as
 * look at rows that its step does not see, is found on the rows a recipe is designed with. */
#ifndef STEPS_DEFINED_H
#define STEPS_DEFINED_H

#include "spec/module.h"
#include "steps/step.h"

typedef struct DefinedStep {
    Step step;      /* first member: it is one */
    int64_t window; /* rows that it sees of its past, its own among them; 0: all */
} DefinedStep;

/* What a function of a step is called with: its columns, by name, and its parameters, columns as resolved names. */
typedef struct DefinedCall {
    Job *job;
    const DefinedStep *step;
    const Table *columns;
    const Value *params;
    const Value *learned; /* of apply; NULL: fit has learned nothing */
    const size_t *starts; /* groups + 1 rows: apply is called with the rows of each group alone; NULL: all rows are one */
    size_t groups;
} DefinedCall;

/* Both run in a sandbox of their own, within limits, and may run on any thread. */
typedef struct StepHost {
    bool (*fit)(const DefinedCall *call, Value **learned, Error *e); /* *learned NULL: there is no fit, or it learned nothing */
    bool (*apply)(const DefinedCall *call, Table **made, Error *e);  /* for each group the columns it made, as many rows as given */
} StepHost;

void defined_steps_open(const StepHost *host);     /* static data; once, at start */
const DefinedStep *defined_step(const Step *step); /* NULL: one of limbeck's own */

/* Between the two files of this module. */
bool defined_apply_one(const DefinedCall *call, Table **made, Error *e); /* all rows as one */
bool defined_apply_groups(const DefinedCall *call, Table **made, Error *e);
/* The column that a parameter names, where one does, into given; the target is refused. */
bool defined_give_named(const StepInput *in, const Field *f, TextList *given, Error *e);
/* A step changes what it was given and makes new columns; others are not its to change, and the target is nobody's. */
bool defined_check_made(const StepInput *in, const TextList *given, const Table *made, Error *e);
Table *defined_given(const StepInput *in, const TextList *names, Error *e);
bool defined_apply_context(Job *job, const StepInput *in, const void *state, Table **out, Error *e);

#endif
