/* conv1d: filters slide along the length. Weights are [kernel, channels, filters]; a vector counts as one channel. */
#include "num/conv.h"

#include <string.h>

#include "net/layer.h"

typedef struct Conv1d {
    LayerPlace place;
    int64_t filters, kernel, stride;
    int padding;
    bool bias;
    int init;
} Conv1d;

static const char *const paddings[] = {"same", "valid", NULL};
enum { SAME, VALID, WEIGHT = 0, BIAS = 1 };

static const Field fields[] = {
    {INT_FIELD(Conv1d, filters), .doc = "number of output channels", .def = NULL, .min = 1, .max = 65536, .soft_min = 8, .soft_max = 128,
     .scale = SCALE_LOG, .positional = true},
    {INT_FIELD(Conv1d, kernel), .doc = "places a filter sees", .def = "3", .min = 1, .max = 4096, .soft_min = 3, .soft_max = 9,
     .positional = true},
    {INT_FIELD(Conv1d, stride), .doc = "places between two outputs", .def = "1", .min = 1, .max = 4096, .soft_min = 1, .soft_max = 4},
    {CHOICE_FIELD(Conv1d, padding), .doc = "same: zeros outside; valid: whole windows only", .def = "same", .choices = paddings},
    {FLAG_FIELD(Conv1d, bias), .doc = "add a bias to each filter", .def = "true"},
    {CHOICE_FIELD(Conv1d, init), .doc = "how weights are drawn", .def = "uniform", .choices = layer_init_choices},
    LAYER_PLACE(Conv1d),
    {.name = NULL},
};

/* "same" gives ceil(length / stride) places; an odd zero goes behind. */
static ConvShape conv_of(const Conv1d *d, Shape in)
{
    ConvShape c = {.length = in.length, .channels = in.channels, .kernel = d->kernel, .filters = d->filters, .stride = d->stride};
    if (d->padding == SAME) {
        c.places = (in.length + d->stride - 1) / d->stride;
        int64_t zeros = (c.places - 1) * d->stride + d->kernel - in.length;
        c.left = zeros > 0 ? zeros / 2 : 0;
        c.right = zeros > 0 ? zeros - c.left : 0;
    } else {
        c.places = in.length < d->kernel ? 0 : (in.length - d->kernel) / d->stride + 1;
    }
    return c;
}

static bool conv1d_shape(const void *params, Shape in, Shape *out, Error *e)
{
    const Conv1d *d = params;
    Shape sequence;
    if (!shape_as_sequence(in, &sequence, e))
        return false;
    ConvShape c = conv_of(d, in);
    if (c.places < 1)
        return error_set(e, ERROR_USAGE, "kernel %lld is longer than the input (%lld); use padding = \"same\"", (long long)d->kernel,
                         (long long)in.length);
    *out = shape_sequence(c.places, d->filters);
    return true;
}

static size_t conv1d_tensors(const void *params, Shape in, LayerTensor out[LAYER_TENSORS])
{
    const Conv1d *d = params;
    out[WEIGHT] = (LayerTensor){.name = "weight",
                                .rank = 3,
                                .dims = {d->kernel, in.channels, d->filters},
                                .is_trained = true,
                                .is_penalized = true,
                                .axes = {2, 1, 0, 3}};
    out[BIAS] = (LayerTensor){.name = "bias", .rank = 1, .dims = {d->filters}, .is_trained = true};
    return d->bias ? 2 : 1;
}

static void conv1d_init(const void *params, Shape in, Rng *rng, float *const *tensors)
{
    const Conv1d *d = params;
    Fan fan = {d->kernel * in.channels, d->kernel * d->filters};
    layer_init_weights(d->init, rng, fan, tensors[WEIGHT], fan.in * d->filters);
    if (d->bias && d->init == INIT_UNIFORM)
        layer_init_weights(d->init, rng, fan, tensors[BIAS], d->filters);
}

static int64_t conv1d_macs(const void *params, Shape in)
{
    const Conv1d *d = params;
    return conv_of(d, in).places * d->kernel * in.channels * d->filters;
}

typedef struct Scratch {
    size_t padded, spread, flipped, end; /* offsets in floats */
} Scratch;

static Scratch scratch_of(const ConvShape *c)
{
    Scratch s = {0};
    s.spread = (size_t)((c->left + c->length + c->right) * c->channels);
    s.flipped = s.spread + (size_t)(conv_spread_places(c) * c->filters);
    s.end = s.flipped + (size_t)(c->kernel * c->channels * c->filters);
    return s;
}

static size_t conv1d_scratch(const void *params, Shape in)
{
    ConvShape c = conv_of(params, in);
    return scratch_of(&c).end;
}

static void convolve(const LayerPass *p, bool exact)
{
    const Conv1d *d = p->params;
    ConvShape c = conv_of(d, p->in);
    size_t in = (size_t)shape_size(p->in), out = (size_t)shape_size(p->out), places = (size_t)c.places;
    for (size_t r = 0; r < p->rows; r++) {
        float *y = p->y + r * out;
        conv_pad(&c, p->x + r * in, p->scratch);
        conv_forward(&c, p->scratch, p->tensors[WEIGHT], y, exact);
        if (d->bias)
            kernels()->bias(y, p->tensors[BIAS], places, (size_t)c.filters, p->relu);
        else if (p->relu)
            kernels()->relu(y, y, out);
    }
}

static void conv1d_forward(const LayerPass *p)
{
    convolve(p, false);
}

static void conv1d_infer(const LayerPass *p)
{
    convolve(p, true);
}

static void conv1d_backward(const LayerPass *p)
{
    const Conv1d *d = p->params;
    ConvShape c = conv_of(d, p->in);
    Scratch s = scratch_of(&c);
    size_t in = (size_t)shape_size(p->in), out = (size_t)shape_size(p->out);
    float *padded = p->scratch, *spread = p->scratch + s.spread, *flipped = p->scratch + s.flipped;
    if (d->bias)
        kernels()->bias_back(p->dy, p->relu ? p->y : NULL, p->gradients[BIAS], p->rows * (size_t)c.places, (size_t)c.filters);
    else if (p->relu)
        kernels()->relu_back(p->dy, p->y, p->dy, p->rows * out);
    if (p->dx)
        conv_flip(&c, p->tensors[WEIGHT], flipped);
    for (size_t r = 0; r < p->rows; r++) {
        const float *dy = p->dy + r * out;
        conv_pad(&c, p->x + r * in, padded);
        conv_weights_back(&c, padded, dy, p->gradients[WEIGHT], r > 0);
        if (p->dx) {
            conv_spread(&c, dy, spread);
            conv_input_back(&c, spread, flipped, p->dx + r * in);
        }
    }
}

extern const Layer layer_conv1d;
const Layer layer_conv1d = {
    .spec = {.name = "conv1d",
             .doc = "filters that slide along the length",
             .group = "linear",
             .params = fields,
             .params_size = sizeof(Conv1d)},
    .takes_relu = true,
    .shape = conv1d_shape,
    .tensors = conv1d_tensors,
    .init = conv1d_init,
    .macs = conv1d_macs,
    .scratch = conv1d_scratch,
    .forward = conv1d_forward,
    .backward = conv1d_backward,
    .infer = conv1d_infer,
};
