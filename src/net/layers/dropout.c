/* dropout: in training each unit is zero with probability `rate`, the others grow by 1 / (1 - rate). Which units is a function of
 * (seed, layer, epoch, row id, unit), so the backward pass finds them again. spatial_dropout: the same for whole channels, in all their
 * places. */
#include <string.h>

#include "net/layer.h"

typedef struct Dropout {
    LayerPlace place;
    double rate;
} Dropout;

#define RATE \
    REAL_FIELD(Dropout, rate), .doc = "probability of a zero", .def = "0.2", .min = 0, .max = 0.95, .soft_min = 0, .soft_max = 0.5, \
                               .positional = true

static const Field fields[] = {
    {RATE, .search = "range", .searched_as = "dropout"},
    LAYER_PLACE(Dropout),
    {.name = NULL},
};
static const Field spatial_fields[] = {
    {RATE},
    LAYER_PLACE(Dropout),
    {.name = NULL},
};

/* Units of a row, the same in each of its places. */
static void drop_rows(const LayerPass *p, const float *x, float *y, size_t places)
{
    double rate = ((const Dropout *)p->params)->rate;
    DropView d = {
        .width = (size_t)shape_size(p->in) / places, .threshold = (uint32_t)(rate * 4294967296.0), .scale = (float)(1 / (1 - rate))};
    for (size_t r = 0; r < p->rows; r++) {
        uint32_t key[4];
        rng_block(p->noise, p->row_ids ? p->row_ids[r] : r, key);
        d.key_low = key[0];
        d.key_high = key[1];
        for (size_t at = r * places; at < (r + 1) * places; at++) {
            d.x = x + at * d.width;
            d.y = y + at * d.width;
            kernels()->drop(&d);
        }
    }
}

static void dropout_copy(const LayerPass *p)
{
    memcpy(p->y, p->x, p->rows * (size_t)shape_size(p->in) * sizeof(float));
}

static void dropout_forward(const LayerPass *p)
{
    if (p->is_training)
        drop_rows(p, p->x, p->y, 1);
    else
        dropout_copy(p);
}

static void dropout_backward(const LayerPass *p)
{
    if (p->dx)
        drop_rows(p, p->dy, p->dx, 1);
}

static void spatial_dropout_forward(const LayerPass *p)
{
    if (p->is_training)
        drop_rows(p, p->x, p->y, (size_t)shape_places(p->in));
    else
        dropout_copy(p);
}

static void spatial_dropout_backward(const LayerPass *p)
{
    if (p->dx)
        drop_rows(p, p->dy, p->dx, (size_t)shape_places(p->in));
}

extern const Layer layer_dropout, layer_spatial_dropout;
const Layer layer_dropout = {
    .spec = {.name = "dropout",
             .doc = "random zeros in training, against overfitting",
             .group = "regularization",
             .params = fields,
             .params_size = sizeof(Dropout)},
    .shape = layer_same_shape,
    .forward = dropout_forward,
    .backward = dropout_backward,
    .infer = dropout_copy,
};
const Layer layer_spatial_dropout = {
    .spec = {.name = "spatial_dropout",
             .doc = "random channels become zero in training, in all places",
             .group = "regularization",
             .params = spatial_fields,
             .params_size = sizeof(Dropout)},
    .shape = layer_same_shape,
    .forward = spatial_dropout_forward,
    .backward = spatial_dropout_backward,
    .infer = dropout_copy,
};
