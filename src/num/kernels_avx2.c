/* The kernels for AVX2 with FMA. */
#include "num/kernels.h"

#if defined(__x86_64__)
#include <immintrin.h>

#define TARGET __attribute__((target("avx2,fma")))
#define WIDTH 8
#define TILE_ROWS 6
#define FUSED(a, b, c) ((vf)_mm256_fmadd_ps((__m256)(a), (__m256)(b), (__m256)(c)))
#define ROOT(v) ((vf)_mm256_sqrt_ps((__m256)(v)))
#define TABLE kernels_avx2
#define TABLE_NAME "avx2"

#include "num/kernels_vector.h"
#include "num/kernels_gemm.h"
#include "num/kernels_net.h"
#endif
