/* batch_norm: each channel to mean 0 and sd 1 over the batch, then scale and shift (Ioffe, Szegedy 2015). Statistics are taken per
 * slice in double and combined in slice order, so they do not depend on threads. A relu behind it is fused into both passes. */
#include <math.h>
#include <string.h>

#include "net/layer.h"

typedef struct BatchNorm {
    LayerPlace place;
    double momentum, eps;
} BatchNorm;

static const Field fields[] = {
    {REAL_FIELD(BatchNorm, momentum), .doc = "share of a new batch in the running statistics", .def = "0.1", .min = 0, .max = 1,
     .soft_min = 0.01, .soft_max = 0.3},
    {REAL_FIELD(BatchNorm, eps), .doc = "added to the variance", .def = "1e-5", .min = 1e-12, .max = 1, .soft_min = 1e-7, .soft_max = 1e-3,
     .scale = SCALE_LOG},
    LAYER_PLACE(BatchNorm),
    {.name = NULL},
};

enum { WEIGHT, BIAS, MEAN, VARIANCE };

static size_t batch_norm_tensors(const void *params, Shape in, LayerTensor out[LAYER_TENSORS])
{
    (void)params;
    int64_t n = shape_channels(in);
    out[WEIGHT] = (LayerTensor){.name = "weight", .rank = 1, .dims = {n}, .is_trained = true, .old_name = "gamma"};
    out[BIAS] = (LayerTensor){.name = "bias", .rank = 1, .dims = {n}, .is_trained = true, .old_name = "beta"};
    out[MEAN] = (LayerTensor){.name = "running_mean", .rank = 1, .dims = {n}};
    out[VARIANCE] = (LayerTensor){.name = "running_var", .rank = 1, .dims = {n}, .old_name = "running_variance"};
    return 4;
}

static void batch_norm_init(const void *params, Shape in, Rng *rng, float *const *tensors)
{
    (void)params;
    (void)rng;
    for (int64_t i = 0; i < shape_channels(in); i++)
        tensors[WEIGHT][i] = tensors[VARIANCE][i] = 1;
}

static size_t batch_norm_scratch(const void *params, Shape in)
{
    (void)params;
    return 6 * (size_t)shape_channels(in);
}

/* Forward: mean, M2 (after the join: variance). Backward: sum dy, sum dy (x - mean). */
static size_t batch_norm_stats(const void *params, Shape in)
{
    (void)params;
    return 2 * (size_t)shape_channels(in);
}

/* One value has no variance: a batch needs two of each channel. */
static int64_t batch_norm_rows_least(const void *params, Shape in)
{
    (void)params;
    return shape_places(in) > 1 ? 1 : 2;
}

static size_t places_of(const LayerPass *p)
{
    return p->rows * (size_t)shape_places(p->in);
}

static void batch_norm_forward_stats(const LayerPass *p)
{
    size_t n = (size_t)shape_channels(p->in), places = places_of(p);
    double *mean = p->stats;
    kernels()->column_sums(p->x, mean, places, n);
    for (size_t i = 0; i < n; i++)
        mean[i] /= (double)places;
    kernels()->column_squares(p->x, mean, mean + n, places, n);
}

/* Chan, Golub, LeVeque 1979. */
static void batch_norm_forward_join(const LayerJoin *j)
{
    const BatchNorm *b = j->params;
    size_t n = (size_t)shape_channels(j->in);
    double places = (double)shape_places(j->in), count = (double)j->rows[0] * places;
    double *mean = j->parts[0], *m2 = mean + n;
    for (int s = 1; s < j->slices; s++) {
        double more = (double)j->rows[s] * places, all = count + more;
        const double *other = j->parts[s];
        for (size_t i = 0; i < n; i++) {
            double d = other[i] - mean[i];
            mean[i] += d * more / all;
            m2[i] += other[n + i] + d * d * count * more / all;
        }
        count = all;
    }
    double unbiased = count > 1 ? count - 1 : 1, share = j->share > 0 ? j->share : b->momentum;
    for (size_t i = 0; i < n; i++) {
        float *running = j->tensors[MEAN], *variance = j->tensors[VARIANCE];
        running[i] = (float)((1 - share) * (double)running[i] + share * mean[i]);
        variance[i] = (float)((1 - share) * (double)variance[i] + share * m2[i] / unbiased);
        m2[i] /= count;
    }
}

/* x * scale + shift; the first 2 n of scratch. */
static void find_scale(const LayerPass *p)
{
    const BatchNorm *b = p->params;
    size_t n = (size_t)shape_channels(p->in);
    float *scale = p->scratch, *shift = scale + n;
    for (size_t i = 0; i < n; i++) {
        double mean = p->is_training ? p->stats[i] : (double)p->tensors[MEAN][i];
        double variance = p->is_training ? p->stats[n + i] : (double)p->tensors[VARIANCE][i];
        scale[i] = (float)((double)p->tensors[WEIGHT][i] / sqrt(variance + b->eps));
        shift[i] = (float)((double)p->tensors[BIAS][i] - mean * (double)scale[i]);
    }
}

