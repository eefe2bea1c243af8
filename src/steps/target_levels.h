/* Levels scored by the target: what target_encode and woe share. A training row is scored by the other folds, so that its own answer is
 * not in its features; any other row by all training rows. */
#ifndef STEPS_TARGET_LEVELS_H
#define STEPS_TARGET_LEVELS_H

#include "steps/levels.h"
#include "steps/step_target.h"

typedef struct TargetLevels {
    TextList columns;
    double smoothing;
    int64_t folds;
    int missing; /* index into target_levels_missing */
} TargetLevels;
extern const char *const target_levels_missing[];

/* Rows with a target, and the sum of their targets: of a level, and of all levels. */
typedef struct TargetSum {
    double rows, sum;
} TargetSum;
/* level.rows = 0: a level that was not seen. */
typedef double TargetScore(TargetSum level, TargetSum all, double smoothing);

bool target_levels_fit(Job *job, const StepInput *in, TargetScore *score, LevelMap *map, Error *e);
bool target_levels_apply(Job *job, const StepInput *in, const LevelMap *map, Table **out, Error *e);
bool target_levels_apply_train(Job *job, const StepInput *in, TargetScore *score, const LevelMap *map, Table **out, Error *e);
void target_levels_describe(const void *params, const void *state, Text *out);

#endif
