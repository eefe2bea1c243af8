/* Matrix products on the calling thread only, by BLAS or our own kernel, as the sizes say. Row-major. */
#ifndef NUM_GEMM_H
#define NUM_GEMM_H

#include <stddef.h>

/* c[m][n] = a[m][k] b[k][n]; _nt: b is [n][k]; _tn: a is [k][m]. */
void gemm_nn(const float *a, const float *b, float *c, size_t m, size_t n, size_t k);
void gemm_nt(const float *a, const float *b, float *c, size_t m, size_t n, size_t k);
void gemm_tn(const float *a, const float *b, float *c, size_t m, size_t n, size_t k);
const char *gemm_kernel_name(void); /* of the BLAS library: "Cooperlake" */
const char *gemm_config(void);

#endif
