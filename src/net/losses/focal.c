/* focal: cross-entropy in which rows count less, the surer the net is of their label: a (1 - p)^gamma -log p (Lin et al. 2017). With gamma
 * 0 and without alpha it is cross_entropy. */
#include <math.h>

#include "net/loss.h"

typedef struct Focal {
    double gamma, alpha;
} Focal;

static const Field fields[] = {
    {REAL_FIELD(Focal, gamma), .doc = "how much less a row counts that is already right", .def = "2", .min = 0, .max = 20, .soft_min = 0.5,
     .soft_max = 5},
    {REAL_FIELD(Focal, alpha), .doc = "weight of the positive class, of the other 1 - alpha; 0: all alike", .def = "0", .min = 0, .max = 1,
     .soft_min = 0.1, .soft_max = 0.9},
    {.name = NULL},
};

static double class_weight(const Focal *f, const LossPass *p, size_t label)
{
    return f->alpha == 0 ? 1 : (int)label == p->positive ? f->alpha : 1 - f->alpha;
}

static double focal_pass(const LossPass *p)
{
    const Focal *f = p->params;
    double total = 0;
    for (size_t r = 0; r < p->rows; r++) {
        const float *x = p->outputs + r * p->width;
        float *g = p->gradient + r * p->width;
        size_t label = (size_t)p->labels[r];
        double log_p = (double)x[label] - loss_softmax(x, g, p->width, 1), sure = exp(log_p), rest = 0;
        for (size_t j = 0; j < p->width; j++) /* 1 - p of the label, without the rounding of a difference */
            rest += j == label ? 0 : (double)g[j];
        double weight = loss_weight(p, r) * class_weight(f, p, label), doubt = pow(rest, f->gamma);
        double pull = f->gamma > 0 && rest > 0 ? f->gamma * pow(rest, f->gamma - 1) * sure * log_p : 0;
        float slope = (float)(weight * p->scale * (doubt - pull)); /* of -log p */
        for (size_t j = 0; j < p->width; j++)
            g[j] *= slope;
        g[label] = (float)-rest * slope;
        total -= weight * doubt * log_p;
    }
    return total;
}

static bool focal_check(const void *params, size_t width, int positive, Error *e)
{
    const Focal *f = params;
    return f->alpha == 0 || (width == 2 && positive >= 0) ||
           error_set(e, ERROR_USAGE, "focal: alpha weighs the positive of two classes, and the target has %zu; use class_weights", width);
}

extern const Loss loss_focal;
const Loss loss_focal = {
    .spec = {.name = "focal",
             .doc = "cross-entropy in which rows that are already right count less",
             .group = "classes",
             .params = fields,
             .params_size = sizeof(Focal)},
    .takes_classes = true,
    .check = focal_check,
    .pass = focal_pass,
};
