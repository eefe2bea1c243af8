/* Geometry of convolutions, planes with zeros around, and the forward pass. */
#include <string.h>

#include "num/convolution_parts.h"

enum { BLOCK_FLOATS = 1 << 16 }; /* rows whose planes and gradients stay in the cache while dW goes over them */

int64_t convolution_places(const Convolution *c, int axis)
{
    int64_t free = c->before[axis] + c->size[axis] + c->after[axis] - (c->kernel[axis] - 1) * c->dilation[axis] - 1;
    return free < 0 ? 0 : free / c->stride[axis] + 1;
}

int64_t convolution_weights(const Convolution *c)
{
    return c->filters * (c->channels / c->groups) * c->kernel[0] * c->kernel[1];
}

int64_t convolution_macs(const Convolution *c)
{
    return convolution_weights(c) * convolution_places(c, 0) * convolution_places(c, 1);
}

int64_t convolution_in(const Convolution *c)
{
    return c->size[0] * c->size[1] * c->channels;
}

int64_t convolution_out(const Convolution *c)
{
    return convolution_places(c, 0) * convolution_places(c, 1) * c->filters;
}

bool convolution_is_deep(const Convolution *c)
{
    return c->groups > 1 && c->groups == c->channels && c->filters == c->channels;
}

bool convolution_is_flat(const Convolution *c)
{
    bool is_flat = true;
    for (int d = 0; d < 2; d++)
        is_flat &= c->kernel[d] == 1 && c->stride[d] == 1 && c->before[d] == 0 && c->after[d] == 0;
    return is_flat;
}

ConvolutionTaps convolution_taps(const Convolution *c, int axis)
{
    return (ConvolutionTaps){0, c->dilation[axis], c->kernel[axis], 0, 1};
}

int64_t convolution_phases(const Convolution *c, int axis)
{
    return c->stride[axis] < c->size[axis] ? c->stride[axis] : c->size[axis];
}

/* Weight k of output o is on the place o * stride + k * dilation of the plane: of all k those where o is whole, the last one first. */
ConvolutionTaps convolution_taps_back(const Convolution *c, int axis, int64_t phase)
{
    int64_t stride = c->stride[axis], dilation = c->dilation[axis], place = phase + c->before[axis];
    ConvolutionTaps t = {.step = 1, .kernel_step = -1};
    for (int64_t k = c->kernel[axis] - 1; k >= 0; k--) {
        int64_t away = place - k * dilation;
        if (away % stride)
            continue;
        if (t.count == 0) {
            t.first = away / stride;
            t.kernel = k;
        } else if (t.count == 1) {
            t.step = away / stride - t.first;
            t.kernel_step = k - t.kernel;
        }
        t.count++;
    }
    return t;
}

static Plane plane_make(const int64_t inner[2], const int64_t before[2], const int64_t after[2], int64_t channels)
{
    Plane p = {.channels = channels};
    for (int d = 0; d < 2; d++) {
        p.inner[d] = inner[d];
        p.before[d] = before[d];
        p.size[d] = before[d] + inner[d] + after[d];
        p.is_padded |= p.size[d] != inner[d];
    }
    return p;
}

int64_t plane_line(const Plane *p)
{
    return p->size[1] * p->channels;
}

int64_t plane_floats(const Plane *p)
{
    return p->size[0] * plane_line(p);
}

Plane plane_of_x(const Convolution *c)
{
    return plane_make(c->size, c->before, c->after, c->channels);
}

Plane plane_of_dy(const Convolution *c)
{
    int64_t places[2], before[2] = {0, 0}, after[2] = {0, 0};
    for (int d = 0; d < 2; d++) {
        places[d] = convolution_places(c, d);
        for (int64_t phase = 0; phase < convolution_phases(c, d); phase++) {
            ConvolutionTaps t = convolution_taps_back(c, d, phase);
            int64_t last = (c->size[d] - 1 - phase) / c->stride[d] + t.first + (t.count - 1) * t.step - (places[d] - 1);
            before[d] = t.count && -t.first > before[d] ? -t.first : before[d];
            after[d] = t.count && last > after[d] ? last : after[d];
        }
    }
    return plane_make(places, before, after, c->filters);
}

void plane_fill(const Plane *p, const float *row, float *to)
{
    int64_t line = p->inner[1] * p->channels;
    to += p->before[0] * plane_line(p) + p->before[1] * p->channels;
    for (int64_t y = 0; y < p->inner[0]; y++)
        memcpy(to + y * plane_line(p), row + y * line, (size_t)line * sizeof *to);
}

void plane_clear(const Plane *p, float *to, int64_t rows)
{
    if (p->is_padded)
        memset(to, 0, (size_t)(plane_floats(p) * rows) * sizeof *to);
}

static int64_t aligned(int64_t floats)
{
    return (floats + 15) / 16 * 16;
}

static int64_t block_rows(const Convolution *c)
{
    Plane x = plane_of_x(c);
    int64_t rows = BLOCK_FLOATS / (plane_floats(&x) + convolution_out(c) + 1);
    return rows < 1 ? 1 : rows;
}

/* Several rows share what it costs to look at many phases. */
static int64_t block_rows_back(const Convolution *c)
{
    Plane dy = plane_of_dy(c);
    int64_t rows = BLOCK_FLOATS / (plane_floats(&dy) + convolution_in(c) + 1);
    return rows < 1 || convolution_phases(c, 0) * convolution_phases(c, 1) == 1 ? 1 : rows;
}

