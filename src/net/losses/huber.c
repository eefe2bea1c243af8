/* huber: the mean over outputs of d^2 / 2 where |d| <= delta, and of delta (|d| - delta / 2) beyond (Huber 1964): rows far off pull no
 * stronger than those at delta. */
#include <math.h>

#include "net/loss.h"

typedef struct Huber {
    double delta;
} Huber;

static const Field fields[] = {
    {REAL_FIELD(Huber, delta), .doc = "from there on a difference counts by its size alone", .unit = "sd of the target", .def = "1",
     .min = 1e-6, .max = 1e6, .soft_min = 0.1, .soft_max = 5, .scale = SCALE_LOG},
    {.name = NULL},
};

static double huber_pass(const LossPass *p)
{
    double total = 0, share = 1 / (double)p->width, delta = ((const Huber *)p->params)->delta;
    for (size_t r = 0; r < p->rows; r++) {
        double weight = loss_weight(p, r) * share, sum = 0;
        for (size_t j = r * p->width; j < (r + 1) * p->width; j++) {
            double d = (double)p->outputs[j] - (double)p->values[j], near = d > delta ? delta : d < -delta ? -delta : d;
            sum += near * (d - near / 2);
            p->gradient[j] = (float)(weight * p->scale * near);
        }
        total += weight * sum;
    }
    return total;
}

extern const Loss loss_huber;
const Loss loss_huber = {
    .spec = {.name = "huber",
             .doc = "squared error near the target, absolute error far from it",
             .group = "values",
             .params = fields,
             .params_size = sizeof(Huber)},
    .pass = huber_pass,
};
