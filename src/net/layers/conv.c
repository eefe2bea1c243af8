/* conv1d, conv2d: filters that slide over the places. Weights are [kernel ..., channels / groups, filters]. To conv1d a vector counts as
 * one channel, to conv2d an array of length x channels as a picture of one channel. */
#include "net/layer.h"
#include "num/convolution.h"

typedef struct Conv {
    LayerPlace place;
    int64_t filters, kernel, kernel_width, stride, stride_width, dilation, groups, zeros;
    int padding;
    bool bias;
    int init;
} Conv;

static const char *const paddings[] = {"same", "valid", "fixed", NULL};
enum { SAME, VALID, FIXED, WEIGHT = 0, BIAS = 1 };

#define FILTERS \
    { \
        INT_FIELD(Conv, filters), .doc = "number of output channels", .def = NULL, .min = 1, .max = 65536, .soft_min = 8, .soft_max = 128, \
                                  .scale = SCALE_LOG, .positional = true \
    }
#define KERNEL(DOC) \
    { \
        INT_FIELD(Conv, kernel), .doc = DOC, .def = "3", .min = 1, .max = 4096, .soft_min = 3, .soft_max = 9, .positional = true \
    }
#define STRIDE(DOC) \
    { \
        INT_FIELD(Conv, stride), .doc = DOC, .def = "1", .min = 1, .max = 4096, .soft_min = 1, .soft_max = 4 \
    }
#define REST_OF_CONV \
    {CHOICE_FIELD(Conv, padding), .doc = "zeros outside; same: as many as keep the size; valid: none", .def = "same", \
     .choices = paddings}, \
        {FLAG_FIELD(Conv, bias), .doc = "add a bias to each filter", .def = "true"}, \
        {CHOICE_FIELD(Conv, init), .doc = "how weights are drawn", .def = "uniform", .choices = layer_init_choices}, \
        {INT_FIELD(Conv, zeros), .doc = "zeros on each side", .def = "1",       .min = 0, .max = 4096, .soft_min = 0, \
         .soft_max = 4,          .when = "padding=fixed",     .is_sparse = true}, \
        {INT_FIELD(Conv, dilation), \
         .doc = "places between two that a filter sees", \
         .def = "1", \
         .min = 1, \
         .max = 4096, \
         .soft_min = 1, \
         .soft_max = 16, \
         .is_sparse = true}, \
        {INT_FIELD(Conv, groups), \
         .doc = "parts of the channels that never meet", \
         .def = "1", \
         .min = 1, \
         .max = 65536, \
         .soft_min = 1, \
         .soft_max = 64, \
         .scale = SCALE_LOG, \
         .is_sparse = true}, \
        LAYER_PLACE(Conv), \
    { \
        .name = NULL \
    }

static const Field fields_1d[] = {FILTERS, KERNEL("places a filter sees"), STRIDE("places between two outputs"), REST_OF_CONV};
static const Field fields_2d[] = {
    FILTERS,
    KERNEL("lines that a filter sees, and places of each"),
    {INT_FIELD(Conv, kernel_width), .doc = "places of each line that it sees; 0: as many as lines", .def = "0", .min = 0, .max = 4096,
     .soft_min = 0, .soft_max = 9},
    STRIDE("lines and places between two outputs"),
    {INT_FIELD(Conv, stride_width), .doc = "places between two outputs; 0: as for lines", .def = "0", .min = 0, .max = 4096, .soft_min = 0,
     .soft_max = 4},
    REST_OF_CONV,
};

/* "same" gives ceil(size / stride) places; an odd zero goes behind. */
static void pad_axis(const Conv *d, Convolution *c, int axis)
{
    if (d->padding == FIXED)
        c->before[axis] = c->after[axis] = d->zeros;
    if (d->padding != SAME)
        return;
    int64_t places = (c->size[axis] + c->stride[axis] - 1) / c->stride[axis];
    int64_t zeros = (places - 1) * c->stride[axis] + (c->kernel[axis] - 1) * c->dilation[axis] + 1 - c->size[axis];
    c->before[axis] = zeros > 0 ? zeros / 2 : 0;
    c->after[axis] = zeros > 0 ? zeros - c->before[axis] : 0;
}

