/* relu: negative numbers become zero. */
#include "net/layer.h"

static bool relu_shape(const void *params, Shape in, Shape *out, Error *e)
{
    (void)params;
    (void)e;
    *out = in;
    return true;
}

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
    .spec = {.name = "relu", .doc = "negative numbers become zero", .group = LAYER_ACTIVATIONS},
    .shape = relu_shape,
    .forward = relu_forward,
    .backward = relu_backward,
    .infer = relu_forward,
};
