/* max_pool: the largest of each `size` neighbors along the length; what does not fill a window is left out. The first of equals
 * gets the gradient. */
#include <string.h>

#include "net/layer.h"

typedef struct MaxPool {
    int64_t size;
} MaxPool;

static const Field fields[] = {
    {INT_FIELD(MaxPool, size), .doc = "neighbors in a window", .def = "2", .min = 1, .max = 65536, .soft_min = 2, .soft_max = 8,
     .positional = true},
    {.name = NULL},
};

static bool max_pool_shape(const void *params, Shape in, Shape *out, Error *e)
{
    (void)e;
    *out = (Shape){2, in.length / ((const MaxPool *)params)->size, in.channels};
    return true;
}

/* NaN wins, so that a diverged net is seen. */
static void window_max(const float *x, float *y, size_t size, size_t channels)
{
    memcpy(y, x, channels * sizeof(float));
    for (size_t s = 1; s < size; s++)
        for (size_t c = 0; c < channels; c++) {
            float v = x[s * channels + c];
            y[c] = v <= y[c] ? y[c] : v;
        }
}

static void max_pool_forward(const LayerPass *p)
{
    size_t size = (size_t)((const MaxPool *)p->params)->size, channels = (size_t)p->in.channels;
    size_t length = (size_t)p->in.length, windows = (size_t)p->out.length;
    for (size_t r = 0; r < p->rows; r++)
        for (size_t w = 0; w < windows; w++)
            window_max(p->x + (r * length + w * size) * channels, p->y + (r * windows + w) * channels, size, channels);
}

static void window_back(const float *x, const float *dy, float *dx, size_t size, size_t channels)
{
    for (size_t c = 0; c < channels; c++) {
        size_t best = 0;
        for (size_t s = 1; s < size; s++)
            if (!(x[s * channels + c] <= x[best * channels + c]))
                best = s;
        for (size_t s = 0; s < size; s++)
            dx[s * channels + c] = s == best ? dy[c] : 0;
    }
}

static void max_pool_backward(const LayerPass *p)
{
    if (!p->dx)
        return;
    size_t size = (size_t)((const MaxPool *)p->params)->size, channels = (size_t)p->in.channels;
    size_t length = (size_t)p->in.length, windows = (size_t)p->out.length, rest = length - windows * size;
    for (size_t r = 0; r < p->rows; r++) {
        const float *x = p->x + r * length * channels;
        float *dx = p->dx + r * length * channels;
        for (size_t w = 0; w < windows; w++)
            window_back(x + w * size * channels, p->dy + (r * windows + w) * channels, dx + w * size * channels, size, channels);
        memset(dx + windows * size * channels, 0, rest * channels * sizeof(float));
    }
}

extern const Layer layer_max_pool;
const Layer layer_max_pool = {
    .spec = {.name = "max_pool", .doc = "the largest of each few neighbors along the length", .group = "shape", .params = fields,
             .params_size = sizeof(MaxPool)},
    .shape = max_pool_shape,
    .forward = max_pool_forward,
    .backward = max_pool_backward,
    .infer = max_pool_forward,
};
