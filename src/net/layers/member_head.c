/* member_head: a dense layer of its own for each place: y[m] = x[m] W[m] + b[m], W is [places, width, channels]. */
#include "net/layer.h"
#include "num/gemm.h"

typedef struct MemberHead {
    LayerPlace place;
    int64_t width;
} MemberHead;

static const Field fields[] = {
    {INT_FIELD(MemberHead, width), .doc = "number of outputs of each place", .def = NULL, .min = 1, .max = 65536, .soft_min = 1,
     .soft_max = 64, .scale = SCALE_LOG, .positional = true},
    LAYER_PLACE(MemberHead),
    {.name = NULL},
};

enum { WEIGHT, BIAS };

static bool member_head_shape(const void *params, Shape in, Shape *out, Error *e)
{
    (void)e;
    *out = shape_with_channels(in, ((const MemberHead *)params)->width);
    return true;
}

static size_t member_head_tensors(const void *params, Shape in, LayerTensor out[LAYER_TENSORS])
{
    int64_t width = ((const MemberHead *)params)->width;
    out[WEIGHT] = (LayerTensor){.name = "weight",
                                .rank = 3,
                                .dims = {shape_places(in), shape_channels(in), width},
                                .is_trained = true,
                                .is_penalized = true,
                                .axes = {0, 2, 1, 3}};
    out[BIAS] = (LayerTensor){.name = "bias", .rank = 2, .dims = {shape_places(in), width}, .is_trained = true};
    return 2;
}

static void member_head_init(const void *params, Shape in, Rng *rng, float *const *tensors)
{
    Fan fan = {shape_channels(in), ((const MemberHead *)params)->width};
    layer_init_weights(INIT_UNIFORM, rng, fan, tensors[WEIGHT], shape_size(in) * fan.out);
    layer_init_weights(INIT_UNIFORM, rng, fan, tensors[BIAS], shape_places(in) * fan.out);
}

static int64_t member_head_macs(const void *params, Shape in)
{
    return shape_size(in) * ((const MemberHead *)params)->width;
}

/* y = x W of one place, over all rows. */
static GemmView product_of(const LayerPass *p, int64_t place)
{
    int64_t in = shape_channels(p->in), out = shape_channels(p->out);
    return (GemmView){.a = p->x + place * in,
                      .a_row = shape_size(p->in),
                      .a_step = 1,
                      .b = p->tensors[WEIGHT] + place * in * out,
                      .b_step = out,
                      .c = p->y + place * out,
                      .c_row = shape_size(p->out),
                      .m = (int64_t)p->rows,
                      .n = out,
                      .k = in};
}

static void add_bias(const LayerPass *p)
{
    kernels()->bias(p->y, p->tensors[BIAS], p->rows, (size_t)shape_size(p->out), false);
}

static void member_head_forward(const LayerPass *p)
{
    for (int64_t place = 0; place < shape_places(p->in); place++) {
        GemmView g = product_of(p, place);
        gemm_view(&g);
    }
    add_bias(p);
}

static void member_head_infer(const LayerPass *p)
{
    for (int64_t place = 0; place < shape_places(p->in); place++) {
        GemmView g = product_of(p, place);
        kernels()->gemm_exact(&g);
    }
    add_bias(p);
}

/* dX = dY W'. */
static void inputs_back(const LayerPass *p, int64_t place)
{
    int64_t in = shape_channels(p->in), out = shape_channels(p->out);
    GemmView g = {.a = p->dy + place * out,
                  .a_row = shape_size(p->out),
                  .a_step = 1,
                  .b = p->tensors[WEIGHT] + place * in * out,
                  .b_step = out,
                  .c = p->dx + place * in,
                  .c_row = shape_size(p->in),
                  .m = (int64_t)p->rows,
                  .n = in,
                  .k = out};
    gemm_view_nt(&g);
}

/* dW = X' dY, db: sums of dY over rows. */
static void weights_back(const LayerPass *p, int64_t place)
{
    int64_t in = shape_channels(p->in), out = shape_channels(p->out);
    const float *dy = p->dy + place * out;
    gemm_view(&(GemmView){.a = p->x + place * in,
                          .a_row = 1,
                          .a_step = shape_size(p->in),
                          .b = dy,
                          .b_step = shape_size(p->out),
                          .c = p->gradients[WEIGHT] + place * in * out,
                          .c_row = out,
                          .m = in,
                          .n = out,
                          .k = (int64_t)p->rows,
                          .is_shared = p->is_shared});
}

static void member_head_backward(const LayerPass *p)
{
    for (int64_t place = 0; place < shape_places(p->in); place++) {
        weights_back(p, place);
        if (p->dx)
            inputs_back(p, place);
    }
    kernels()->bias_back(p->dy, NULL, p->gradients[BIAS], p->rows, (size_t)shape_size(p->out));
}

extern const Layer layer_member_head;
const Layer layer_member_head = {
    .spec = {.name = "member_head",
             .doc = "dense with weights of its own for each place: the head of members",
             .group = "ensemble",
             .params = fields,
             .params_size = sizeof(MemberHead)},
    .shape = member_head_shape,
    .tensors = member_head_tensors,
    .init = member_head_init,
    .macs = member_head_macs,
    .forward = member_head_forward,
    .backward = member_head_backward,
    .infer = member_head_infer,
};
