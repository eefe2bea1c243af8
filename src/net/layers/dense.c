/* dense: y = x W + b, W is [inputs, width]. With each_place: the channels of each place of an array, as torch.nn.Linear does. num/gemm
 * knows which product suits which sizes, those of few outputs included. */
#include "net/layer.h"
#include "num/gemm.h"

typedef struct Dense {
    LayerPlace place;
    int64_t width;
    bool bias, each_place;
    int init;
} Dense;

static const Field fields[] = {
    {INT_FIELD(Dense, width), .doc = "number of outputs", .def = NULL, .min = 1, .max = 65536, .soft_min = 8, .soft_max = 256,
     .scale = SCALE_LOG, .positional = true, .search = "range", .searched_as = "width"},
    {FLAG_FIELD(Dense, bias), .doc = "add a bias to each output", .def = "true"},
    {CHOICE_FIELD(Dense, init), .doc = "how weights are drawn", .def = "uniform", .choices = layer_init_choices},
    {FLAG_FIELD(Dense, each_place), .doc = "of an array: the channels of each place, by the same weights", .def = "false",
     .is_sparse = true},
    LAYER_PLACE(Dense),
    {.name = NULL},
};

enum { WEIGHT, BIAS };

static bool dense_shape(const void *params, Shape in, Shape *out, Error *e)
{
    const Dense *d = params;
    if (!shape_is_vector(in) && !d->each_place) {
        char *text = shape_text(in);
        error_set(e, ERROR_USAGE, "dense needs a vector, but its input is %s; put a flatten before it, or set each_place = true", text);
        mem_free(text);
        return false;
    }
    *out = shape_with_channels(in, d->width);
    return true;
}

static size_t dense_tensors(const void *params, Shape in, LayerTensor out[LAYER_TENSORS])
{
    const Dense *d = params;
    out[WEIGHT] = (LayerTensor){.name = "weight",
                                .rank = 2,
                                .dims = {shape_channels(in), d->width},
                                .is_trained = true,
                                .is_penalized = true,
                                .axes = {1, 0, 2, 3}};
    out[BIAS] = (LayerTensor){.name = "bias", .rank = 1, .dims = {d->width}, .is_trained = true};
    return d->bias ? 2 : 1;
}

static void dense_init(const void *params, Shape in, Rng *rng, float *const *tensors)
{
    const Dense *d = params;
    Fan fan = {shape_channels(in), d->width};
    layer_init_weights(d->init, rng, fan, tensors[WEIGHT], fan.in * d->width);
    if (d->bias && d->init == INIT_UNIFORM)
        layer_init_weights(d->init, rng, fan, tensors[BIAS], d->width);
}

static int64_t dense_macs(const void *params, Shape in)
{
    return shape_size(in) * ((const Dense *)params)->width;
}

/* Of all places of all rows. */
static int64_t rows_of(const LayerPass *p)
{
    return (int64_t)p->rows * shape_places(p->in);
}

/* y = x W + b, and relu. */
static GemmView product_of(const LayerPass *p)
{
    const Dense *d = p->params;
    return (GemmView){.a = p->x,
                      .a_row = shape_channels(p->in),
                      .a_step = 1,
                      .b = p->tensors[WEIGHT],
                      .b_step = d->width,
                      .c = p->y,
                      .c_row = d->width,
                      .m = rows_of(p),
                      .n = d->width,
                      .k = shape_channels(p->in),
                      .bias = d->bias ? p->tensors[BIAS] : NULL,
                      .relu = p->relu};
}

static void dense_forward(const LayerPass *p)
{
    GemmView g = product_of(p);
    gemm_view(&g);
}

static void mask(const LayerPass *p)
{
    if (p->relu)
        kernels()->relu_back(p->dy, p->y, p->dy, p->rows * (size_t)shape_size(p->out));
}

static void mask_and_sum(const LayerPass *p)
{
    if (((const Dense *)p->params)->bias)
        kernels()->bias_back(p->dy, p->relu ? p->y : NULL, p->gradients[BIAS], (size_t)rows_of(p), (size_t)shape_channels(p->out));
    else
        mask(p);
}

/* dX = dY W'. */
static void inputs_back(const LayerPass *p)
{
    if (p->dx)
        gemm_nt(p->dy, p->tensors[WEIGHT], p->dx,
                (size_t[3]){(size_t)rows_of(p), (size_t)shape_channels(p->in), (size_t)shape_channels(p->out)});
}

/* Some rows of dW = X' dY. */
static void weights_back(const LayerPass *p, int64_t from, int64_t rows)
{
    int64_t width = shape_channels(p->out);
    gemm_view(&(GemmView){.a = p->x + from,
                          .a_row = 1,
                          .a_step = shape_channels(p->in),
                          .b = p->dy,
                          .b_step = width,
                          .c = p->gradients[WEIGHT] + from * width,
                          .c_row = width,
                          .m = rows,
                          .n = width,
                          .k = rows_of(p),
                          .is_shared = p->is_shared});
}

static void dense_backward(const LayerPass *p)
{
    if (p->is_split) {
        mask(p);
        inputs_back(p);
        return;
    }
    mask_and_sum(p);
    inputs_back(p);
    weights_back(p, 0, shape_channels(p->in));
}

/* Sums of columns, as a product with a row of ones. */
static void bias_back(const LayerPass *p)
{
    static const float one = 1;
    int64_t width = shape_channels(p->out);
    kernels()->gemm(
        &(GemmView){.a = &one, .b = p->dy, .b_step = width, .c = p->gradients[BIAS], .c_row = width, .m = 1, .n = width, .k = rows_of(p)});
}

/* Tiles of rows of W; the first one also does what is small. */
static void dense_weights_back(const LayerPass *p, int tile)
{
    if (tile == 0 && ((const Dense *)p->params)->bias)
        bias_back(p);
    int64_t inputs = shape_channels(p->in), rows = (inputs + WEIGHT_TILES * 8 - 1) / (WEIGHT_TILES * 8) * 8, from = tile * rows;
    if (from < inputs)
        weights_back(p, from, inputs - from < rows ? inputs - from : rows);
}

static void dense_infer(const LayerPass *p)
{
    GemmView g = product_of(p);
    kernels()->gemm_exact(&g);
}

extern const Layer layer_dense;
const Layer layer_dense = {
    .spec = {.name = "dense",
             .doc = "every output sees every input: y = x W + b",
             .group = "linear",
             .params = fields,
             .params_size = sizeof(Dense)},
    .takes_relu = true,
    .shape = dense_shape,
    .tensors = dense_tensors,
    .init = dense_init,
    .macs = dense_macs,
    .forward = dense_forward,
    .backward = dense_backward,
    .weights_back = dense_weights_back,
    .infer = dense_infer,
};
