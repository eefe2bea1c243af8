/* Eigenvalues of small symmetric matrices. */
#ifndef NUM_EIGEN_H
#define NUM_EIGEN_H

#include <stddef.h>

#include "base/job.h"

/* a: n * n, symmetric; it is overwritten. values: n, the largest first. vectors: n * n, row k is the unit vector of values[k], its entry of
 * largest magnitude positive, so that the same matrix gives the same bits. By cyclic Jacobi rotations: about n^3 * 30 steps. False: the job
 * was stopped, or a holds what is no number. */
bool eigen_symmetric(Job *job, double *a, size_t n, double *values, double *vectors, Error *e);

#endif
