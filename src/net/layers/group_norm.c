/* group_norm: each group of neighboring channels, over all places of a row, to mean 0 and sd 1, then scale and shift of each channel
 * (Wu, He 2018). Of arrays, sums run along the places, channels side by side, as those of batch_norm do. */
#include <math.h>
#include <string.h>

#include "net/layer.h"
#include "net/layers/norm_rows.h"

typedef struct GroupNorm {
    LayerPlace place;
    int64_t groups;
    double eps;
} GroupNorm;

static const Field fields[] = {
    {INT_FIELD(GroupNorm, groups), .doc = "groups of channels; 1: all of a row together", .def = "1", .min = 1, .max = 65536, .soft_min = 1,
     .soft_max = 32, .scale = SCALE_LOG, .positional = true},
    {REAL_FIELD(GroupNorm, eps), .doc = "added to the variance", .def = "1e-5", .min = 1e-12, .max = 1, .soft_min = 1e-7, .soft_max = 1e-3,
     .scale = SCALE_LOG},
    LAYER_PLACE(GroupNorm),
    {.name = NULL},
};

enum { WEIGHT, BIAS };

static bool group_norm_shape(const void *params, Shape in, Shape *out, Error *e)
{
    const GroupNorm *g = params;
    *out = in;
    return shape_channels(in) % g->groups == 0 || error_set(e, ERROR_USAGE, "groups = %lld does not divide the %lld channels of its input",
                                                            (long long)g->groups, (long long)shape_channels(in));
}

static size_t group_norm_tensors(const void *params, Shape in, LayerTensor out[LAYER_TENSORS])
{
    (void)params;
    out[WEIGHT] = (LayerTensor){.name = "weight", .rank = 1, .dims = {shape_channels(in)}, .is_trained = true};
    out[BIAS] = (LayerTensor){.name = "bias", .rank = 1, .dims = {shape_channels(in)}, .is_trained = true};
    return 2;
}

static void group_norm_init(const void *params, Shape in, Rng *rng, float *const *tensors)
{
    (void)params;
    (void)rng;
    for (int64_t i = 0; i < shape_channels(in); i++)
        tensors[WEIGHT][i] = 1;
}

/* Mean, variance, sums of dy and of dy (x - mean), as doubles; then three coefficients, of each channel. */
static size_t group_norm_scratch(const void *params, Shape in)
{
    (void)params;
    return shape_places(in) > 1 ? (size_t)shape_channels(in) * (4 * sizeof(double) / sizeof(float) + 3) : 0;
}

typedef struct Row {
    size_t channels, places, group; /* channels of a group */
    double *mean, *variance, *sums; /* of each channel; the first two are alike in a group */
    float *coefficients;
} Row;

static Row row_of(const LayerPass *p)
{
    Row r = {.channels = (size_t)shape_channels(p->in), .places = (size_t)shape_places(p->in)};
    r.group = r.channels / (size_t)((const GroupNorm *)p->params)->groups;
    r.mean = (double *)(void *)p->scratch;
    r.variance = r.mean + r.channels;
    r.sums = r.variance + r.channels;
    r.coefficients = (float *)(r.sums + 2 * r.channels);
    return r;
}

/* Each number of a group becomes their mean. */
static void mean_of_groups(const Row *r, double *values, double count)
{
    for (size_t from = 0; from < r->channels; from += r->group) {
        double sum = 0;
        for (size_t i = 0; i < r->group; i++)
            sum += values[from + i];
        for (size_t i = 0; i < r->group; i++)
            values[from + i] = sum / count;
    }
}

static void find_moments(const Row *r, const float *x)
{
    double count = (double)(r->places * r->group);
    kernels()->column_sums(x, r->mean, r->places, r->channels);
    mean_of_groups(r, r->mean, count);
    kernels()->column_squares(x, r->mean, r->variance, r->places, r->channels);
    mean_of_groups(r, r->variance, count);
}

