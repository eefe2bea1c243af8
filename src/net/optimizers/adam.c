/* adam: steps scaled by running moments of the gradient (Kingma, Ba 2015), bias-corrected; and adamw, which also takes a share of each
 * weight away, beside the gradient (Loshchilov, Hutter 2019). */
#include <math.h>

#include "net/update_rule.h"

typedef struct Adam {
    double learning_rate, beta1, beta2, eps, decay; /* decay: of adamw */
} Adam;

#define ADAM_ROWS \
    {REAL_FIELD(Adam, learning_rate), \
     .doc = "size of a step", \
     .def = "0.001", \
     .min = 0, \
     .max = 10, \
     .soft_min = 1e-5, \
     .soft_max = 1e-1, \
     .scale = SCALE_LOG, \
     .search = "range"}, \
        {REAL_FIELD(Adam, beta1), .doc = "memory of the mean gradient", .def = "0.9", .min = 0, .max = 0.9999, .soft_min = 0.8, \
         .soft_max = 0.99}, \
        {REAL_FIELD(Adam, beta2), .doc = "memory of the squared gradient", .def = "0.999", .min = 0, .max = 0.999999, .soft_min = 0.9, \
         .soft_max = 0.9999}, \
    { \
        REAL_FIELD(Adam, eps), .doc = "keeps the division finite", .def = "1e-8", .min = 1e-12, .max = 1, .soft_min = 1e-8, \
                               .soft_max = 1e-3, .scale = SCALE_LOG \
    }

static const Field fields[] = {ADAM_ROWS, {.name = NULL}};

static const Field decaying_fields[] = {
    ADAM_ROWS,
    {REAL_FIELD(Adam, decay), .doc = OPTIMIZER_DECAY_DOC, .def = "0.01", .min = 0, .max = 100, .soft_min = 1e-5, .soft_max = 0.1,
     .scale = SCALE_LOG},
    {.name = NULL},
};

typedef struct AdamStep {
    float rate; /* learning rate / (1 - beta1^t) */
    float beta1, beta2, eps;
    float rest1, rest2; /* 1 - beta1, 1 - beta2, rounded once */
    float correction;   /* 1 / (1 - beta2^t) */
} AdamStep;

static void adam_prepare(const void *params, double learning_rate, int64_t step, void *constants)
{
    const Adam *a = params;
    AdamStep *c = constants;
    c->rate = (float)(learning_rate / (1 - pow(a->beta1, (double)step)));
    c->beta1 = (float)a->beta1;
    c->beta2 = (float)a->beta2;
    c->rest1 = (float)(1 - a->beta1);
    c->rest2 = (float)(1 - a->beta2);
    c->eps = (float)a->eps;
    c->correction = (float)(1 / (1 - pow(a->beta2, (double)step)));
}

UPDATE_RULE(adam, 2, AdamStep, {
    m0 = c->beta1 * m0 + c->rest1 * g;
    m1 = c->beta2 * m1 + c->rest2 * g * g;
    vf length = lanes_root(m1 * c->correction) + c->eps;
    way = c->rate * m0 / length;
    unit = c->rate / length;
})

extern const Optimizer optimizer_adam;
const Optimizer optimizer_adam = {
    .spec = {.name = "adam",
             .doc = "steps scaled by running moments of the gradient",
             .group = "optimizer",
             .params = fields,
             .params_size = sizeof(Adam)},
    .moments = 2,
    .prepare = adam_prepare,
    .update = UPDATE_OF(adam),
};

extern const Optimizer optimizer_adamw;
const Optimizer optimizer_adamw = {
    .spec = {.name = "adamw",
             .doc = "adam, and a share of each weight taken away",
             .group = "optimizer",
             .params = decaying_fields,
             .params_size = sizeof(Adam)},
    .moments = 2,
    .prepare = adam_prepare,
    .update = UPDATE_OF(adam),
};
