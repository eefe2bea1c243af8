/* Several trainings of one plan that differ in the seed alone. */
#ifndef LEARN_SEEDS_H
#define LEARN_SEEDS_H

#include "learn/call.h"

/* plan->seeds models, for the caller (seeds_free), the first as train would give it with that seed. *result: as of one training, each
 * figure the mean over seeds, with what seeds_add says of them. */
bool call_train_seeds(CallContext *c, const Pipeline *p, const TrainPlan *plan, Bundle ***out, Value **result, Error *e);
void seeds_free(Bundle **models, size_t count);
/* Of each figure of `each`, a list of maps: its mean into result, and "sd", "low", "high", maps by name: its standard deviation over seeds
 * and the 95 % interval of its mean over new seeds (Student's t); "seeds": the list. */
void seeds_add(Value *result, const Value *each);

#endif
