/* Vectors of three widths side by side in one file: for elementwise rules that are written once, where they belong, and compiled for
 * AVX-512, AVX2 and plain C. A rule names its vector type vf; lanes_* works on each width. Element-wise arithmetic gives the same
 * bits at all widths. */
#ifndef NUM_LANES_H
#define NUM_LANES_H

#include <string.h>

#include "num/kernels.h"

typedef float vf4 __attribute__((vector_size(16)));
typedef float vf8 __attribute__((vector_size(32)));
typedef float vf16 __attribute__((vector_size(64)));
typedef float vf4_place __attribute__((vector_size(16), may_alias)); /* in an array of float */
typedef float vf8_place __attribute__((vector_size(32), may_alias));
typedef float vf16_place __attribute__((vector_size(64), may_alias));
typedef float vf4_any __attribute__((vector_size(16), aligned(4), may_alias)); /* the same, at any place */
typedef float vf8_any __attribute__((vector_size(32), aligned(4), may_alias));
typedef float vf16_any __attribute__((vector_size(64), aligned(4), may_alias));
typedef int32_t vi4 __attribute__((vector_size(16)));
typedef int32_t vi8 __attribute__((vector_size(32)));
typedef int32_t vi16 __attribute__((vector_size(64)));
typedef uint32_t vu4 __attribute__((vector_size(16)));
typedef uint32_t vu8 __attribute__((vector_size(32)));
typedef uint32_t vu16 __attribute__((vector_size(64)));

#define LANES_PLAIN
#define LANES_INLINE static inline __attribute__((always_inline, unused))

