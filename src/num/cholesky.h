/* Linear equations with a symmetric positive definite matrix. */
#ifndef NUM_CHOLESKY_H
#define NUM_CHOLESKY_H

#include <stdbool.h>
#include <stddef.h>

/* Solves a x = b for x, which replaces b. a: n * n, row-major, lower half read; its factor replaces it. false: not positive definite. */
bool cholesky_solve(double *a, double *b, size_t n);

#endif