/* in: of rank 2 a length, of rank 3 a picture. */
static Convolution convolution_of(const Conv *d, Shape in)
{
    bool flat = in.rank < 3;
    Convolution c = {.size = {in.height, in.length}, .channels = in.channels, .filters = d->filters, .groups = d->groups};
    c.kernel[0] = flat ? 1 : d->kernel;
    c.kernel[1] = !flat && d->kernel_width ? d->kernel_width : d->kernel;
    c.stride[0] = flat ? 1 : d->stride;
    c.stride[1] = !flat && d->stride_width ? d->stride_width : d->stride;
    c.dilation[0] = flat ? 1 : d->dilation;
    c.dilation[1] = d->dilation;
    if (!flat)
        pad_axis(d, &c, 0);
    pad_axis(d, &c, 1);
    return c;
}

static bool check_groups(const Conv *d, Shape in, Error *e)
{
    if (in.channels % d->groups || d->filters % d->groups)
        return error_set(e, ERROR_USAGE, "groups = %lld must divide its %lld input channels and its %lld filters", (long long)d->groups,
                         (long long)in.channels, (long long)d->filters);
    return true;
}

static bool check_axis(const Convolution *c, int axis, Error *e)
{
    int64_t span = (c->kernel[axis] - 1) * c->dilation[axis] + 1;
    return convolution_places(c, axis) > 0 ||
           error_set(e, ERROR_USAGE, "kernel %lld is longer than the input (%lld); use padding = \"same\"", (long long)span,
                     (long long)c->size[axis]);
}

static bool conv_shape(const Conv *d, Shape in, Shape *out, Error *e)
{
    Convolution c = convolution_of(d, in);
    if (!check_groups(d, in, e) || !check_axis(&c, 0, e) || !check_axis(&c, 1, e))
        return false;
    *out = in.rank < 3 ? shape_sequence(convolution_places(&c, 1), d->filters)
                       : shape_image(convolution_places(&c, 0), convolution_places(&c, 1), d->filters);
    return true;
}

static bool conv1d_shape(const void *params, Shape in, Shape *out, Error *e)
{
    Shape sequence;
    return shape_as_sequence(in, &sequence, e) && conv_shape(params, sequence, out, e);
}

static bool conv2d_shape(const void *params, Shape in, Shape *out, Error *e)
{
    Shape image;
    return shape_as_image(in, &image, e) && conv_shape(params, image, out, e);
}

/* The same of shapes that were accepted. */
static Convolution convolution_1d(const void *params, Shape in)
{
    return convolution_of(params, shape_is_vector(in) ? shape_sequence(in.length, 1) : in);
}

static Convolution convolution_2d(const void *params, Shape in)
{
    return convolution_of(params, in.rank < 3 ? shape_image(in.length, in.channels, 1) : in);
}

static size_t conv_tensors(const Conv *d, const Convolution *c, bool is_1d, LayerTensor out[LAYER_TENSORS])
{
    LayerTensor w = {.name = "weight", .rank = 4, .is_trained = true, .is_penalized = true, .axes = {3, 2, 0, 1}};
    LayerTensor flat = {.name = "weight", .rank = 3, .is_trained = true, .is_penalized = true, .axes = {2, 1, 0, 3}};
    int64_t channels = c->channels / c->groups;
    out[WEIGHT] = is_1d ? flat : w;
    int64_t *dims = out[WEIGHT].dims;
    if (!is_1d)
        *dims++ = c->kernel[0];
    dims[0] = c->kernel[1];
    dims[1] = channels;
    dims[2] = c->filters;
    out[BIAS] = (LayerTensor){.name = "bias", .rank = 1, .dims = {d->filters}, .is_trained = true};
    return d->bias ? 2 : 1;
}

