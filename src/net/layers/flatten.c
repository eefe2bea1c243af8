/* flatten: length x channels, or height x width x channels, becomes one vector, channels before places, as torch.nn.Flatten has it.
 * Where there is one place or one channel the numbers stay where they are. */
#include <string.h>

#include "net/layer.h"

static bool flatten_shape(const void *params, Shape in, Shape *out, Error *e)
{
    (void)params;
    (void)e;
    *out = shape_vector(shape_size(in));
    return true;
}

static bool flatten_is_alias(const void *params, Shape in)
{
    (void)params;
    return shape_is_vector(in) || in.channels == 1 || shape_places(in) == 1;
}

/* y[j][i] = x[i][j] of rows x columns numbers. */
static void turn(const float *x, float *y, size_t rows, size_t columns)
{
    for (size_t i = 0; i < rows; i++)
        for (size_t j = 0; j < columns; j++)
            y[j * rows + i] = x[i * columns + j];
}

static void flatten_forward(const LayerPass *p)
{
    size_t size = (size_t)shape_size(p->in);
    for (size_t r = 0; r < p->rows; r++)
        turn(p->x + r * size, p->y + r * size, (size_t)shape_places(p->in), (size_t)shape_channels(p->in));
}

static void flatten_backward(const LayerPass *p)
{
    size_t size = (size_t)shape_size(p->in);
    for (size_t r = 0; p->dx && r < p->rows; r++)
        turn(p->dy + r * size, p->dx + r * size, (size_t)shape_channels(p->in), (size_t)shape_places(p->in));
}

extern const Layer layer_flatten;
const Layer layer_flatten = {
    .spec = {.name = "flatten",
             .doc = "places and channels become one vector",
             .group = "shape",
             .params = layer_plain_fields,
             .params_size = sizeof(PlainLayer)},
    .shape = flatten_shape,
    .is_alias = flatten_is_alias,
    .forward = flatten_forward,
    .backward = flatten_backward,
    .infer = flatten_forward,
};
