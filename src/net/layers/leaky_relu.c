/* leaky_relu: negative numbers keep a share of their size, so that their unit goes on learning. */
#include "net/layer.h"

typedef struct LeakyRelu {
    LayerPlace place;
    double slope;
} LeakyRelu;

static const Field fields[] = {
    {REAL_FIELD(LeakyRelu, slope), .doc = "share of a negative number that is kept", .def = "0.01", .min = 0, .max = 1, .soft_min = 0.01,
     .soft_max = 0.3, .scale = SCALE_LOG, .positional = true},
    LAYER_PLACE(LeakyRelu),
    {.name = NULL},
};

static void leaky_relu_forward(const LayerPass *p)
{
    float slope = (float)((const LeakyRelu *)p->params)->slope;
    size_t count = p->rows * (size_t)shape_size(p->in);
    for (size_t i = 0; i < count; i++)
        p->y[i] = p->x[i] <= 0 ? slope * p->x[i] : p->x[i];
}

static void leaky_relu_backward(const LayerPass *p)
{
    float slope = (float)((const LeakyRelu *)p->params)->slope;
    size_t count = p->rows * (size_t)shape_size(p->in);
    for (size_t i = 0; p->dx && i < count; i++)
        p->dx[i] = p->x[i] <= 0 ? slope * p->dy[i] : p->dy[i];
}

extern const Layer layer_leaky_relu;
const Layer layer_leaky_relu = {
    .spec = {.name = "leaky_relu",
             .doc = "negative numbers keep a share of their size",
             .group = LAYER_ACTIVATIONS,
             .params = fields,
             .params_size = sizeof(LeakyRelu)},
    .shape = layer_same_shape,
    .forward = leaky_relu_forward,
    .backward = leaky_relu_backward,
    .infer = leaky_relu_forward,
};
