/* A net that gives its input again, as a judge of two classes: what it reconstructs badly is of the positive one. */
#ifndef LEARN_RECONSTRUCTION_H
#define LEARN_RECONSTRUCTION_H

#include "learn/batch.h"
#include "net/loss.h"

/* What a training with the loss learns: its input, to tell the positive of two classes. */
bool reconstruction_begin(TargetInfo *t, const SpecUse *loss, const Dataset *train, Error *e);
/* The error of each row: the mean of its squared differences. outputs, x: rows * width. */
void reconstruction_errors(const float *outputs, const float *x, size_t width, size_t rows, double *errors);
/* The error below which a share of the rows lies that are not of the positive class; never 0. */
double reconstruction_scale(const TargetInfo *t, const Dataset *data, const double *errors, double share);
/* Errors become something like probabilities: 1/2 at the scale of the target. outputs: rows * 2. */
void reconstruction_finish(const TargetInfo *t, const double *errors, size_t rows, float *outputs);
double reconstruction_error(const TargetInfo *t, const float *outputs); /* of one row, back again */
/* Rows that fulfill a condition are of the positive class, where no column of the target says so. rows: those of data, and others. */
bool reconstruction_label(const TargetInfo *t, const Table *rows, const char *condition, Dataset *data, Error *e);
double reconstruction_loss(const TargetInfo *t, const Dataset *data, const float *outputs); /* mean over rows that are not positive */

#endif
