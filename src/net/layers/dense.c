/* dense: y = x W + b, W is [inputs, width]. num/gemm knows which product suits which sizes, those of few outputs included. */
#include "net/layer.h"
#include "num/gemm.h"

typedef struct Dense {
    int64_t width;
    bool bias;
    int init;
} Dense;

static const Field fields[] = {
    {INT_FIELD(Dense, width), .doc = "number of outputs", .def = NULL, .min = 1, .max = 65536, .soft_min = 8, .soft_max = 256,
     .scale = SCALE_LOG, .positional = true, .search = "range", .searched_as = "width"},
    {FLAG_FIELD(Dense, bias), .doc = "add a bias to each output", .def = "true"},
    {CHOICE_FIELD(Dense, init), .doc = "how weights are drawn", .def = "uniform", .choices = layer_init_choices},
    {.name = NULL},
};

enum { WEIGHT, BIAS };

static bool dense_shape(const void *params, Shape in, Shape *out, Error *e)
{
    const Dense *d = params;
    if (!shape_is_vector(in))
        return error_set(e, ERROR_USAGE, "dense needs a vector, but its input is %lldx%lld; put a flatten before it", (long long)in.length,
                         (long long)in.channels);
    *out = shape_vector(d->width);
    return true;
}

static size_t dense_tensors(const void *params, Shape in, LayerTensor out[LAYER_TENSORS])
{
    const Dense *d = params;
    out[WEIGHT] = (LayerTensor){"weight", 2, {in.length, d->width}, true, true};
    out[BIAS] = (LayerTensor){"bias", 1, {d->width}, true, false};
    return d->bias ? 2 : 1;
}

static void dense_init(const void *params, Shape in, Rng *rng, float *const tensors[LAYER_TENSORS])
{
    const Dense *d = params;
    Fan fan = {in.length, d->width};
    layer_init_weights(d->init, rng, fan, tensors[WEIGHT], in.length * d->width);
    if (d->bias && d->init == INIT_UNIFORM)
        layer_init_weights(d->init, rng, fan, tensors[BIAS], d->width);
}

static int64_t dense_macs(const void *params, Shape in)
{
    return in.length * ((const Dense *)params)->width;
}

/* y = x W + b, and relu. */
static GemmView product_of(const LayerPass *p)
{
    const Dense *d = p->params;
    return (GemmView){.a = p->x,
                      .a_row = p->in.length,
                      .a_step = 1,
                      .b = p->tensors[WEIGHT],
                      .b_step = d->width,
                      .c = p->y,
                      .c_row = d->width,
                      .m = (int64_t)p->rows,
                      .n = d->width,
                      .k = p->in.length,
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
        kernels()->relu_back(p->dy, p->y, p->dy, p->rows * (size_t)p->out.length);
}

static void mask_and_sum(const LayerPass *p)
{
    if (((const Dense *)p->params)->bias)
        kernels()->bias_back(p->dy, p->relu ? p->y : NULL, p->gradients[BIAS], p->rows, (size_t)p->out.length);
    else
        mask(p);
}

/* dX = dY W'. */
static void inputs_back(const LayerPass *p)
{
    if (p->dx)
        gemm_nt(p->dy, p->tensors[WEIGHT], p->dx, (size_t[3]){p->rows, (size_t)p->in.length, (size_t)p->out.length});
}

/* Some rows of dW = X' dY. */
static void weights_back(const LayerPass *p, int64_t from, int64_t rows)
{
    int64_t width = p->out.length;
    gemm_view(&(GemmView){.a = p->x + from,
                          .a_row = 1,
                          .a_step = p->in.length,
                          .b = p->dy,
                          .b_step = width,
                          .c = p->gradients[WEIGHT] + from * width,
                          .c_row = width,
                          .m = rows,
                          .n = width,
                          .k = (int64_t)p->rows,
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
    weights_back(p, 0, p->in.length);
}

/* Sums of columns, as a product with a row of ones. */
static void bias_back(const LayerPass *p)
{
    static const float one = 1;
    int64_t width = p->out.length;
    kernels()->gemm(&(GemmView){
        .a = &one, .b = p->dy, .b_step = width, .c = p->gradients[BIAS], .c_row = width, .m = 1, .n = width, .k = (int64_t)p->rows});
}

/* Tiles of rows of W; the first one also does what is small. */
static void dense_weights_back(const LayerPass *p, int tile)
{
    if (tile == 0 && ((const Dense *)p->params)->bias)
        bias_back(p);
    int64_t inputs = p->in.length, rows = (inputs + WEIGHT_TILES * 8 - 1) / (WEIGHT_TILES * 8) * 8, from = tile * rows;
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
