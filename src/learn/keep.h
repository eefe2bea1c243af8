/* Fewer features: the best of a fold by importance, and how many of them are as good as all. */
#ifndef LEARN_KEEP_H
#define LEARN_KEEP_H

#include "learn/learn.h"

/* Leaves the `keep` features in d (that of the task) that matter most to nets on the validation part, which must have rows; nets as the
 * task says are trained in memory. by importance: one, whose best stay; by rfe the least quarter goes, again and again. *ranking (may be
 * NULL): a list of all features, as importance_ranked gives it; of those that went, the last one before the others. Nothing to do and no
 * ranking asked for: nothing is trained. run: where a stop is asked for; NULL: nowhere. */
typedef struct KeepTask {
    const TrainTask *train;
    int by;
    size_t keep;
    const char *run;
} KeepTask;
bool prepared_keep_best(Job *job, const Pipeline *p, Prepared *d, const KeepTask *task, Value **ranking, Error *e);
/* The pipeline that keeps the best by itself, where a step can: it has that step at its end; else p. A reference for the caller; NULL: e.
 */
Pipeline *keep_pipeline(const Pipeline *p, const CrossPlan *plan, Error *e);

/* *result: {"metric", "margin", "by", "keep": so many, "of": features there are, "features": [{"feature", "worth", "verdict": "kept" or
 * "dropped"}], what matters most first, "curve": [{"keep", "mean", "sd", "worth", "low", "high": against all of them}], "dropped":
 * [names]}. Each point of the curve is a call of its own; the final order comes from the training and validation parts. */
#define SELECT_FEATURES_CARD "select_features.json" /* in the script run; so far: "status" "running", "points_done" of "points" */
bool select_features(CallContext *c, const Pipeline *p, const SelectPlan *plan, Value **result, Error *e);
/* p without the others: a drop or a select at its end. */
Pipeline *select_features_apply(const Pipeline *p, const Value *result, Error *e);
/* The step that keeps the `keep` best, and its parameters as a map for the caller; NULL: none is needed. */
const Step *select_features_step(const Value *result, size_t keep, Value **params);
void select_features_print(const Value *result, Text *out);

#endif
