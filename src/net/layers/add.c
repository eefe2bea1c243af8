/* add: the sum of several values of one shape. */
#include "net/layers/joined.h"

static void add_forward(const LayerPass *p)
{
    size_t count = p->rows * (size_t)shape_size(p->out);
    for (size_t i = 0; i < count; i++)
        p->y[i] = p->xs[0][i] + p->xs[1][i];
    for (size_t k = 2; k < p->inputs; k++)
        for (size_t i = 0; i < count; i++)
            p->y[i] += p->xs[k][i];
}

static void add_backward(const LayerPass *p)
{
    size_t bytes = p->rows * (size_t)shape_size(p->out) * sizeof(float);
    for (size_t k = 0; k < p->inputs; k++)
        if (p->dxs[k])
            memcpy(p->dxs[k], p->dy, bytes);
}

extern const Layer layer_add;
const Layer layer_add = {
    .spec = {.name = "add",
             .doc = "the sum of several values of one shape",
             .group = LAYER_JOINS,
             .params = layer_plain_fields,
             .params_size = sizeof(PlainLayer)},
    .shapes = joined_same_shape,
    .forward = add_forward,
    .backward = add_backward,
    .infer = add_forward,
};
