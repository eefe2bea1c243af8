/* adam: steps scaled by running moments of the gradient (Kingma, Ba 2015), bias-corrected. */
#include <math.h>

#include "net/optimizer.h"

typedef struct Adam {
    double learning_rate, beta1, beta2, eps;
} Adam;

static const Field fields[] = {
    {REAL_FIELD(Adam, learning_rate), .doc = "size of a step", .def = "0.001", .min = 0, .max = 10, .soft_min = 1e-5, .soft_max = 1e-1,
     .scale = SCALE_LOG, .search = "range"},
    {REAL_FIELD(Adam, beta1), .doc = "memory of the mean gradient", .def = "0.9", .min = 0, .max = 0.9999, .soft_min = 0.8,
     .soft_max = 0.99},
    {REAL_FIELD(Adam, beta2), .doc = "memory of the squared gradient", .def = "0.999", .min = 0, .max = 0.999999, .soft_min = 0.9,
     .soft_max = 0.9999},
    {REAL_FIELD(Adam, eps), .doc = "keeps the division finite", .def = "1e-8", .min = 1e-12, .max = 1, .soft_min = 1e-8, .soft_max = 1e-3,
     .scale = SCALE_LOG},
    {.name = NULL},
};

static void adam_prepare(const void *params, double learning_rate, int64_t step, UpdateView *u)
{
    const Adam *a = params;
    u->rate = (float)(learning_rate / (1 - pow(a->beta1, (double)step)));
    u->beta1 = (float)a->beta1;
    u->beta2 = (float)a->beta2;
    u->rest1 = (float)(1 - a->beta1);
    u->rest2 = (float)(1 - a->beta2);
    u->eps = (float)a->eps;
    u->correction = (float)(1 / (1 - pow(a->beta2, (double)step)));
}

static void adam_update(const UpdateView *u)
{
    kernels()->adam(u);
}

extern const Optimizer optimizer_adam;
const Optimizer optimizer_adam = {
    .spec = {.name = "adam",
             .doc = "steps scaled by running moments of the gradient",
             .group = "optimizer",
             .params = fields,
             .params_size = sizeof(Adam)},
    .moments = 2,
    .prepare = adam_prepare,
    .update = adam_update,
};
