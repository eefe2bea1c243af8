/* Vectors of WIDTH floats, for the kernel files: each defines TARGET, WIDTH, FUSED and includes this once: no guard.
 * LOAD_SOME and STORE_SOME, where the processor has masks, move the first n lanes, 0 < n < WIDTH. STREAM, where it can, writes a
 * vector to memory past the cache. */
#include <string.h>

typedef float vf __attribute__((vector_size(4 * WIDTH)));
typedef int32_t vi __attribute__((vector_size(4 * WIDTH)));
typedef uint32_t vu __attribute__((vector_size(4 * WIDTH)));
typedef double vh __attribute__((vector_size(4 * WIDTH)));
typedef double vh_any __attribute__((vector_size(4 * WIDTH), aligned(8), may_alias));
typedef float vf_any __attribute__((vector_size(4 * WIDTH), aligned(4), may_alias));

#define INLINE static inline __attribute__((always_inline)) TARGET
#define LANES 16
#define PARTS (LANES / WIDTH)
#if defined(__clang__)
#define UNROLL /* clang unrolls short loops by itself; told to, it takes minutes for this file under the sanitizers */
#else
#define UNROLL _Pragma("GCC unroll 16")
#endif

/* What a comparison gives: lanes, or bits where the processor has registers for them (vectors would go there and back). */
#ifndef MASK
#define MASK vi
#define MASK_LE(a, b) ((a) <= (b))
#define MASK_NAN(a) ((a) != (a))
#define MASK_PICK(mask, yes, no) ((vf)(((vi)(yes) & (mask)) | ((vi)(no) & ~(mask))))
#endif

INLINE vf vf_load(const float *p)
{
    return *(const vf_any *)p;
}
INLINE void vf_store(float *p, vf v)
{
    *(vf_any *)p = v;
}
INLINE vf vf_all(float x)
{
    return x - (vf){0};
}

/* The first n lanes; the others are zero and are not stored. */
INLINE vf vf_load_some(const float *p, size_t n)
{
#ifdef LOAD_SOME
    return LOAD_SOME(p, n);
#else
    vf v = {0};
    memcpy(&v, p, n * sizeof(float));
    return v;
#endif
}
INLINE void vf_store_some(float *p, vf v, size_t n)
{
#ifdef STORE_SOME
    STORE_SOME(p, v, n);
#else
    memcpy(p, &v, n * sizeof(float));
#endif
}
INLINE vf vf_take(const float *p, size_t n)
{
    return n >= WIDTH ? vf_load(p) : vf_load_some(p, n);
}
INLINE void vf_put(float *p, vf v, size_t n)
{
    if (n >= WIDTH)
        vf_store(p, v);
    else
        vf_store_some(p, v, n);
}

/* A line of the cache that two processors hold is slow to write, since the other copy has to go first (measured: 27 ns, one after the
 * other). Where the processor can, what others have read or will read is written to memory instead: it throws the copies out without
 * a wait. finish_stream comes before it is handed over. */
INLINE void vf_stream(float *p, vf v, size_t n)
{
#ifdef STREAM
    if (n >= WIDTH && (uintptr_t)p % sizeof v == 0) {
        STREAM(p, v);
        return;
    }
#endif
    vf_put(p, v, n);
}
INLINE void finish_stream(void)
{
#ifdef STREAM
    _mm_sfence();
#endif
}

INLINE vf vf_where(vi mask, vf v)
{
    return (vf)((vi)v & mask);
}
INLINE vf vf_relu(vf v)
{
    return vf_where(~(v <= 0), v);
} /* NaN stays */

/* WIDTH doubles: as one vector of twice the size they would pass through memory. */
typedef struct vd {
    vh low, high;
} vd;

INLINE vd vd_from(vf v)
{
    return (vd){WIDE_LOW(v), WIDE_HIGH(v)};
}
INLINE vd vd_take(const double *p, size_t n)
{
    double some[WIDTH] = {0};
    if (n >= WIDTH)
        return (vd){*(const vh_any *)p, *(const vh_any *)(p + WIDTH / 2)};
    memcpy(some, p, n * sizeof(double));
    return (vd){*(const vh_any *)some, *(const vh_any *)(some + WIDTH / 2)};
}
INLINE void vd_put(double *p, vd v, size_t n)
{
    double some[WIDTH];
    double *to = n >= WIDTH ? p : some;
    *(vh_any *)to = v.low;
    *(vh_any *)(to + WIDTH / 2) = v.high;
    if (n < WIDTH)
        memcpy(p, some, n * sizeof(double));
}
INLINE vd vd_add(vd a, vd b)
{
    return (vd){a.low + b.low, a.high + b.high};
}
INLINE vd vd_less(vd a, vd b)
{
    return (vd){a.low - b.low, a.high - b.high};
}
INLINE vd vd_times(vd a, vd b)
{
    return (vd){a.low * b.low, a.high * b.high};
}

/* Sums in 16 lanes, whatever the vector width, then pairwise. */
INLINE float lanes_sum(const vf *parts)
{
    float lane[LANES];
    memcpy(lane, parts, sizeof lane);
    for (int half = LANES / 2; half; half /= 2)
        for (int i = 0; i < half; i++)
            lane[i] += lane[i + half];
    return lane[0];
}