static void conv_init(const Conv *d, const Convolution *c, Rng *rng, float *const *tensors)
{
    int64_t places = c->kernel[0] * c->kernel[1];
    Fan fan = {places * c->channels / c->groups, places * c->filters / c->groups};
    layer_init_weights(d->init, rng, fan, tensors[WEIGHT], convolution_weights(c));
    if (d->bias && d->init == INIT_UNIFORM)
        layer_init_weights(d->init, rng, fan, tensors[BIAS], d->filters);
}

static ConvolutionPass pass_of(const LayerPass *p, const Convolution *c)
{
    return (ConvolutionPass){.conv = c,
                             .rows = (int64_t)p->rows,
                             .x = p->x,
                             .y = p->y,
                             .weights = p->tensors[WEIGHT],
                             .bias = ((const Conv *)p->params)->bias ? p->tensors[BIAS] : NULL,
                             .relu = p->relu,
                             .scratch = p->scratch};
}

static void conv_forward(const LayerPass *p, const Convolution *c)
{
    ConvolutionPass pass = pass_of(p, c);
    convolution_forward(&pass);
}

static void conv_infer(const LayerPass *p, const Convolution *c)
{
    ConvolutionPass pass = pass_of(p, c);
    convolution_infer(&pass);
}

static void conv_backward(const LayerPass *p, const Convolution *c)
{
    ConvolutionPass pass = pass_of(p, c);
    pass.dy = p->dy;
    pass.dx = p->dx;
    pass.dw = p->gradients[WEIGHT];
    pass.db = pass.bias ? p->gradients[BIAS] : NULL;
    convolution_backward(&pass);
}

/* Both layers do the same with the convolution that they stand for. */
#define CONV(NAME, OF, IS_1D, DOC, FIELDS) \
    static size_t NAME##_tensors(const void *params, Shape in, LayerTensor out[LAYER_TENSORS]) \
    { \
        Convolution c = OF(params, in); \
        return conv_tensors(params, &c, IS_1D, out); \
    } \
    static void NAME##_init(const void *params, Shape in, Rng *rng, float *const *tensors) \
    { \
        Convolution c = OF(params, in); \
        conv_init(params, &c, rng, tensors); \
    } \
    static int64_t NAME##_macs(const void *params, Shape in) \
    { \
        Convolution c = OF(params, in); \
        return convolution_macs(&c); \
    } \
    static void NAME##_window(const void *params, Shape in, LayerWindow *out) \
    { \
        Convolution c = OF(params, in); \
        for (int axis = 0; axis < 2; axis++) { \
            out->span[axis] = (c.kernel[axis] - 1) * c.dilation[axis] + 1; \
            out->stride[axis] = c.stride[axis]; \
        } \
    } \
    static size_t NAME##_scratch(const void *params, Shape in) \
    { \
        Convolution c = OF(params, in); \
        return convolution_scratch(&c); \
    } \
    static void NAME##_forward(const LayerPass *p) \
    { \
        Convolution c = OF(p->params, p->in); \
        conv_forward(p, &c); \
    } \
    static void NAME##_backward(const LayerPass *p) \
    { \
        Convolution c = OF(p->params, p->in); \
        conv_backward(p, &c); \
    } \
    static void NAME##_infer(const LayerPass *p) \
    { \
        Convolution c = OF(p->params, p->in); \
        conv_infer(p, &c); \
    } \
    extern const Layer layer_##NAME; \
    const Layer layer_##NAME = {.spec = {.name = #NAME, .doc = DOC, .group = "linear", .params = FIELDS, .params_size = sizeof(Conv)}, \
                                .takes_relu = true, \
                                .shape = NAME##_shape, \
                                .tensors = NAME##_tensors, \
                                .init = NAME##_init, \
                                .macs = NAME##_macs, \
                                .window = NAME##_window, \
                                .scratch = NAME##_scratch, \
                                .forward = NAME##_forward, \
                                .backward = NAME##_backward, \
                                .infer = NAME##_infer};

CONV(conv1d, convolution_1d, true, "filters that slide along the length", fields_1d)
CONV(conv2d, convolution_2d, false, "filters that slide over lines and places", fields_2d)
