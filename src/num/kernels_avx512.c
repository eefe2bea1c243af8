/* The kernels for AVX-512. */
#include "num/kernels.h"

#if defined(__x86_64__)
#include <immintrin.h>

#define TARGET __attribute__((target("avx512f,avx512bw,avx512dq,avx512vl,avx2,fma")))
#define WIDTH 16
#define TILE_ROWS 8
#define FUSED(a, b, c) ((vf)_mm512_fmadd_ps((__m512)(a), (__m512)(b), (__m512)(c)))
#define WIDE_LOW(v) ((vh)_mm512_cvtps_pd(_mm512_castps512_ps256((__m512)(v))))
#define WIDE_HIGH(v) ((vh)_mm512_cvtps_pd(_mm512_extractf32x8_ps((__m512)(v), 1)))
#define MASK __mmask16
#define MASK_LE(a, b) _mm512_cmp_ps_mask((__m512)(a), (__m512)(b), _CMP_LE_OQ)
#define MASK_NAN(a) _mm512_cmp_ps_mask((__m512)(a), (__m512)(a), _CMP_UNORD_Q)
#define MASK_PICK(mask, yes, no) ((vf)_mm512_mask_blend_ps(mask, (__m512)(no), (__m512)(yes)))
#define LOAD_SOME(p, n) ((vf)_mm512_maskz_loadu_ps((__mmask16)((1U << (n)) - 1), p))
#define STORE_SOME(p, v, n) _mm512_mask_storeu_ps(p, (__mmask16)((1U << (n)) - 1), (__m512)(v))
#define STREAM(p, v) _mm512_stream_ps(p, (__m512)(v))
#define TABLE kernels_avx512
#define TABLE_NAME "avx512"
#define TABLE_LEVEL KERNEL_AVX512

#include "num/kernels_vector.h"
#include "num/kernels_gemm.h"
#include "num/kernels_turned.h"
#include "num/kernels_near.h"
#include "num/kernels_conv.h"
#include "num/kernels_pool.h"
#include "num/kernels_net.h"
#endif
