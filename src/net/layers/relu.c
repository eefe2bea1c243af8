/* relu: negative numbers become zero. */
#include "net/layer.h"

static void relu_forward(const LayerPass *p)
{
    kernels()->relu(p->x, p->y, p->rows * (size_t)shape_size(p->in));
}

static void relu_backward(const LayerPass *p)
{
    if (p->dx)
        kernels()->relu_back(p->dy, p->y, p->dx, p->rows * (size_t)shape_size(p->in));
}

extern const Layer layer_relu;
const Layer layer_relu = {
    .spec = {.name = "relu",
             .doc = "negative numbers become zero",
             .group = LAYER_ACTIVATIONS,
             .params = layer_plain_fields,
             .params_size = sizeof(PlainLayer)},
    .shape = layer_same_shape,
    .forward = relu_forward,
    .backward = relu_backward,
    .infer = relu_forward,
};
