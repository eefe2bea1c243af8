/* lion: steps of one size, whose sign comes from the gradient and its running mean (Chen et al. 2023). */
#include "net/update_rule.h"

typedef struct Lion {
    double learning_rate, beta1, beta2, decay;
} Lion;

static const Field fields[] = {
    {REAL_FIELD(Lion, learning_rate), .doc = "size of a step", .def = "1e-4", .min = 0, .max = 10, .soft_min = 1e-5, .soft_max = 1e-2,
     .scale = SCALE_LOG, .search = "range"},
    {REAL_FIELD(Lion, beta1), .doc = "weight of the mean gradient in a step", .def = "0.9", .min = 0, .max = 0.9999, .soft_min = 0.8,
     .soft_max = 0.99},
    {REAL_FIELD(Lion, beta2), .doc = "memory of the mean gradient", .def = "0.99", .min = 0, .max = 0.999999, .soft_min = 0.9,
     .soft_max = 0.999},
    {REAL_FIELD(Lion, decay), .doc = OPTIMIZER_DECAY_DOC, .def = "0", .min = 0, .max = 100, .soft_min = 1e-5, .soft_max = 1,
     .scale = SCALE_LOG},
    {.name = NULL},
};

typedef struct LionStep {
    float rate, beta1, rest1, beta2, rest2;
} LionStep;

static void lion_prepare(const void *params, double learning_rate, int64_t step, void *constants)
{
    const Lion *l = params;
    (void)step;
    *(LionStep *)constants =
        (LionStep){(float)learning_rate, (float)l->beta1, (float)(1 - l->beta1), (float)l->beta2, (float)(1 - l->beta2)};
}

/* The size of a gradient has no say, so an L1 penalty has only its own size: rate * l1 a step. */
UPDATE_RULE(lion, 1, LionStep, {
    vf mixed = c->beta1 * m0 + c->rest1 * g;
    way = c->rate * lanes_sign(mixed);
    m0 = c->beta2 * m0 + c->rest2 * g;
    unit = c->rate - (vf){0};
})

extern const Optimizer optimizer_lion;
const Optimizer optimizer_lion = {
    .spec = {.name = "lion",
             .doc = "steps of one size, with the sign of the mean gradient",
             .group = "optimizer",
             .params = fields,
             .params_size = sizeof(Lion)},
    .moments = 1,
    .prepare = lion_prepare,
    .update = UPDATE_OF(lion),
};
