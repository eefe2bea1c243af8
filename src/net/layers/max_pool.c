/* max_pool: the largest of each `size` neighbors along the length; what does not fill a window is left out. The first of equals
 * gets the gradient. */
#include <string.h>

#include "net/layer.h"

typedef struct MaxPool {
    LayerPlace place;
    int64_t size;
} MaxPool;

static const Field fields[] = {
    {INT_FIELD(MaxPool, size), .doc = "neighbors in a window", .def = "2", .min = 1, .max = 65536, .soft_min = 2, .soft_max = 8,
     .positional = true},
    LAYER_PLACE(MaxPool),
    {.name = NULL},
};

static bool max_pool_shape(const void *params, Shape in, Shape *out, Error *e)
{
    Shape sequence;
    if (!shape_as_sequence(in, &sequence, e))
        return false;
    *out = shape_sequence(sequence.length / ((const MaxPool *)params)->size, sequence.channels);
    return true;
}

static PoolView windows_of(const LayerPass *p, size_t row)
{
    size_t in = (size_t)shape_size(p->in), out = (size_t)shape_size(p->out);
    return (PoolView){.x = p->x + row * in,
                      .windows = (size_t)p->out.length,
                      .size = (size_t)((const MaxPool *)p->params)->size,
                      .channels = (size_t)p->in.channels,
                      .y = p->y + row * out};
}

static void max_pool_forward(const LayerPass *p)
{
    for (size_t r = 0; r < p->rows; r++) {
        PoolView v = windows_of(p, r);
        kernels()->pool(&v);
    }
}

static void max_pool_backward(const LayerPass *p)
{
    size_t in = (size_t)shape_size(p->in), out = (size_t)shape_size(p->out);
    for (size_t r = 0; p->dx && r < p->rows; r++) {
        PoolView v = windows_of(p, r);
        size_t used = v.windows * v.size * v.channels;
        v.dy = p->dy + r * out;
        v.dx = p->dx + r * in;
        kernels()->pool_back(&v);
        memset(v.dx + used, 0, (in - used) * sizeof(float));
    }
}

extern const Layer layer_max_pool;
const Layer layer_max_pool = {
    .spec = {.name = "max_pool",
             .doc = "the largest of each few neighbors along the length",
             .group = "shape",
             .params = fields,
             .params_size = sizeof(MaxPool)},
    .shape = max_pool_shape,
    .forward = max_pool_forward,
    .backward = max_pool_backward,
    .infer = max_pool_forward,
};