/* With the pooling that was fused into it. */
static PoolPass pooled(const LayerPass *p)
{
    return (PoolPass){.pool = p->pool,
                      .rows = (int64_t)p->rows,
                      .x = p->x,
                      .y = p->y,
                      .dy = p->dy,
                      .dx = p->dx,
                      .scale = p->scratch,
                      .shift = p->scratch + shape_channels(p->in),
                      .relu = p->relu};
}

static void batch_norm_forward(const LayerPass *p)
{
    size_t n = (size_t)shape_channels(p->in);
    find_scale(p);
    PoolPass pass = pooled(p);
    if (p->pool)
        kernels()->pool_windows(&pass);
    else
        kernels()->affine(p->x, pass.scale, pass.shift, p->y, places_of(p), n, p->relu);
}

/* Products are around the mean as a float; what it lost is put right. */
static void pooled_stats(const LayerPass *p)
{
    size_t n = (size_t)shape_channels(p->in);
    float *center = p->scratch + 2 * n;
    for (size_t i = 0; i < n; i++)
        center[i] = (float)p->stats[i];
    memset(p->back_stats, 0, 2 * n * sizeof *p->back_stats);
    PoolPass pass = pooled(p);
    pass.center = center;
    pass.sums = p->back_stats;
    find_scale(p);
    kernels()->norm_pool_sums(&pass);
    for (size_t i = 0; i < n; i++)
        p->back_stats[n + i] += ((double)center[i] - p->stats[i]) * p->back_stats[i];
}

/* The join of the forward pass left mean and variance in the first slice's statistics. */
static void batch_norm_backward_stats(const LayerPass *p)
{
    if (p->pool)
        pooled_stats(p);
    else
        kernels()->norm_sums(p->dy, p->relu ? p->y : NULL, p->x, p->stats, p->back_stats, places_of(p), (size_t)shape_channels(p->in));
}

/* Sums become means over the batch; the count is not kept elsewhere. */
static void batch_norm_backward_join(const LayerJoin *j)
{
    const BatchNorm *b = j->params;
    size_t n = (size_t)shape_channels(j->in);
    double *sums = j->parts[0], *products = sums + n, count = (double)j->rows[0];
    for (int s = 1; s < j->slices; s++) {
        count += (double)j->rows[s];
        for (size_t i = 0; i < 2 * n; i++)
            sums[i] += j->parts[s][i];
    }
    count *= (double)shape_places(j->in);
    for (size_t i = 0; i < n; i++) {
        j->gradients[BIAS][i] = (float)sums[i];
        j->gradients[WEIGHT][i] = (float)(products[i] / sqrt(j->forward[n + i] + b->eps));
        sums[i] /= count;
        products[i] /= count;
    }
}

/* dx = weight / sd * (dy - mean(dy) - (x - mean) / sd^2 * mean(dy (x - mean))), as a dy + b x + c. */
static void batch_norm_backward(const LayerPass *p)
{
    if (!p->dx)
        return;
    const BatchNorm *bn = p->params;
    size_t n = (size_t)shape_channels(p->in);
    float *a = p->scratch + 3 * n, *b = a + n, *c = b + n;
    for (size_t i = 0; i < n; i++) {
        double variance = p->stats[n + i] + bn->eps, scale = (double)p->tensors[WEIGHT][i] / sqrt(variance);
        double slope = -scale * p->back_stats[n + i] / variance;
        a[i] = (float)scale;
        b[i] = (float)slope;
        c[i] = (float)(-scale * p->back_stats[i] - slope * p->stats[i]);
    }
    PoolPass pass = pooled(p);
    pass.coefficients = a;
    find_scale(p);
    if (p->pool)
        kernels()->norm_pool_back(&pass);
    else
        kernels()->norm_back(p->dy, p->x, a, p->dx, places_of(p), n);
}

extern const Layer layer_batch_norm;
const Layer layer_batch_norm = {
    .spec = {.name = "batch_norm",
             .doc = "each channel to mean 0 and sd 1 over the batch",
             .group = "regularization",
             .params = fields,
             .params_size = sizeof(BatchNorm)},
    .takes_relu = true,
    .takes_pool = true,
    .shape = layer_same_shape,
    .tensors = batch_norm_tensors,
    .init = batch_norm_init,
    .rows_least = batch_norm_rows_least,
    .scratch = batch_norm_scratch,
    .stats = batch_norm_stats,
    .forward = batch_norm_forward,
    .backward = batch_norm_backward,
    .infer = batch_norm_forward,
    .forward_stats = batch_norm_forward_stats,
    .forward_join = batch_norm_forward_join,
    .backward_stats = batch_norm_backward_stats,
    .backward_join = batch_norm_backward_join,
};
