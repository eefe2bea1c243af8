/* cross_entropy: -log of the softmax probability of the label. */
#include "net/loss.h"

static double cross_entropy_pass(const LossPass *p)
{
    double total = 0;
    for (size_t r = 0; r < p->rows; r++) {
        const float *x = p->outputs + r * p->width;
        float *g = p->gradient + r * p->width;
        double weight = loss_weight(p, r), log_sum = loss_softmax(x, g, p->width, 1);
        size_t label = (size_t)p->labels[r];
        float scale = (float)(weight * p->scale);
        total += weight * (log_sum - (double)x[label]);
        g[label] -= 1;
        for (size_t j = 0; j < p->width; j++)
            g[j] *= scale;
    }
    return total;
}

extern const Loss loss_cross_entropy;
const Loss loss_cross_entropy = {
    .spec = {.name = "cross_entropy", .doc = "-log of the softmax probability of the label", .group = "classes"},
    .takes_classes = true,
    .pass = cross_entropy_pass,
};
