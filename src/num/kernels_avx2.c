/* The kernels for AVX2 with FMA. */
#include "num/kernels.h"

#if defined(__x86_64__)
#include <immintrin.h>

#define TARGET __attribute__((target("avx2,fma")))
#define WIDTH 8
#define TILE_ROWS 6
#define FUSED(a, b, c) ((vf)_mm256_fmadd_ps((__m256)(a), (__m256)(b), (__m256)(c)))
#define WIDE_LOW(v) ((vh)_mm256_cvtps_pd(_mm256_castps256_ps128((__m256)(v))))
#define WIDE_HIGH(v) ((vh)_mm256_cvtps_pd(_mm256_extractf128_ps((__m256)(v), 1)))
#define FIRST_LANES(n) _mm256_cmpgt_epi32(_mm256_set1_epi32((int)(n)), _mm256_setr_epi32(0, 1, 2, 3, 4, 5, 6, 7))
#define LOAD_SOME(p, n) ((vf)_mm256_maskload_ps(p, FIRST_LANES(n)))
#define STORE_SOME(p, v, n) _mm256_maskstore_ps(p, FIRST_LANES(n), (__m256)(v))
#define STREAM(p, v) _mm256_stream_ps(p, (__m256)(v))
#define TABLE kernels_avx2
#define TABLE_NAME "avx2"
#define TABLE_LEVEL KERNEL_AVX2

#include "num/kernels_vector.h"
#include "num/kernels_gemm.h"
#include "num/kernels_turned.h"
#include "num/kernels_near.h"
#include "num/kernels_conv.h"
#include "num/kernels_pool.h"
#include "num/kernels_net.h"
#endif
