/* multiply: the product of several values of one shape, number by number. */
#include "net/layers/joined.h"

static void multiply_forward(const LayerPass *p)
{
    size_t count = p->rows * (size_t)shape_size(p->out);
    for (size_t i = 0; i < count; i++)
        p->y[i] = p->xs[0][i] * p->xs[1][i];
    for (size_t k = 2; k < p->inputs; k++)
        for (size_t i = 0; i < count; i++)
            p->y[i] *= p->xs[k][i];
}

/* Of all others times dy; zeros forbid dividing. */
static void multiply_backward(const LayerPass *p)
{
    size_t count = p->rows * (size_t)shape_size(p->out);
    for (size_t k = 0; k < p->inputs; k++) {
        if (!p->dxs[k])
            continue;
        for (size_t i = 0; i < count; i++) {
            float product = p->dy[i];
            for (size_t other = 0; other < p->inputs; other++)
                product = other == k ? product : product * p->xs[other][i];
            p->dxs[k][i] = product;
        }
    }
}

extern const Layer layer_multiply;
const Layer layer_multiply = {
    .spec = {.name = "multiply",
             .doc = "the product of several values of one shape",
             .group = LAYER_JOINS,
             .params = layer_plain_fields,
             .params_size = sizeof(PlainLayer)},
    .shapes = joined_same_shape,
    .forward = multiply_forward,
    .backward = multiply_backward,
    .infer = multiply_forward,
};
