/* How an optimizer's file writes its rule, once for all processors:
 *
 *   UPDATE_RULE(adam, 2, AdamStep, {
 *       m0 = c->beta1 * m0 + c->rest1 * g;
 *       ...
 *       unit = ...; way = ...;
 *   })
 *
 * The rule sees the constants c, vectors of weights w and gradients g, and its moments m0 .. m2, which it changes. It says by how much
 * each weight goes down (way), and how far a lasting gradient of 1 would move it now (unit: the measure of the L1 penalty). vf is the
 * type of a vector. */
#ifndef NET_UPDATE_RULE_H
#define NET_UPDATE_RULE_H

#include "net/optimizer.h"
#include "num/lanes.h"

#define UPDATE_AT(VF, p) (*(VF##_place *)(p))
#define UPDATE_READ(VF, p) (*(const VF##_place *)(p))

/* The parts of a pass that are the same for all rules. is_plain is known when it is compiled. */
#define UPDATE_COMMON(TARGET, VF) \
    LANES_INLINE TARGET VF update_gradient_##VF(const UpdateView *u, size_t i, VF w, const bool is_plain) \
    { \
        VF g = UPDATE_READ(VF, u->gradients[0] + i); \
        for (int s = 1; s < u->parts; s++) \
            g += UPDATE_READ(VF, u->gradients[s] + i); \
        g *= u->scale; \
        if (is_plain) \
            return g; \
        if (u->clip > 0) \
            g = lanes_clamp(g, -u->clip, u->clip); \
        if (u->l2 > 0) \
            g += u->l2 * w; \
        return g; \
    } \
    LANES_INLINE TARGET void update_put_##VF(const UpdateView *u, size_t i, VF w) \
    { \
        if (u->is_shared) \
            lanes_stream(u->weights + i, w); \
        else \
            UPDATE_AT(VF, u->weights + i) = w; \
    }

UPDATE_COMMON(LANES_PLAIN, vf4)
#if defined(__x86_64__)
UPDATE_COMMON(LANES_AVX2, vf8)
UPDATE_COMMON(LANES_AVX512, vf16)
#endif

#define UPDATE_PASS(TARGET, NAME, MOMENTS, CONSTANTS, VF, ...) \
    LANES_INLINE TARGET void NAME##_pass_##VF(const UpdateView *u, const bool is_plain) \
    { \
        typedef VF vf; \
        _Static_assert(sizeof(CONSTANTS) <= UPDATE_CONSTANTS && MOMENTS <= UPDATE_MOMENTS, "an update has no room for them"); \
        const CONSTANTS here = *(const CONSTANTS *)u->constants, *const c = &here; \
        for (size_t i = 0; i < u->count; i += sizeof(vf) / sizeof(float)) { \
            vf w = UPDATE_READ(VF, u->weights + i), g = update_gradient_##VF(u, i, w, is_plain), way, unit; \
            vf m0 = {0}, m1 = {0}, m2 = {0}; \
            if (MOMENTS > 0) \
                m0 = UPDATE_READ(VF, u->moments[0] + i); \
            if (MOMENTS > 1) \
                m1 = UPDATE_READ(VF, u->moments[1] + i); \
            if (MOMENTS > 2) \
                m2 = UPDATE_READ(VF, u->moments[2] + i); \
            __VA_ARGS__ \
            if (MOMENTS > 0) \
                UPDATE_AT(VF, u->moments[0] + i) = m0; \
            if (MOMENTS > 1) \
                UPDATE_AT(VF, u->moments[1] + i) = m1; \
            if (MOMENTS > 2) \
                UPDATE_AT(VF, u->moments[2] + i) = m2; \
            if (!is_plain && u->decay > 0) \
                w *= 1 - u->decay; \
            w -= way; \
            if (!is_plain && u->l1 > 0) \
                w = lanes_shrink(w, unit * u->l1); \
            update_put_##VF(u, i, w); \
        } \
        lanes_stream_end(); \
    } \
    static TARGET void NAME##_update_##VF(const UpdateView *u) \
    { \
        if (update_is_plain(u)) \
            NAME##_pass_##VF(u, true); \
        else \
            NAME##_pass_##VF(u, false); \
    }

#if defined(__x86_64__)
#define UPDATE_RULE(NAME, MOMENTS, CONSTANTS, ...) \
    UPDATE_PASS(LANES_PLAIN, NAME, MOMENTS, CONSTANTS, vf4, __VA_ARGS__) \
    UPDATE_PASS(LANES_AVX2, NAME, MOMENTS, CONSTANTS, vf8, __VA_ARGS__) \
    UPDATE_PASS(LANES_AVX512, NAME, MOMENTS, CONSTANTS, vf16, __VA_ARGS__)
#define UPDATE_OF(NAME) \
    { \
        [KERNEL_PORTABLE] = NAME##_update_vf4, [KERNEL_AVX2] = NAME##_update_vf8, [KERNEL_AVX512] = NAME##_update_vf16 \
    }
#else
#define UPDATE_RULE(NAME, MOMENTS, CONSTANTS, ...) UPDATE_PASS(LANES_PLAIN, NAME, MOMENTS, CONSTANTS, vf4, __VA_ARGS__)
#define UPDATE_OF(NAME) \
    { \
        [KERNEL_PORTABLE] = NAME##_update_vf4 \
    }
#endif

#endif
