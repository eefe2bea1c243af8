/* The target as a step that learns from it sees it: classes or values of training rows, and folds in which no row is encoded by its own
 * answer. */
#ifndef STEPS_STEP_TARGET_H
#define STEPS_STEP_TARGET_H

#include "steps/tools.h"

typedef struct StepTarget {
    const char *name;
    const Column *column; /* borrowed */
    TextList classes;     /* sorted; empty: values */
    size_t positive;      /* of two classes: an index */
    int32_t *labels;      /* of each row, -1: missing; NULL: values */
} StepTarget;

/* An error where there is no target, it is of no use, or there is one class only. done also after a failure. */
bool step_target_read(const StepInput *in, StepTarget *out, Error *e);
void step_target_done(StepTarget *t);
/* How many numbers the target is: one, or with more than two classes one for each but the first. */
size_t step_target_outputs(const StepTarget *t);
/* The class of an output, NULL when there is but one number. */
const char *step_target_class(const StepTarget *t, size_t output);
/* 0 or 1: the row is of the class; a value; NAN: missing. */
double step_target_number(const StepTarget *t, size_t output, size_t row);
/* The columns that a step learns from: as tools_resolve, and the target is refused. */
bool step_target_resolve(const StepInput *in, const TextList *selectors, bool numeric, TextList *names, Error *e);
/* fold: of each row, below `folds`. Whole units are dealt, in each class as evenly as can be. False with fewer than two units. */
bool step_target_folds(const StepInput *in, const StepTarget *t, size_t folds, uint8_t *fold, Error *e);

#endif
