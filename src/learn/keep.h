/* Fewer features: the best of a fold by importance, and how many of them are as good as all. */
#ifndef LEARN_KEEP_H
#define LEARN_KEEP_H

#include "learn/learn.h"

/* Trains the net of task in memory and leaves the `keep` features in d (that of the task) that matter most to it on the validation part,
 * which must have rows. Nothing where there are no more. */
bool prepared_keep_best(Job *job, const Pipeline *p, Prepared *d, const TrainTask *task, size_t keep, Error *e);

/* *result: {"metric", "margin", "keep": so many, "of": features there are, "features": [as importance_over gives them, of the validation
 * part, what matters most first, their verdict "kept" or "dropped"], "curve": [{"keep", "mean", "sd", "worth", "low", "high": against all
 * of them}], "dropped": [names]}. Each point of the curve is a call of its own, and so is the training that the final order comes from. */
bool select_features(CallContext *c, const Pipeline *p, const SelectPlan *plan, Value **result, Error *e);
Pipeline *select_features_apply(const Pipeline *p, const Value *result, Error *e); /* p without the others: a drop at its end */
void select_features_print(const Value *result, Text *out);

#endif
