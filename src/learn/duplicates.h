/* Rows of a later part that equal a training row in every column but the unit's: a model knows their answer. */
#ifndef LEARN_DUPLICATES_H
#define LEARN_DUPLICATES_H

#include "learn/pipeline.h"

/* parts: PART_COUNT tables after the structural prefix. out[PART_VALID], out[PART_TEST]: rows with a twin in training. */
bool duplicates_across_parts(Table *const *parts, const Unit *unit, size_t out[PART_COUNT], Error *e);

#endif
