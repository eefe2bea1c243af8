/* flatten: length x channels becomes one vector. Planes are contiguous, so the numbers stay where they are. */
#include <string.h>

#include "net/layer.h"

static bool flatten_shape(const void *params, Shape in, Shape *out, Error *e)
{
    (void)params;
    (void)e;
    *out = shape_vector(shape_size(in));
    return true;
}

static void flatten_forward(const LayerPass *p)
{
    memcpy(p->y, p->x, p->rows * (size_t)shape_size(p->in) * sizeof(float));
}

static void flatten_backward(const LayerPass *p)
{
    if (p->dx)
        memcpy(p->dx, p->dy, p->rows * (size_t)shape_size(p->in) * sizeof(float));
}

extern const Layer layer_flatten;
const Layer layer_flatten = {
    .spec = {.name = "flatten", .doc = "length x channels becomes one vector", .group = "shape"},
    .shape = flatten_shape,
    .forward = flatten_forward,
    .backward = flatten_backward,
    .infer = flatten_forward,
};
