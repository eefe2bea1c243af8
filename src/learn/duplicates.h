/* Rows of a later part that equal a training row in target and in every column that is learned from: a model knows their answer. The
 * columns of key, group and time do not count, nor do those that a step after the split leaves out. */
#ifndef LEARN_DUPLICATES_H
#define LEARN_DUPLICATES_H

#include "learn/pipeline.h"

/* parts: PART_COUNT tables after the structural prefix. out[PART_VALID], out[PART_TEST]: rows with a twin in training. */
bool duplicates_across_parts(const Pipeline *p, Table *const *parts, size_t out[PART_COUNT], Error *e);

#endif
