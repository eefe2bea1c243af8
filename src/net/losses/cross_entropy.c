/* cross_entropy: -log of the softmax probability of the label. With label smoothing the label is believed by 1 - s only, and s is spread
 * evenly over all classes (Szegedy et al. 2016). */
#include "net/loss.h"

typedef struct CrossEntropy {
    double label_smoothing;
} CrossEntropy;

static const Field fields[] = {
    {REAL_FIELD(CrossEntropy, label_smoothing), .doc = "share of a label that is spread over all classes", .def = "0", .min = 0,
     .max = 0.999, .soft_min = 0.01, .soft_max = 0.2, .is_sparse = true},
    {.name = NULL},
};

static double cross_entropy_pass(const LossPass *p)
{
    const CrossEntropy *c = p->params;
    double total = 0, even = c->label_smoothing / (double)p->width;
    for (size_t r = 0; r < p->rows; r++) {
        const float *x = p->outputs + r * p->width;
        float *g = p->gradient + r * p->width;
        double weight = loss_weight(p, r), log_sum = loss_softmax(x, g, p->width, 1), spread = 0;
        size_t label = (size_t)p->labels[r];
        float scale = (float)(weight * p->scale);
        g[label] -= (float)(1 - c->label_smoothing);
        for (size_t j = 0; j < p->width; j++) {
            spread += log_sum - (double)x[j];
            g[j] = (g[j] - (float)even) * scale;
        }
        total += weight * ((1 - c->label_smoothing) * (log_sum - (double)x[label]) + even * spread);
    }
    return total;
}

extern const Loss loss_cross_entropy;
const Loss loss_cross_entropy = {
    .spec = {.name = "cross_entropy",
             .doc = "-log of the softmax probability of the label",
             .group = "classes",
             .params = fields,
             .params_size = sizeof(CrossEntropy)},
    .takes_classes = true,
    .pass = cross_entropy_pass,
};