static int64_t planes_floats(const Convolution *c)
{
    Plane x = plane_of_x(c), dy = plane_of_dy(c);
    int64_t forward = x.is_padded ? plane_floats(&x) * block_rows(c) : 0, back = dy.is_padded ? plane_floats(&dy) * block_rows_back(c) : 0;
    return aligned(forward > back ? forward : back);
}

/* An offset of each weight of a filter is the most that a pass needs: each takes the room of two floats. */
static int64_t offsets_floats(const Convolution *c)
{
    return aligned(2 * (convolution_weights(c) / c->filters + c->kernel[0] * c->kernel[1]));
}

size_t convolution_scratch(const Convolution *c)
{
    return (size_t)(offsets_floats(c) + planes_floats(c)) + convolution_packed(c);
}

ConvolutionScratch convolution_scratch_parts(const ConvolutionPass *p)
{
    const Convolution *c = p->conv;
    ConvolutionScratch s = {.offsets = (int64_t *)(void *)p->scratch, .block = block_rows(c), .block_back = block_rows_back(c)};
    s.planes = p->scratch + offsets_floats(c);
    s.weights = s.planes + planes_floats(c);
    return s;
}

/* Places side by side are one segment; a kernel of one filter for each channel takes each place alone. */
void windows_view(const Windows *w, ConvView *v, const ConvolutionTaps taps[2], const int64_t line_place[2], int64_t *offsets)
{
    int64_t length = w->is_deep ? 1 : w->group_in, columns = taps[1].count;
    bool is_joined = !w->is_deep && taps[1].step * line_place[1] == length;
    v->length = is_joined ? length * columns : length;
    v->offsets = offsets;
    columns = is_joined ? 1 : columns;
    v->segments = taps[0].count * columns;
    for (int64_t y = 0; y < taps[0].count; y++)
        for (int64_t x = 0; x < columns; x++)
            *offsets++ = (taps[0].first + y * taps[0].step) * line_place[0] + (taps[1].first + x * taps[1].step) * line_place[1];
}

static const float *deep_run(const Windows *w, const ConvView *whole)
{
    ConvView v = *whole;
    v.n = v.b_step = w->groups;
    (w->is_exact ? w->kernels->depth_exact : w->kernels->depth)(&v);
    return v.b + v.segments * v.n;
}

/* The filters of all groups by two vectors. */
const float *windows_run(const Windows *w, const ConvView *whole)
{
    ConvView v = *whole;
    int64_t lanes = w->kernels->lanes;
    if (w->is_deep)
        return deep_run(w, whole);
    for (int64_t g = 0; g < w->groups; g++)
        for (int64_t j = 0; j < w->group_out; j += 2 * lanes) {
            int64_t at = g * w->group_out + j, left = w->group_out - j;
            v.n = left < 2 * lanes ? left : 2 * lanes;
            v.a = whole->a + g * w->group_in;
            v.c = whole->c + at;
            v.bias = whole->bias ? whole->bias + at : NULL;
            v.b = w->b_step ? whole->b + at : v.b;
            v.b_step = w->b_step ? w->b_step : (v.n > lanes ? 2 : 1) * lanes;
            (w->is_exact ? w->kernels->conv_exact : w->kernels->conv)(&v);
            v.b += v.segments * v.length * v.b_step;
        }
    return v.b;
}

/* Whole vectors of filters are read where they are. */
static Windows windows_forward(const ConvolutionPass *p, bool is_exact)
{
    const Convolution *c = p->conv;
    Windows w = {.kernels = p->kernels ? p->kernels : kernels(),
                 .is_exact = is_exact,
                 .is_deep = convolution_is_deep(c),
                 .groups = c->groups,
                 .group_in = c->channels / c->groups,
                 .group_out = c->filters / c->groups};
    w.b_step = w.is_deep || w.group_out % w.kernels->lanes == 0 ? c->filters : 0;
    return w;
}

/* Rows that need no zeros and no neighbors go together. */
static void forward(const ConvolutionPass *p, bool is_exact)
{
    const Convolution *c = p->conv;
    ConvolutionScratch s = convolution_scratch_parts(p);
    Plane plane = plane_of_x(c);
    Windows w = windows_forward(p, is_exact);
    int64_t lines = convolution_places(c, 0), places = convolution_places(c, 1);
    bool is_flat = convolution_is_flat(c);
    ConvView v = {.b = w.b_step ? p->weights : s.weights,
                  .a_place = c->stride[1] * c->channels,
                  .a_line = c->stride[0] * plane_line(&plane),
                  .c_place = c->filters,
                  .c_line = places * c->filters,
                  .bias = p->bias,
                  .relu = p->relu};
    ConvolutionTaps taps[2] = {convolution_taps(c, 0), convolution_taps(c, 1)};
    windows_view(&w, &v, taps, (int64_t[2]){plane_line(&plane), c->channels}, s.offsets);
    if (!w.b_step)
        convolution_pack(c, w.kernels, p->weights, s.weights);
    plane_clear(&plane, s.planes, 1);
    for (int64_t r = 0, count; r < p->rows; r += count) {
        count = !is_flat ? 1 : p->rows - r < s.block ? p->rows - r : s.block;
        const float *x = p->x + r * convolution_in(c);
        if (plane.is_padded)
            plane_fill(&plane, x, s.planes);
        v.a = plane.is_padded ? s.planes : x;
        v.c = p->y + r * convolution_out(c);
        v.lines = is_flat ? 1 : lines;
        v.places = is_flat ? count * lines * places : places;
        windows_run(&w, &v);
    }
}

void convolution_forward(const ConvolutionPass *p)
{
    forward(p, false);
}

void convolution_infer(const ConvolutionPass *p)
{
    forward(p, true);
}
