/* layer_norm: the channels of each place, or the features of a row, to mean 0 and sd 1, then scale and shift (Ba et al. 2016). As
 * torch.nn.LayerNorm(channels) on values whose last dimension they are. */
#include "net/layer.h"
#include "net/layers/norm_rows.h"

typedef struct LayerNorm {
    LayerPlace place;
    double eps;
} LayerNorm;

static const Field fields[] = {
    {REAL_FIELD(LayerNorm, eps), .doc = "added to the variance", .def = "1e-5", .min = 1e-12, .max = 1, .soft_min = 1e-7, .soft_max = 1e-3,
     .scale = SCALE_LOG},
    LAYER_PLACE(LayerNorm),
    {.name = NULL},
};

enum { WEIGHT, BIAS };

static size_t layer_norm_tensors(const void *params, Shape in, LayerTensor out[LAYER_TENSORS])
{
    (void)params;
    out[WEIGHT] = (LayerTensor){.name = "weight", .rank = 1, .dims = {shape_channels(in)}, .is_trained = true};
    out[BIAS] = (LayerTensor){.name = "bias", .rank = 1, .dims = {shape_channels(in)}, .is_trained = true};
    return 2;
}

static void layer_norm_init(const void *params, Shape in, Rng *rng, float *const *tensors)
{
    (void)params;
    (void)rng;
    for (int64_t i = 0; i < shape_channels(in); i++)
        tensors[WEIGHT][i] = 1;
}

static NormRows rows_of(const LayerPass *p)
{
    return (NormRows){.rows = p->rows * (size_t)shape_places(p->in),
                      .groups = 1,
                      .width = (size_t)shape_channels(p->in),
                      .eps = (float)((const LayerNorm *)p->params)->eps,
                      .x = p->x,
                      .weight = p->tensors[WEIGHT],
                      .bias = p->tensors[BIAS]};
}

static void layer_norm_forward(const LayerPass *p)
{
    NormRows n = rows_of(p);
    n.y = p->y;
    norm_rows_forward(&n);
}

static void layer_norm_backward(const LayerPass *p)
{
    NormRows n = rows_of(p);
    n.dy = p->dy;
    n.dx = p->dx;
    n.dw = p->gradients[WEIGHT];
    n.db = p->gradients[BIAS];
    norm_rows_back(&n);
}

extern const Layer layer_layer_norm;
const Layer layer_layer_norm = {
    .spec = {.name = "layer_norm",
             .doc = "the channels of each place to mean 0 and sd 1",
             .group = "regularization",
             .params = fields,
             .params_size = sizeof(LayerNorm)},
    .shape = layer_same_shape,
    .tensors = layer_norm_tensors,
    .init = layer_norm_init,
    .forward = layer_norm_forward,
    .backward = layer_norm_backward,
    .infer = layer_norm_forward,
};
