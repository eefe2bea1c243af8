/* How much each feature matters to a net: what the metric loses when its cells are shuffled among rows that the net has not learned from
 * (Breiman 2001). */
#ifndef LEARN_IMPORTANCE_H
#define LEARN_IMPORTANCE_H

#include "learn/learn.h"

/* {feature: loss of the leading metric, positive: it matters}; rows: behind all steps, target included. NULL on failure. */
Value *importance_of(Job *job, const Bundle *b, const Table *rows, uint64_t seed, Error *e);
Value *importance_ranked(Job *job, const Bundle *b, const Table *rows, uint64_t seed, Error *e); /* the same as a list, as below */
/* From the "importance" of each fold (a list of results) to [{"feature", "worth", "low", "high"}], what matters most first. ratio: as in
 * folds_interval. */
Value *importance_over(const Value *folds, double ratio);
#define IMPORTANCE_HEAD "feature, shuffled in held-out rows"
/* A table, each line behind a line feed; with its "verdict". */
void importance_print(const Value *list, const char *head, int decimals, Text *out);

#endif
