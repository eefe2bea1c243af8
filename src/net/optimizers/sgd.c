/* sgd: v = momentum * v + g; w -= rate * v (nesterov: rate * (g + momentum * v)), as in PyTorch's torch.optim.SGD. */
#include "net/optimizer.h"

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

static void sgd_prepare(const void *params, double learning_rate, int64_t step, UpdateView *u)
{
    const Sgd *s = params;
    (void)step;
    u->rate = (float)learning_rate;
    u->beta1 = (float)s->momentum;
    u->nesterov = s->nesterov;
}

static void sgd_update(const UpdateView *u)
{
    kernels()->sgd(u);
}

extern const Optimizer optimizer_sgd;
const Optimizer optimizer_sgd = {
    .spec = {.name = "sgd", .doc = "gradient descent with momentum", .group = "optimizer", .params = fields, .params_size = sizeof(Sgd)},
    .moments = 1,
    .prepare = sgd_prepare,
    .update = sgd_update,
};
