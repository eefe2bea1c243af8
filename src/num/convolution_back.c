/* Gradients of convolutions. dX of a stride above one is cut into phases: inputs whose places are equal modulo the stride see the same
 * weights, and each phase is a convolution of dy. */
#include <string.h>

#include "num/convolution_parts.h"

/* Some rows: dy, or their planes; and dx. */
typedef struct BackRows {
    const Convolution *conv;
    const Plane *plane;
    const Windows *windows;
    int64_t *offsets;
    const float *dy;
    float *dx;
    int64_t rows;
} BackRows;

/* The inputs of one phase in all rows; gives what stands behind its weights. */
static const float *phase_back(const BackRows *b, const int64_t phase[2], const float *weights)
{
    const Convolution *c = b->conv;
    int64_t line = c->size[1] * c->channels, places = plane_line(b->plane);
    const float *end = weights;
    ConvolutionTaps taps[2];
    int64_t count[2];
    for (int d = 0; d < 2; d++) {
        taps[d] = convolution_taps_back(c, d, phase[d]);
        count[d] = (c->size[d] - 1 - phase[d]) / c->stride[d] + 1;
    }
    ConvView v = {.b = weights,
                  .a_place = c->filters,
                  .a_line = places,
                  .c_place = c->stride[1] * c->channels,
                  .c_line = c->stride[0] * line,
                  .places = count[1],
                  .lines = count[0]};
    windows_view(b->windows, &v, taps, (int64_t[2]){places, c->filters}, b->offsets);
    for (int64_t r = 0; r < b->rows; r++) {
        v.a = b->dy + r * plane_floats(b->plane) + b->plane->before[0] * places + b->plane->before[1] * c->filters;
        v.c = b->dx + r * convolution_in(c) + phase[0] * line + phase[1] * c->channels;
        end = windows_run(b->windows, &v);
    }
    return end;
}

static void input_back(const ConvolutionPass *p)
{
    Convolution c = *p->conv;
    int64_t rows = p->rows;
    if (convolution_is_flat(&c)) { /* all rows are one long line */
        c.size[1] *= c.size[0] * rows;
        c.size[0] = rows = 1;
    }
    ConvolutionScratch s = convolution_scratch_parts(p);
    Plane plane = plane_of_dy(&c);
    Windows w = {.kernels = p->kernels ? p->kernels : kernels(),
                 .is_deep = convolution_is_deep(&c),
                 .groups = c.groups,
                 .group_in = c.filters / c.groups,
                 .group_out = c.channels / c.groups};
    convolution_pack_back(&c, w.kernels, p->weights, s.weights);
    plane_clear(&plane, s.planes, rows < s.block_back ? rows : s.block_back);
    for (int64_t r = 0; r < rows; r += s.block_back) {
        const float *dy = p->dy + r * convolution_out(&c), *weights = s.weights;
        BackRows b = {&c, &plane, &w, s.offsets, plane.is_padded ? s.planes : dy, p->dx + r * convolution_in(&c), s.block_back};
        b.rows = rows - r < s.block_back ? rows - r : s.block_back;
        for (int64_t i = 0; plane.is_padded && i < b.rows; i++)
            plane_fill(&plane, dy + i * convolution_out(&c), s.planes + i * plane_floats(&plane));
        for (int64_t y = 0; y < convolution_phases(&c, 0); y++)
            for (int64_t x = 0; x < convolution_phases(&c, 1); x++)
                weights = phase_back(&b, (int64_t[2]){y, x}, weights);
    }
}

/* Where each weight of a filter looks, from a window's place. */
static int64_t weights_offsets(const Convolution *c, const Plane *plane, int64_t *offsets)
{
    int64_t channels = convolution_is_deep(c) ? 1 : c->channels / c->groups, at = 0;
    for (int64_t y = 0; y < c->kernel[0]; y++)
        for (int64_t x = 0; x < c->kernel[1]; x++)
            for (int64_t i = 0; i < channels; i++)
                offsets[at++] = y * c->dilation[0] * plane_line(plane) + x * c->dilation[1] * c->channels + i;
    return at;
}

static void sums_run(const Convolution *c, const Kernels *k, const ConvSums *whole)
{
    ConvSums v = *whole;
    v.n = c->filters / c->groups;
    if (convolution_is_deep(c)) {
        v.n = c->filters;
        k->depth_sums(&v);
        return;
    }
    for (int64_t g = 0; g < c->groups; g++) {
        v.a = whole->a + g * (c->channels / c->groups);
        v.b = whole->b + g * v.n;
        v.c = whole->c + g * v.n;
        k->conv_sums(&v);
    }
}

static void weights_back(const ConvolutionPass *p)
{
    const Convolution *c = p->conv;
    ConvolutionScratch s = convolution_scratch_parts(p);
    Plane plane = plane_of_x(c);
    int64_t places = convolution_places(c, 1), in = plane.is_padded ? plane_floats(&plane) : convolution_in(c);
    ConvSums v = {.offsets = s.offsets,
                  .count = {0, convolution_places(c, 0), places},
                  .a_step = {in, c->stride[0] * plane_line(&plane), c->stride[1] * c->channels},
                  .b_step = {convolution_out(c), places * c->filters, c->filters},
                  .c = p->dw,
                  .c_row = c->filters,
                  .k = weights_offsets(c, &plane, s.offsets)};
    plane_clear(&plane, s.planes, s.block < p->rows ? s.block : p->rows);
    if (p->rows == 0)
        memset(p->dw, 0, (size_t)convolution_weights(c) * sizeof(float));
    for (int64_t r = 0; r < p->rows; r += s.block) {
        v.count[0] = p->rows - r < s.block ? p->rows - r : s.block;
        for (int64_t i = 0; plane.is_padded && i < v.count[0]; i++)
            plane_fill(&plane, p->x + (r + i) * convolution_in(c), s.planes + i * in);
        v.a = plane.is_padded ? s.planes : p->x + r * in;
        v.b = p->dy + r * convolution_out(c);
        v.add = r > 0;
        sums_run(c, p->kernels ? p->kernels : kernels(), &v);
    }
}

void convolution_backward(const ConvolutionPass *p)
{
    const Convolution *c = p->conv;
    const Kernels *k = p->kernels ? p->kernels : kernels();
    size_t places = (size_t)(p->rows * convolution_places(c, 0) * convolution_places(c, 1)), filters = (size_t)c->filters;
    if (p->db)
        k->bias_back(p->dy, p->relu ? p->y : NULL, p->db, places, filters);
    else if (p->relu)
        k->relu_back(p->dy, p->y, p->dy, places * filters);
    if (p->dw)
        weights_back(p);
    if (p->dx)
        input_back(p);
}
