/* Weights as model files have them to weights as the kernels read them: for each window, group and pair of vectors of outputs, all weights
 * of the window, line by line, column by column, channel by channel; outputs side by side, filled up with zeros. */
#include <string.h>

#include "num/convolution_parts.h"

/* One window: its taps, and the strides of the stored weights for its inputs and outputs. */
typedef struct Packing {
    ConvolutionTaps taps[2];
    int64_t kernel_width;
    int64_t groups, group_in, group_out;
    int64_t group_step, in_step, out_step; /* floats between neighbors in the stored weights */
    int64_t lanes;
} Packing;

static const float *tap_of(const Packing *p, const float *weights, int64_t tap)
{
    int64_t y = tap / p->taps[1].count, x = tap % p->taps[1].count;
    return weights + (p->taps[0].kernel + y * p->taps[0].kernel_step) * p->kernel_width + p->taps[1].kernel + x * p->taps[1].kernel_step;
}

static float *panel_pack(const Packing *p, const float *weights, int64_t outputs, float *to)
{
    int64_t width = outputs > p->lanes ? 2 * p->lanes : p->lanes;
    for (int64_t tap = 0; tap < p->taps[0].count * p->taps[1].count; tap++)
        for (int64_t i = 0; i < p->group_in; i++, to += width) {
            const float *from = tap_of(p, weights, tap) + i * p->in_step;
            for (int64_t j = 0; j < width; j++)
                to[j] = j < outputs ? from[j * p->out_step] : 0;
        }
    return to;
}

static float *window_pack(const Packing *p, const float *weights, float *to)
{
    for (int64_t g = 0; g < p->groups; g++)
        for (int64_t j = 0; j < p->group_out; j += 2 * p->lanes) {
            int64_t left = p->group_out - j;
            to = panel_pack(p, weights + g * p->group_step + j * p->out_step, left < 2 * p->lanes ? left : 2 * p->lanes, to);
        }
    return to;
}

static float *deep_pack(const Packing *p, const float *weights, float *to)
{
    for (int64_t tap = 0; tap < p->taps[0].count * p->taps[1].count; tap++)
        for (int64_t g = 0; g < p->groups; g++)
            *to++ = tap_of(p, weights, tap)[g * p->group_step];
    return to;
}

size_t convolution_packed(const Convolution *c)
{
    int64_t in = c->channels / c->groups, out = c->filters / c->groups;
    int64_t forward = in * ((out + 15) / 16 * 16), back = out * ((in + 15) / 16 * 16);
    return (size_t)(c->groups * c->kernel[0] * c->kernel[1] * (forward > back ? forward : back));
}

static Packing packing_of(const Convolution *c, const Kernels *k)
{
    int64_t taps = c->kernel[0] * c->kernel[1], in = c->channels / c->groups, out = c->filters / c->groups;
    return (Packing){.kernel_width = c->kernel[1],
                     .groups = c->groups,
                     .group_in = in,
                     .group_out = out,
                     .group_step = out * in * taps,
                     .in_step = taps,
                     .out_step = in * taps,
                     .lanes = (k ? k : kernels())->lanes};
}

void convolution_pack(const Convolution *c, const Kernels *k, const float *weights, float *packed)
{
    Packing p = packing_of(c, k);
    for (int d = 0; d < 2; d++)
        p.taps[d] = convolution_taps(c, d);
    (convolution_is_deep(c) ? deep_pack : window_pack)(&p, weights, packed);
}

/* The same with the parts of inputs and outputs changed, phase by phase. */
void convolution_pack_back(const Convolution *c, const Kernels *k, const float *weights, float *packed)
{
    Packing forward = packing_of(c, k), p = forward;
    p.group_in = forward.group_out;
    p.group_out = forward.group_in;
    p.in_step = forward.out_step;
    p.out_step = forward.in_step;
    for (int64_t y = 0; y < convolution_phases(c, 0); y++)
        for (int64_t x = 0; x < convolution_phases(c, 1); x++) {
            p.taps[0] = convolution_taps_back(c, 0, y);
            p.taps[1] = convolution_taps_back(c, 1, x);
            packed = (convolution_is_deep(c) ? deep_pack : window_pack)(&p, weights, packed);
        }
}