/* What every width has: the lanes where mask is set, else zero; those of one or the other. */
#define LANES_COMMON(TARGET, VF, VI) \
    LANES_INLINE TARGET VF lanes_where_##VF(VI mask, VF v) \
    { \
        return (VF)((VI)v & mask); \
    } \
    LANES_INLINE TARGET VF lanes_pick_##VF(VI mask, VF v, VF other) \
    { \
        return (VF)(((VI)v & mask) | ((VI)other & ~mask)); \
    } \
    /* The first n numbers at p, or a whole vector; the others are 0, or stay. */ \
    LANES_INLINE TARGET VF lanes_take_##VF(const float *p, size_t n) \
    { \
        VF v = {0}; \
        if (n >= sizeof(VF) / sizeof(float)) \
            return *(const VF##_any *)p; \
        memcpy(&v, p, n * sizeof(float)); \
        return v; \
    } \
    LANES_INLINE TARGET void lanes_put_##VF(float *p, VF v, size_t n) \
    { \
        if (n >= sizeof(VF) / sizeof(float)) \
            *(VF##_any *)p = v; \
        else \
            memcpy(p, &v, n * sizeof(float)); \
    } \
    /* The first n lanes, then zeros. */ \
    LANES_INLINE TARGET VF lanes_first_##VF(VF v, size_t n) \
    { \
        VF some = {0}; \
        if (n >= sizeof(VF) / sizeof(float)) \
            return v; \
        memcpy(&some, &v, n * sizeof(float)); \
        return some; \
    } \
    LANES_INLINE TARGET VF lanes_sign_##VF(VF v) \
    { \
        VF one = 1 - (VF){0}; \
        return lanes_where_##VF(v > 0, one) - lanes_where_##VF(v < 0, one); \
    } \
    /* Not below low, not above high; NaN stays. */ \
    LANES_INLINE TARGET VF lanes_clamp_##VF(VF v, float low, float high) \
    { \
        VF least = low - (VF){0}, most = high - (VF){0}; \
        v = lanes_where_##VF(v > most, most) + lanes_where_##VF(~(v > most), v); \
        return lanes_where_##VF(v < least, least) + lanes_where_##VF(~(v < least), v); \
    } \
    /* Each moved towards zero by its part of less, and not across it. */ \
    LANES_INLINE TARGET VF lanes_shrink_##VF(VF v, VF less) \
    { \
        return lanes_where_##VF(v > less, v - less) + lanes_where_##VF(v < -less, v + less) + lanes_where_##VF(~(v == v), v); \
    }

LANES_COMMON(LANES_PLAIN, vf4, vi4)

LANES_INLINE vf4 lanes_root_vf4(vf4 v)
{
    for (int i = 0; i < 4; i++)
        v[i] = __builtin_sqrtf(v[i]);
    return v;
}
LANES_INLINE void lanes_stream_vf4(float *p, vf4 v)
{
    *(vf4_place *)p = v;
}

#if defined(__x86_64__)
#include <immintrin.h>

#define LANES_AVX2 __attribute__((target("avx2,fma")))
#define LANES_AVX512 __attribute__((target("avx512f,avx512bw,avx512dq,avx512vl,avx2,fma")))

LANES_COMMON(LANES_AVX2, vf8, vi8)
LANES_COMMON(LANES_AVX512, vf16, vi16)

LANES_INLINE LANES_AVX2 vf8 lanes_root_vf8(vf8 v)
{
    return (vf8)_mm256_sqrt_ps((__m256)v);
}
LANES_INLINE LANES_AVX512 vf16 lanes_root_vf16(vf16 v)
{
    return (vf16)_mm512_sqrt_ps((__m512)v);
}
LANES_INLINE LANES_AVX2 void lanes_stream_vf8(float *p, vf8 v)
{
    _mm256_stream_ps(p, (__m256)v);
}
LANES_INLINE LANES_AVX512 void lanes_stream_vf16(float *p, vf16 v)
{
    _mm512_stream_ps(p, (__m512)v);
}
LANES_INLINE void lanes_stream_end(void)
{
    _mm_sfence();
}
#define LANES_EACH(f, v) _Generic((v), vf4 : f##_vf4, vf8 : f##_vf8, vf16 : f##_vf16)
#define LANES_EACH_INT(f, v) _Generic((v), vu4 : f##_vu4, vu8 : f##_vu8, vu16 : f##_vu16)
/* PASSES(TARGET, VF, ...) for all widths; and the functions NAME_VF that it made, by KernelLevel. */
#define LANES_ALL(PASSES, ...) \
    PASSES(LANES_PLAIN, vf4, __VA_ARGS__) PASSES(LANES_AVX2, vf8, __VA_ARGS__) PASSES(LANES_AVX512, vf16, __VA_ARGS__)
#define LANES_LEVELS(NAME) \
    { \
        [KERNEL_PORTABLE] = NAME##_vf4, [KERNEL_AVX2] = NAME##_vf8, [KERNEL_AVX512] = NAME##_vf16 \
    }
#else
LANES_INLINE void lanes_stream_end(void) {}
#define LANES_EACH(f, v) _Generic((v), vf4 : f##_vf4)
#define LANES_EACH_INT(f, v) _Generic((v), vu4 : f##_vu4)
#define LANES_ALL(PASSES, ...) PASSES(LANES_PLAIN, vf4, __VA_ARGS__)
#define LANES_LEVELS(NAME) \
    { \
        [KERNEL_PORTABLE] = NAME##_vf4 \
    }
#endif

#define lanes_where(mask, v) LANES_EACH(lanes_where, v)(mask, v)
#define lanes_pick(mask, v, other) LANES_EACH(lanes_pick, v)(mask, v, other)
#define lanes_put(p, v, n) LANES_EACH(lanes_put, v)(p, v, n)
#define lanes_sign(v) LANES_EACH(lanes_sign, v)(v)
#define lanes_clamp(v, low, high) LANES_EACH(lanes_clamp, v)(v, low, high)
#define lanes_shrink(v, less) LANES_EACH(lanes_shrink, v)(v, less)
#define lanes_root(v) LANES_EACH(lanes_root, v)(v)
/* Past the cache, to a place that other threads read (see num/kernels_vector.h); lanes_stream_end comes before it is handed over. */
#define lanes_stream(p, v) LANES_EACH(lanes_stream, v)(p, v)

#endif
