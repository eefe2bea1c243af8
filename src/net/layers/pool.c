/* max_pool, average_pool: the largest or the mean of each window of neighbors, along the length or over a picture; what does not fill a
 * window is left out, and of equals the first gets the gradient. global_pool: one window over all places, a number for each channel. */
#include "net/layer.h"

typedef struct Pool {
    LayerPlace place;
    int64_t size, size_width, stride, stride_width, zeros;
} Pool;

static const Field pool_fields[] = {
    {INT_FIELD(Pool, size), .doc = "neighbors in a window, on each side of a picture", .def = "2", .min = 1, .max = 65536, .soft_min = 2,
     .soft_max = 8, .positional = true},
    {INT_FIELD(Pool, size_width), .doc = "of pictures: places of each line; 0: as many as lines", .def = "0", .min = 0, .max = 65536,
     .soft_min = 0, .soft_max = 8, .is_sparse = true},
    {INT_FIELD(Pool, stride), .doc = "places between two windows; 0: their size", .def = "0", .min = 0, .max = 65536, .soft_min = 0,
     .soft_max = 8, .is_sparse = true},
    {INT_FIELD(Pool, stride_width), .doc = "of pictures: places between two windows; 0: as for lines", .def = "0", .min = 0, .max = 65536,
     .soft_min = 0, .soft_max = 8, .is_sparse = true},
    {INT_FIELD(Pool, zeros), .doc = "places of padding on each side, at most half a window", .def = "0", .min = 0, .max = 32768,
     .soft_min = 0, .soft_max = 4, .is_sparse = true},
    LAYER_PLACE(Pool),
    {.name = NULL},
};

static int64_t or_else(int64_t n, int64_t other)
{
    return n ? n : other;
}

/* in: as accepted. Padding of an average counts as zeros, as in torch. */
static Pooling pooling_of(const Pool *d, Shape in, bool is_mean)
{
    bool flat = in.rank < 3;
    Pooling p = {.size = {in.height, in.length}, .channels = in.channels, .is_mean = is_mean, .counts_zeros = true};
    p.kernel[0] = flat ? 1 : d->size;
    p.kernel[1] = flat ? d->size : or_else(d->size_width, d->size);
    p.stride[0] = flat ? 1 : or_else(d->stride, d->size);
    p.stride[1] = flat ? or_else(d->stride, d->size) : or_else(d->stride_width, or_else(d->stride, p.kernel[1]));
    p.before[0] = p.after[0] = flat ? 0 : d->zeros;
    p.before[1] = p.after[1] = d->zeros;
    return p;
}

static bool pool_shape(const void *params, Shape in, Shape *out, Error *e)
{
    const Pool *d = params;
    if (!shape_has_places(in, e))
        return false;
    Pooling p = pooling_of(d, in, false);
    int64_t least = p.kernel[1] < p.kernel[0] && in.rank == 3 ? p.kernel[1] : d->size;
    if (2 * d->zeros > least)
        return error_set(e, ERROR_USAGE, "zeros = %lld is more than half of a window of %lld", (long long)d->zeros, (long long)least);
    *out = in.rank == 3 ? shape_image(pooling_places(&p, 0), pooling_places(&p, 1), in.channels)
                        : shape_sequence(pooling_places(&p, 1), in.channels);
    return true;
}

static void pool_forward(const LayerPass *p, const Pooling *pool)
{
    kernels()->pool_windows(&(PoolPass){.pool = pool, .rows = (int64_t)p->rows, .x = p->x, .y = p->y});
}

static void pool_backward(const LayerPass *p, const Pooling *pool)
{
    if (p->dx)
        kernels()->pool_windows_back(&(PoolPass){.pool = pool, .rows = (int64_t)p->rows, .x = p->x, .y = p->y, .dy = p->dy, .dx = p->dx});
}

static bool max_pool_pooling(const void *params, Shape in, Pooling *out)
{
    *out = pooling_of(params, in, false);
    return out->kernel[0] == out->stride[0] && out->kernel[1] == out->stride[1] && out->before[1] == 0;
}

static void pool_window(const void *params, Shape in, LayerWindow *out)
{
    Pooling p = pooling_of(params, in, false);
    for (int axis = 0; axis < 2; axis++) {
        out->span[axis] = p.kernel[axis];
        out->stride[axis] = p.stride[axis];
    }
}

#define POOL(NAME, IS_MEAN, POOLING, DOC) \
    static void NAME##_forward(const LayerPass *p) \
    { \
        Pooling pool = pooling_of(p->params, p->in, IS_MEAN); \
        pool_forward(p, &pool); \
    } \
    static void NAME##_backward(const LayerPass *p) \
    { \
        Pooling pool = pooling_of(p->params, p->in, IS_MEAN); \
        pool_backward(p, &pool); \
    } \
    extern const Layer layer_##NAME; \
    const Layer layer_##NAME = {.spec = {.name = #NAME, .doc = DOC, .group = "shape", .params = pool_fields, .params_size = sizeof(Pool)}, \
                                .shape = pool_shape, \
                                .pooling = POOLING, \
                                .window = pool_window, \
                                .forward = NAME##_forward, \
                                .backward = NAME##_backward, \
                                .infer = NAME##_forward};

POOL(max_pool, false, max_pool_pooling, "the largest of each few neighbors")
POOL(average_pool, true, NULL, "the mean of each few neighbors")

typedef struct GlobalPool {
    LayerPlace place;
    int kind;
} GlobalPool;

static const char *const kinds[] = {"average", "max", NULL};

static const Field global_fields[] = {
    {CHOICE_FIELD(GlobalPool, kind), .doc = "the mean or the largest of all places", .def = "average", .choices = kinds,
     .positional = true},
    LAYER_PLACE(GlobalPool),
    {.name = NULL},
};

static bool global_pool_shape(const void *params, Shape in, Shape *out, Error *e)
{
    (void)params;
    *out = shape_vector(in.channels);
    return shape_has_places(in, e);
}

static Pooling whole_of(const LayerPass *p)
{
    Pooling whole = {.size = {p->in.height, p->in.length}, .channels = p->in.channels};
    for (int axis = 0; axis < 2; axis++)
        whole.kernel[axis] = whole.stride[axis] = whole.size[axis];
    whole.is_mean = ((const GlobalPool *)p->params)->kind == 0;
    return whole;
}

static void global_pool_forward(const LayerPass *p)
{
    Pooling whole = whole_of(p);
    pool_forward(p, &whole);
}

static void global_pool_backward(const LayerPass *p)
{
    Pooling whole = whole_of(p);
    pool_backward(p, &whole);
}

extern const Layer layer_global_pool;
const Layer layer_global_pool = {
    .spec = {.name = "global_pool",
             .doc = "the mean or the largest of each channel over all places",
             .group = "shape",
             .params = global_fields,
             .params_size = sizeof(GlobalPool)},
    .shape = global_pool_shape,
    .forward = global_pool_forward,
    .backward = global_pool_backward,
    .infer = global_pool_forward,
};
