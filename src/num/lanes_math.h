/* Functions of vectors of any width in num/lanes.h, from additions, multiplications and divisions alone: the same bits at all widths. */
#ifndef NUM_LANES_MATH_H
#define NUM_LANES_MATH_H

#include "num/lanes.h"

/* exp(x) = 2^n * exp(r), |r| <= ln(2)/2, and exp(r) = 1 + rest; polynomial of Cephes expf (S. Moshier). Relative error below 2e-7; x is
 * held between -87.3 and 88.3; NaN stays.
 * log_1p: of 0 <= u <= 1, as 2 atanh(u / (2 + u)). erf: absolute error below 8e-8; our own fit, of erf(t) / t in t^2 below 0.92, and of
 * -log(1 - erf(t)) / t in t up to 4, above which it is 1. log: of normal numbers above 0.
 * cosine: of -pi to pi, absolute error below 4e-7. hash: a 32-bit mixer (C. Wellons, lowbias32)
 * over a key and the number of a unit. normal: of two hashes (Box, Muller 1958). */
#define LANES_MATH(TARGET, VF, VI, VU) \
    LANES_INLINE TARGET VF lanes_exp_rest_##VF(VF x, VF *scale) \
    { \
        x = lanes_pick_##VF(x < -87.3f, -87.3f - (VF){0}, x); \
        x = lanes_pick_##VF(x > 88.3f, 88.3f - (VF){0}, x); \
        VF rounded = x * 1.44269504f + 12582912.0f, n = rounded - 12582912.0f; \
        VF r = x - n * 0.693359375f - n * -2.12194440e-4f; \
        VF p = r * 1.9875691500e-4f + 1.3981999507e-3f; \
        p = p * r + 8.3334519073e-3f; \
        p = p * r + 4.1665795894e-2f; \
        p = p * r + 1.6666665459e-1f; \
        p = p * r + 5.0000001201e-1f; \
        *scale = (VF)(((VU)rounded - 0x4b400000u + 127u) << 23); \
        return p * r * r + r; \
    } \
    LANES_INLINE TARGET VF lanes_exp_##VF(VF x) \
    { \
        VF scale, rest = lanes_exp_rest_##VF(x, &scale); \
        return (rest + 1.0f) * scale; \
    } \
    LANES_INLINE TARGET VF lanes_exp_less_1_##VF(VF x) \
    { \
        VF scale, rest = lanes_exp_rest_##VF(x, &scale); \
        return rest * scale + (scale - 1.0f); \
    } \
    LANES_INLINE TARGET VF lanes_log_1p_##VF(VF u) \
    { \
        VF z = u / (2.0f + u), q = z * z, p = q * (1 / 15.0f) + 1 / 13.0f; \
        p = p * q + 1 / 11.0f; \
        p = p * q + 1 / 9.0f; \
        p = p * q + 1 / 7.0f; \
        p = p * q + 1 / 5.0f; \
        p = p * q + 1 / 3.0f; \
        return 2.0f * (p * q * z + z); \
    } \
    LANES_INLINE TARGET VF lanes_size_##VF(VF v) \
    { \
        return (VF)((VU)v & 0x7fffffffu); \
    } \
    LANES_INLINE TARGET VF lanes_erf_##VF(VF x) \
    { \
        VF t = lanes_size_##VF(x), s = x * x, most = 4.0f - (VF){0}; \
        VF near = s * -5.94243524e-4f + 4.98503074e-3f; \
        near = near * s - 2.67624482e-2f; \
        near = near * s + 1.12817645e-1f; \
        near = near * s - 3.76125008e-1f; \
        near = near * s + 1.28379151e-1f; \
        near = near * x + x; \
        t = lanes_pick_##VF(t > 4.0f, most, t); \
        VF far = t * -2.16260916e-4f + 3.23255127e-3f; \
        far = far * t - 2.29429100e-2f; \
        far = far * t + 1.05339408e-1f; \
        far = far * t + 6.35662913e-1f; \
        far = far * t + 1.28529802e-1f; \
        far = 1.0f - lanes_exp_##VF(-(far * t + t)); \
        return lanes_pick_##VF(t > 0.92f, (VF)((VU)far | ((VU)x & 0x80000000u)), near); \
    } \
    LANES_INLINE TARGET VF lanes_log_##VF(VF x) \
    { \
        VI power = (VI)((VU)x - 0x3f3504f3u) >> 23; \
        VF m = (VF)((VU)x - ((VU)power << 23)), z = (m - 1.0f) / (m + 1.0f), q = z * z, p = q * (1 / 9.0f) + 1 / 7.0f; \
        p = p * q + 1 / 5.0f; \
        p = p * q + 1 / 3.0f; \
        return __builtin_convertvector(power, VF) * 0.693147181f + 2.0f * (p * q * z + z); \
    } \
    LANES_INLINE TARGET VF lanes_cosine_##VF(VF x) \
    { \
        VF s = x * x, c = s * 4.77947733e-14f - 1.14707456e-11f; \
        c = c * s + 2.08767570e-9f; \
        c = c * s - 2.75573192e-7f; \
        c = c * s + 2.48015873e-5f; \
        c = c * s - 1.38888889e-3f; \
        c = c * s + 4.16666667e-2f; \
        c = c * s - 0.5f; \
        return c * s + 1.0f; \
    } \
    LANES_INLINE TARGET VU lanes_hash_##VU(VU unit, uint32_t low, uint32_t high) \
    { \
        VU h = (unit * 0x9e3779b9u) ^ low; \
        h = (h ^ (h >> 16)) * 0x7feb352du; \
        h = ((h ^ (h >> 15)) + high) * 0x846ca68bu; \
        h = (h ^ (h >> 16)) * 0x7feb352du; \
        return h ^ (h >> 15); \
    } \
    LANES_INLINE TARGET VF lanes_normal_##VU(VU first, VU second) \
    { \
        VF share = __builtin_convertvector((VI)(first >> 8) + 1, VF) * (1 / 16777216.0f); \
        VF turn = (__builtin_convertvector((VI)(second >> 8), VF) * (1 / 16777216.0f) - 0.5f) * 6.28318531f; \
        return lanes_root_##VF(-2.0f * lanes_log_##VF(share)) * lanes_cosine_##VF(turn); \
    }

LANES_MATH(LANES_PLAIN, vf4, vi4, vu4)
#if defined(__x86_64__)
LANES_MATH(LANES_AVX2, vf8, vi8, vu8)
LANES_MATH(LANES_AVX512, vf16, vi16, vu16)
#endif

#define lanes_exp(x) LANES_EACH(lanes_exp, x)(x)
#define lanes_exp_less_1(x) LANES_EACH(lanes_exp_less_1, x)(x)
#define lanes_log_1p(u) LANES_EACH(lanes_log_1p, u)(u)
#define lanes_size(v) LANES_EACH(lanes_size, v)(v)
#define lanes_erf(x) LANES_EACH(lanes_erf, x)(x)
#define lanes_cosine(x) LANES_EACH(lanes_cosine, x)(x)
#define lanes_log(x) LANES_EACH(lanes_log, x)(x)
#define lanes_hash(unit, low, high) LANES_EACH_INT(lanes_hash, unit)(unit, low, high)
#define lanes_normal(first, second) LANES_EACH_INT(lanes_normal, first)(first, second)

#endif
