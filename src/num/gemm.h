/* Matrix products on the calling thread only, by BLAS or our own kernel, as the sizes say. Row-major. */
#ifndef NUM_GEMM_H
#define NUM_GEMM_H

#include <stddef.h>

#include "num/kernels.h"

/* c[m][n] = a[m][k] b[k][n]; _nt: b is [n][k]; _tn: a is [k][m]. size: m, n, k. */
void gemm_nn(const float *a, const float *b, float *c, const size_t size[3]);
void gemm_nt(const float *a, const float *b, float *c, const size_t size[3]);
void gemm_tn(const float *a, const float *b, float *c, const size_t size[3]);
void gemm_view(const GemmView *g);    /* a_step or a_row is 1; add is not taken */
void gemm_view_nt(const GemmView *g); /* b is [n][k], a_step is 1; no bias, no relu, no add */
const char *gemm_kernel_name(void);   /* of the BLAS library: "Cooperlake" */
const char *gemm_config(void);

#endif
