/* Cuts of one column where they part the target best: a regression or classification tree on that column alone. */
#ifndef STEPS_BIN_TREE_H
#define STEPS_BIN_TREE_H

#include "steps/step_target.h"

typedef struct BinTree {
    const Column *column;
    const StepTarget *target;
    size_t leaves, min_rows; /* at most so many bins, each of at least so many rows */
} BinTree;

/* Adds the cuts in ascending order: a value at or above a cut lies behind it. Each is in the middle between two values. */
bool bin_tree_cuts(const BinTree *plan, NumberList *cuts, Error *e);

#endif
