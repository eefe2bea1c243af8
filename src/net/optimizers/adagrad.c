/* adagrad: steps scaled by all gradients so far (Duchi, Hazan, Singer 2011), as in PyTorch's torch.optim.Adagrad. */
#include "net/update_rule.h"

typedef struct Adagrad {
    double learning_rate, rate_decay, start, eps;
} Adagrad;

static const Field fields[] = {
    {REAL_FIELD(Adagrad, learning_rate), .doc = "size of a step", .def = "0.01", .min = 0, .max = 10, .soft_min = 1e-5, .soft_max = 1e-1,
     .scale = SCALE_LOG, .search = "range"},
    {REAL_FIELD(Adagrad, rate_decay), .doc = "the rate is divided by 1 + steps times it", .def = "0", .min = 0, .max = 1, .soft_min = 0,
     .soft_max = 0.01},
    {REAL_FIELD(Adagrad, start), .doc = "squared gradient before the first step", .def = "0", .min = 0, .max = 1e6, .soft_min = 0,
     .soft_max = 1},
    {REAL_FIELD(Adagrad, eps), .doc = "keeps the division finite", .def = "1e-10", .min = 1e-12, .max = 1, .soft_min = 1e-10,
     .soft_max = 1e-3, .scale = SCALE_LOG},
    {.name = NULL},
};

typedef struct AdagradStep {
    float rate, start, eps;
} AdagradStep;

static void adagrad_prepare(const void *params, double learning_rate, int64_t step, void *constants)
{
    const Adagrad *a = params;
    double rate = learning_rate / (1 + (double)(step - 1) * a->rate_decay);
    *(AdagradStep *)constants = (AdagradStep){(float)rate, (float)a->start, (float)a->eps};
}

UPDATE_RULE(adagrad, 1, AdagradStep, {
    m0 += g * g;
    vf length = lanes_root(m0 + c->start) + c->eps;
    way = c->rate * g / length;
    unit = c->rate / length;
})

extern const Optimizer optimizer_adagrad;
const Optimizer optimizer_adagrad = {
    .spec = {.name = "adagrad",
             .doc = "steps scaled by all gradients so far",
             .group = "optimizer",
             .params = fields,
             .params_size = sizeof(Adagrad)},
    .moments = 1,
    .prepare = adagrad_prepare,
    .update = UPDATE_OF(adagrad),
};
