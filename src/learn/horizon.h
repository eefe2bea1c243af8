/* A target of several numbers, told one by one: how good each output is, and how good the plainest forecasts of it would have been. */
#ifndef LEARN_HORIZON_H
#define LEARN_HORIZON_H

#include "learn/batch.h"

/* The step that makes the target of later rows; NULL: none does. */
const StepUse *horizon_maker(const Recipe *before, const char *target);
/* The lag, the horizon at least, at which the training rows are most alike. Rows that are too few for it leave it 0. */
bool horizon_find_season(Job *job, const Prepared *d, const Roles *roles, TargetInfo *out, Error *e);

typedef struct HorizonTask {
    const TargetInfo *target;
    const Dataset *data; /* the rows that are judged */
    const float *outputs;
    const Table *history; /* behind the structural steps: the judged rows and their past */
    const Recipe *before; /* that made it */
    const Roles *roles;
} HorizonTask;
/* Adds to metrics a list "by_horizon", one entry for each output: {"output": "calls_3", "ahead": 3, "mae": ... as metrics_of, "last":
 * {...}, "seasonal": {...}}, the last two of forecasts by the row's own value and by that of a season before; and "season". Where the
 * target has no horizon it is "by_output", without them; of one output there is nothing to add. */
bool horizon_add(Job *job, const HorizonTask *task, Value *metrics, Error *e);
void horizon_note(Job *job, const Pipeline *p, Prepared *d); /* what those forecasts are worth on valid, at both ends of the horizon */
void horizon_print(const TargetInfo *target, const Value *metrics, Text *out); /* as a table */

#endif
