/* Steps that change training rows anew in each epoch: what stands before them is made once, the rest again for every epoch, as a function
 * of seed, epoch and row alone. */
#ifndef LEARN_EPOCHS_H
#define LEARN_EPOCHS_H

#include "learn/batch.h"

bool epochs_prepare(Job *job, const Pipeline *p, const Roles *roles, Prepared *d, Error *e); /* after the recipe was fitted */
/* x: rows * width of the training part, as the epoch sees them. */
bool epochs_fill(Job *job, const Prepared *d, int64_t epoch, float *x, Error *e);

#endif
