/* sgd: v = momentum * v + g; w -= rate * v (nesterov: rate * (g + momentum * v)), as in PyTorch's torch.optim.SGD. */
#include "net/update_rule.h"

typedef struct Sgd {
    double learning_rate, momentum;
    bool nesterov;
} Sgd;

static const Field fields[] = {
    {REAL_FIELD(Sgd, learning_rate), .doc = "size of a step", .def = "0.05", .min = 0, .max = 10, .soft_min = 1e-5, .soft_max = 1e-1,
     .scale = SCALE_LOG, .search = "range"},
    {REAL_FIELD(Sgd, momentum), .doc = "share of the last step that is kept", .def = "0.9", .min = 0, .max = 0.9999, .soft_min = 0,
     .soft_max = 0.99},
    {FLAG_FIELD(Sgd, nesterov), .doc = "look ahead along the velocity", .def = "false"},
    {.name = NULL},
};

typedef struct SgdStep {
    float rate, momentum, lasting; /* lasting: rate / (1 - momentum) */
    bool nesterov;
} SgdStep;

static void sgd_prepare(const void *params, double learning_rate, int64_t step, void *constants)
{
    const Sgd *s = params;
    (void)step;
    *(SgdStep *)constants = (SgdStep){(float)learning_rate, (float)s->momentum, (float)(learning_rate / (1 - s->momentum)), s->nesterov};
}

UPDATE_RULE(sgd, 1, SgdStep, {
    way = g;
    if (c->momentum > 0) {
        m0 = c->momentum * m0 + g;
        way = c->nesterov ? g + c->momentum * m0 : m0;
    }
    way *= c->rate;
    unit = c->lasting - (vf){0};
})

extern const Optimizer optimizer_sgd;
const Optimizer optimizer_sgd = {
    .spec = {.name = "sgd", .doc = "gradient descent with momentum", .group = "optimizer", .params = fields, .params_size = sizeof(Sgd)},
    .moments = 1,
    .prepare = sgd_prepare,
    .update = UPDATE_OF(sgd),
};
