/* A sweep over learning rates before a training, which keeps its weights to itself. */
#ifndef LEARN_FIND_RATE_H
#define LEARN_FIND_RATE_H

#include "learn/learn.h"

typedef struct FindRatePlan {
    TrainPlan base;
    double from, to; /* learning rates */
    int64_t steps;
    double smoothing; /* share of the past in the smoothed loss */
    double limit;     /* so many times the lowest smoothed loss ends it */
} FindRatePlan;

extern const Spec find_rate_spec;
/* *result: {"suggested", "lowest" (rate of the lowest smoothed loss), "rates": [..], "losses": [..], "smoothed": [..], "why"}. */
bool find_rate(CallContext *c, const Pipeline *p, const FindRatePlan *plan, Value **result, Error *e);
char *find_rate_text(const Value *result); /* for the caller */

/* A schedule as a curve before a run; on its own, without a pipeline. */
typedef struct PreviewPlan {
    SpecUse schedule;
    double learning_rate;
    int64_t epochs, steps_per_epoch, points;
} PreviewPlan;
extern const Spec preview_schedule_spec;
Value *preview_schedule(const PreviewPlan *plan); /* {"epochs": [..], "rates": [..]} */

#endif
