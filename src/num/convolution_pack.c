/* Weights in the order in which windows take them: for each phase, group and pair of vectors of outputs, all weights of the window, line
 * by line, column by column, channel by channel; outputs side by side, filled up with zeros. */
#include <string.h>

#include "num/convolution_parts.h"

/* One window: its taps, and how far apart the weights of its inputs and outputs are. */
typedef struct Packing {
    const Kernels *kernels;
    ConvolutionTaps taps[2];
    int64_t kernel_width, tap_step;      /* floats between neighbors of the kernel */
    int64_t groups, group_in, group_out; /* numbers of a group that the window reads and makes */
    int64_t group_step, in_step, out_step;
} Packing;

static const float *tap_of(const Packing *p, const float *weights, int64_t tap)
{
    int64_t y = p->taps[0].kernel + tap / p->taps[1].count * p->taps[0].kernel_step;
    int64_t x = p->taps[1].kernel + tap % p->taps[1].count * p->taps[1].kernel_step;
    return weights + (y * p->kernel_width + x) * p->tap_step;
}

/* The outputs of one panel for the inputs of one tap: rows are inputs. */
static void tap_pack(const Packing *p, const float *from, int64_t outputs, int64_t width, float *to)
{
    if (outputs < width)
        memset(to, 0, (size_t)(p->group_in * width) * sizeof *to);
    if (p->in_step == 1) {
        p->kernels->turn(&(TurnView){from, to, p->out_step, width, outputs, p->group_in});
        return;
    }
    for (int64_t i = 0; i < p->group_in; i++)
        memcpy(to + i * width, from + i * p->in_step, (size_t)outputs * sizeof *to);
}

static float *window_pack(const Packing *p, const float *weights, float *to)
{
    int64_t lanes = p->kernels->lanes, taps = p->taps[0].count * p->taps[1].count;
    for (int64_t g = 0; g < p->groups; g++)
        for (int64_t j = 0; j < p->group_out; j += 2 * lanes) {
            int64_t left = p->group_out - j, outputs = left < 2 * lanes ? left : 2 * lanes, width = (outputs > lanes ? 2 : 1) * lanes;
            for (int64_t tap = 0; tap < taps; tap++, to += p->group_in * width)
                tap_pack(p, tap_of(p, weights, tap) + g * p->group_step + j * p->out_step, outputs, width, to);
        }
    return to;
}

static float *deep_pack(const Packing *p, const float *weights, float *to)
{
    for (int64_t tap = 0; tap < p->taps[0].count * p->taps[1].count; tap++, to += p->groups)
        memcpy(to, tap_of(p, weights, tap), (size_t)p->groups * sizeof *to);
    return to;
}

size_t convolution_packed(const Convolution *c)
{
    int64_t in = c->channels / c->groups, out = c->filters / c->groups;
    int64_t forward = in * ((out + 15) / 16 * 16), back = out * ((in + 15) / 16 * 16);
    return (size_t)(c->groups * c->kernel[0] * c->kernel[1] * (forward > back ? forward : back));
}

void convolution_pack(const Convolution *c, const Kernels *k, const float *weights, float *packed)
{
    Packing p = {.kernels = k,
                 .taps = {convolution_taps(c, 0), convolution_taps(c, 1)},
                 .kernel_width = c->kernel[1],
                 .tap_step = c->channels / c->groups * c->filters,
                 .groups = c->groups,
                 .group_in = c->channels / c->groups,
                 .group_out = c->filters / c->groups,
                 .group_step = c->filters / c->groups,
                 .in_step = c->filters,
                 .out_step = 1};
    window_pack(&p, weights, packed);
}

/* The same with the parts of inputs and outputs changed, phase by phase. */
void convolution_pack_back(const Convolution *c, const Kernels *k, const float *weights, float *packed)
{
    Packing p = {.kernels = k,
                 .kernel_width = c->kernel[1],
                 .tap_step = c->channels / c->groups * c->filters,
                 .groups = c->groups,
                 .group_in = c->filters / c->groups,
                 .group_out = c->channels / c->groups,
                 .group_step = c->filters / c->groups,
                 .in_step = 1,
                 .out_step = c->filters};
    for (int64_t y = 0; y < convolution_phases(c, 0); y++)
        for (int64_t x = 0; x < convolution_phases(c, 1); x++) {
            p.taps[0] = convolution_taps_back(c, 0, y);
            p.taps[1] = convolution_taps_back(c, 1, x);
            packed = (convolution_is_deep(c) ? deep_pack : window_pack)(&p, weights, packed);
        }
}
