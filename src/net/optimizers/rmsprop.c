/* rmsprop: steps scaled by the running size of the gradient (Hinton 2012), as in PyTorch's torch.optim.RMSprop. */
#include "net/update_rule.h"

typedef struct Rmsprop {
    double learning_rate, memory, eps, momentum;
    bool centered;
} Rmsprop;

static const Field fields[] = {
    {REAL_FIELD(Rmsprop, learning_rate), .doc = "size of a step", .def = "0.01", .min = 0, .max = 10, .soft_min = 1e-5, .soft_max = 1e-1,
     .scale = SCALE_LOG, .search = "range"},
    {REAL_FIELD(Rmsprop, memory), .doc = "memory of the squared gradient", .def = "0.99", .min = 0, .max = 0.999999, .soft_min = 0.9,
     .soft_max = 0.999},
    {REAL_FIELD(Rmsprop, eps), .doc = "keeps the division finite", .def = "1e-8", .min = 1e-12, .max = 1, .soft_min = 1e-8,
     .soft_max = 1e-3, .scale = SCALE_LOG},
    {REAL_FIELD(Rmsprop, momentum), .doc = "share of the last step that is kept", .def = "0", .min = 0, .max = 0.9999, .soft_min = 0,
     .soft_max = 0.99},
    {FLAG_FIELD(Rmsprop, centered), .doc = "measure the gradient about its running mean", .def = "false"},
    {.name = NULL},
};

typedef struct RmspropStep {
    float rate, lasting, memory, rest, eps, momentum; /* lasting: rate / (1 - momentum) */
    bool centered;
} RmspropStep;

static void rmsprop_prepare(const void *params, double learning_rate, int64_t step, void *constants)
{
    const Rmsprop *r = params;
    (void)step;
    *(RmspropStep *)constants = (RmspropStep){
        .rate = (float)learning_rate,
        .lasting = (float)(learning_rate / (1 - r->momentum)),
        .memory = (float)r->memory,
        .rest = (float)(1 - r->memory),
        .eps = (float)r->eps,
        .momentum = (float)r->momentum,
        .centered = r->centered,
    };
}

/* Moments: the squared gradient, the velocity, the gradient. Rounding can take a variance below zero, where it is none. */
UPDATE_RULE(rmsprop, 3, RmspropStep, {
    m0 = c->memory * m0 + c->rest * g * g;
    vf square = m0;
    if (c->centered) {
        m2 += c->rest * (g - m2);
        square -= m2 * m2;
        square = lanes_where(square > 0, square);
    }
    vf length = lanes_root(square) + c->eps;
    way = g / length;
    if (c->momentum > 0) {
        m1 = c->momentum * m1 + way;
        way = m1;
    }
    way *= c->rate;
    unit = c->lasting / length;
})

extern const Optimizer optimizer_rmsprop;
const Optimizer optimizer_rmsprop = {
    .spec = {.name = "rmsprop",
             .doc = "steps scaled by the running size of the gradient",
             .group = "optimizer",
             .params = fields,
             .params_size = sizeof(Rmsprop)},
    .moments = 3,
    .prepare = rmsprop_prepare,
    .update = UPDATE_OF(rmsprop),
};
