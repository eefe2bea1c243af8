/* The kernels for AVX-512. */
#include "num/kernels.h"

#if defined(__x86_64__)
#include <immintrin.h>

#define TARGET __attribute__((target("avx512f,avx512bw,avx512dq,avx512vl,avx2,fma")))
#define WIDTH 16
#define TILE_ROWS 8
#define FUSED(a, b, c) ((vf)_mm512_fmadd_ps((__m512)(a), (__m512)(b), (__m512)(c)))
#define ROOT(v) ((vf)_mm512_sqrt_ps((__m512)(v)))
#define TABLE kernels_avx512
#define TABLE_NAME "avx512"

#include "num/kernels_vector.h"
#include "num/kernels_gemm.h"
#include "num/kernels_net.h"
#endif
