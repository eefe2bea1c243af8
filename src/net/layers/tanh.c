/* tanh: numbers are bent into -1 .. 1. By the same exp as softmax: 1 - 2 / (exp(2 x) + 1). */
#include "net/layer.h"

static void tanh_forward(const LayerPass *p)
{
    size_t count = p->rows * (size_t)shape_size(p->in);
    for (size_t i = 0; i < count; i++)
        p->y[i] = 2 * p->x[i];
    kernels()->exp(p->y, p->y, count);
    for (size_t i = 0; i < count; i++)
        p->y[i] = 1 - 2 / (p->y[i] + 1);
}

static void tanh_backward(const LayerPass *p)
{
    size_t count = p->rows * (size_t)shape_size(p->in);
    for (size_t i = 0; p->dx && i < count; i++)
        p->dx[i] = p->dy[i] * (1 - p->y[i] * p->y[i]);
}

extern const Layer layer_tanh;
const Layer layer_tanh = {
    .spec = {.name = "tanh",
             .doc = "numbers are bent into -1 .. 1",
             .group = LAYER_ACTIVATIONS,
             .params = layer_plain_fields,
             .params_size = sizeof(PlainLayer)},
    .shape = layer_same_shape,
    .forward = tanh_forward,
    .backward = tanh_backward,
    .infer = tanh_forward,
};
