/* binary_cross_entropy: -log of the sigmoid probability of the label, for two classes. The net has an output for each class, and the
 * logit is their difference: so value and gradient are those of cross_entropy, whose softmax of two is that sigmoid. */
#include <math.h>

#include "net/loss.h"

typedef struct BinaryCrossEntropy {
    double label_smoothing;
} BinaryCrossEntropy;

static const Field fields[] = {
    {REAL_FIELD(BinaryCrossEntropy, label_smoothing), .doc = "share of a label that is spread over both classes", .def = "0", .min = 0,
     .max = 0.999, .soft_min = 0.01, .soft_max = 0.2},
    {.name = NULL},
};

static double binary_cross_entropy_pass(const LossPass *p)
{
    const BinaryCrossEntropy *b = p->params;
    double total = 0;
    for (size_t r = 0; r < p->rows; r++) {
        double logit = (double)p->outputs[2 * r + 1] - (double)p->outputs[2 * r];
        double weight = loss_weight(p, r), wanted = p->labels[r] ? 1 - b->label_smoothing / 2 : b->label_smoothing / 2;
        double slope = weight * p->scale * (1 / (1 + exp(-logit)) - wanted);
        /* log(1 + e^logit) - wanted * logit, without an overflow */
        total += weight * (fmax(logit, 0) + log1p(exp(-fabs(logit))) - wanted * logit);
        p->gradient[2 * r] = (float)-slope;
        p->gradient[2 * r + 1] = (float)slope;
    }
    return total;
}

extern const Loss loss_binary_cross_entropy;
const Loss loss_binary_cross_entropy = {
    .spec = {.name = "binary_cross_entropy",
             .doc = "of two classes, by the sigmoid of the difference of their outputs",
             .group = "classes",
             .params = fields,
             .params_size = sizeof(BinaryCrossEntropy)},
    .takes_classes = true,
    .classes = 2,
    .pass = binary_cross_entropy_pass,
};