static void row_forward(const LayerPass *p, const Row *r, const float *x, float *y)
{
    float *scale = r->coefficients, *shift = scale + r->channels;
    find_moments(r, x);
    for (size_t i = 0; i < r->channels; i++) {
        scale[i] = (float)((double)p->tensors[WEIGHT][i] / sqrt(r->variance[i] + ((const GroupNorm *)p->params)->eps));
        shift[i] = (float)((double)p->tensors[BIAS][i] - r->mean[i] * (double)scale[i]);
    }
    kernels()->affine(x, scale, shift, y, r->places, r->channels, false);
}

/* With g = dy weight: dx = (g - mean(g) - (x - mean) / sd^2 * mean(g (x - mean))) / sd, as a dy + b x + c. */
static void row_backward(const LayerPass *p, const Row *r, const float *x, float *dy, float *dx)
{
    double *sums = r->sums, *products = sums + r->channels, count = (double)(r->places * r->group);
    float *a = r->coefficients, *b = a + r->channels, *c = b + r->channels;
    find_moments(r, x);
    kernels()->norm_sums(dy, NULL, x, r->mean, sums, r->places, r->channels);
    for (size_t i = 0; i < r->channels; i++) {
        double weight = (double)p->tensors[WEIGHT][i];
        p->gradients[BIAS][i] += (float)sums[i];
        p->gradients[WEIGHT][i] += (float)(products[i] / sqrt(r->variance[i] + ((const GroupNorm *)p->params)->eps));
        sums[i] *= weight;
        products[i] *= weight;
    }
    mean_of_groups(r, sums, count);
    mean_of_groups(r, products, count);
    for (size_t i = 0; i < r->channels; i++) {
        double variance = r->variance[i] + ((const GroupNorm *)p->params)->eps, scale = 1 / sqrt(variance);
        double slope = -scale * products[i] / variance;
        a[i] = (float)((double)p->tensors[WEIGHT][i] * scale);
        b[i] = (float)slope;
        c[i] = (float)(-scale * sums[i] - slope * r->mean[i]);
    }
    if (dx)
        kernels()->norm_back(dy, x, a, dx, r->places, r->channels);
}

/* Of vectors, groups lie side by side. */
static NormRows vectors_of(const LayerPass *p)
{
    const GroupNorm *g = p->params;
    return (NormRows){.rows = p->rows,
                      .groups = (size_t)g->groups,
                      .width = (size_t)(shape_channels(p->in) / g->groups),
                      .eps = (float)g->eps,
                      .x = p->x,
                      .weight = p->tensors[WEIGHT],
                      .bias = p->tensors[BIAS],
                      .y = p->y};
}

static void group_norm_forward(const LayerPass *p)
{
    if (shape_places(p->in) == 1) {
        NormRows n = vectors_of(p);
        norm_rows_forward(&n);
        return;
    }
    Row r = row_of(p);
    size_t size = (size_t)shape_size(p->in);
    for (size_t i = 0; i < p->rows; i++)
        row_forward(p, &r, p->x + i * size, p->y + i * size);
}

static void group_norm_backward(const LayerPass *p)
{
    size_t size = (size_t)shape_size(p->in);
    if (shape_places(p->in) == 1) {
        NormRows n = vectors_of(p);
        n.dy = p->dy;
        n.dx = p->dx;
        n.dw = p->gradients[WEIGHT];
        n.db = p->gradients[BIAS];
        norm_rows_back(&n);
        return;
    }
    Row r = row_of(p);
    memset(p->gradients[WEIGHT], 0, r.channels * sizeof(float));
    memset(p->gradients[BIAS], 0, r.channels * sizeof(float));
    for (size_t i = 0; i < p->rows; i++)
        row_backward(p, &r, p->x + i * size, p->dy + i * size, p->dx ? p->dx + i * size : NULL);
}

extern const Layer layer_group_norm;
const Layer layer_group_norm = {
    .spec = {.name = "group_norm",
             .doc = "each group of channels of a row to mean 0 and sd 1",
             .group = "regularization",
             .params = fields,
             .params_size = sizeof(GroupNorm)},
    .shape = group_norm_shape,
    .tensors = group_norm_tensors,
    .init = group_norm_init,
    .scratch = group_norm_scratch,
    .forward = group_norm_forward,
    .backward = group_norm_backward,
    .infer = group_norm_forward,
};
