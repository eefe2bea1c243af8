/* Norms of rows, by vectors, compiled for all processors. */
#include "net/layers/norm_rows.h"

#include <math.h>

#include "num/lanes.h"

enum { LANES = 16 };

/* In one order at all widths. */
static float sum_of(float lanes[LANES])
{
    for (int half = LANES / 2; half; half /= 2)
        for (int i = 0; i < half; i++)
            lanes[i] += lanes[i + half];
    return lanes[0];
}

static size_t rest(size_t n, size_t at)
{
    return n > at ? n - at : 0;
}

typedef struct Moments {
    float mean, scale; /* 1 / sqrt(variance + eps) */
} Moments;

/* Sums over a group, 16 lanes at a time: of EACH, which sees x and where i it begins. */
#define SUM_OF(VF, EACH) \
    for (size_t block = 0; block < n->width; block += LANES) \
        for (size_t part = 0; part < LANES * sizeof(float) / sizeof(VF); part++) { \
            const size_t i = block + part * sizeof(VF) / sizeof(float), left = rest(n->width, i); \
            const VF v = lanes_take_##VF(x + (left ? i : 0), left); \
            EACH \
        }

#define PASSES(TARGET, VF, ...) \
    static TARGET Moments moments_##VF(const NormRows *n, const float *x) \
    { \
        VF sums[LANES * sizeof(float) / sizeof(VF)] = {{0}}, squares[LANES * sizeof(float) / sizeof(VF)] = {{0}}; \
        float lanes[LANES]; \
        SUM_OF(VF, sums[part] += v;) \
        memcpy(lanes, sums, sizeof lanes); \
        const float mean = sum_of(lanes) / (float)n->width; \
        SUM_OF(VF, const VF d = lanes_first_##VF(v - mean, left); squares[part] += d * d;) \
        memcpy(lanes, squares, sizeof lanes); \
        return (Moments){mean, 1 / sqrtf(sum_of(lanes) / (float)n->width + n->eps)}; \
    } \
    static TARGET void forward_##VF(const NormRows *n) \
    { \
        for (size_t g = 0; g < n->rows * n->groups; g++) { \
            const float *x = n->x + g * n->width; \
            const size_t first = g % n->groups * n->width; \
            const Moments m = moments_##VF(n, x); \
            for (size_t i = 0; i < n->width; i += sizeof(VF) / sizeof(float)) { \
                const size_t left = n->width - i; \
                const VF w = lanes_take_##VF(n->weight + first + i, left), b = lanes_take_##VF(n->bias + first + i, left); \
                lanes_put_##VF(n->y + g * n->width + i, (lanes_take_##VF(x + i, left) - m.mean) * m.scale * w + b, left); \
            } \
        } \
    } \
    /* dx = scale * (g - mean(g) - h * mean(g h)), of g = dy * weight and h = (x - mean) * scale. */ \
    static TARGET void group_back_##VF(const NormRows *n, size_t group, const float *x, const float *dy) \
    { \
        VF sums[LANES * sizeof(float) / sizeof(VF)] = {{0}}, products[LANES * sizeof(float) / sizeof(VF)] = {{0}}; \
        float lanes[LANES]; \
        const size_t first = group % n->groups * n->width; \
        const Moments m = moments_##VF(n, x); \
        SUM_OF(VF, const size_t at = left ? i : 0; \
               const VF g = lanes_take_##VF(dy + at, left) * lanes_take_##VF(n->weight + first + at, left); sums[part] += g; \
               products[part] += g * ((v - m.mean) * m.scale);) \
        memcpy(lanes, sums, sizeof lanes); \
        const float mean = sum_of(lanes) / (float)n->width; \
        memcpy(lanes, products, sizeof lanes); \
        const float product = sum_of(lanes) / (float)n->width; \
        for (size_t i = 0; i < n->width; i += sizeof(VF) / sizeof(float)) { \
            const size_t left = n->width - i; \
            const VF h = (lanes_take_##VF(x + i, left) - m.mean) * m.scale, d = lanes_take_##VF(dy + i, left); \
            float *dw = n->dw + first + i, *db = n->db + first + i; \
            lanes_put_##VF(dw, lanes_take_##VF(dw, left) + d * h, left); \
            lanes_put_##VF(db, lanes_take_##VF(db, left) + d, left); \
            if (n->dx) \
                lanes_put_##VF(n->dx + group * n->width + i, \
                               (d * lanes_take_##VF(n->weight + first + i, left) - mean - h * product) * m.scale, left); \
        } \
    } \
    static TARGET void back_##VF(const NormRows *n) \
    { \
        for (size_t g = 0; g < n->rows * n->groups; g++) \
            group_back_##VF(n, g, n->x + g * n->width, n->dy + g * n->width); \
    }

LANES_ALL(PASSES, )

void norm_rows_forward(const NormRows *n)
{
    static void (*const levels[KERNEL_LEVELS])(const NormRows *) = LANES_LEVELS(forward);
    levels[kernels()->level](n);
}

void norm_rows_back(const NormRows *n)
{
    static void (*const levels[KERNEL_LEVELS])(const NormRows *) = LANES_LEVELS(back);
    memset(n->dw, 0, n->groups * n->width * sizeof(float));
    memset(n->db, 0, n->groups * n->width * sizeof(float));
    levels[kernels()->level](n);
}
