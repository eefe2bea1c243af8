/* mean_absolute_error: the mean over outputs of |y - value|; its smallest is at the median. Where both are the same the gradient is 0. */
#include <math.h>

#include "net/loss.h"

static double mean_absolute_error_pass(const LossPass *p)
{
    double total = 0, share = 1 / (double)p->width;
    for (size_t r = 0; r < p->rows; r++) {
        double weight = loss_weight(p, r) * share, sum = 0;
        for (size_t j = r * p->width; j < (r + 1) * p->width; j++) {
            double d = (double)p->outputs[j] - (double)p->values[j];
            sum += fabs(d);
            p->gradient[j] = (float)(weight * p->scale * (d > 0 ? 1 : d < 0 ? -1 : d));
        }
        total += weight * sum;
    }
    return total;
}

extern const Loss loss_mean_absolute_error;
const Loss loss_mean_absolute_error = {
    .spec = {.name = "mean_absolute_error", .doc = "mean distance from the target; learns the median", .group = "values"},
    .pass = mean_absolute_error_pass,
};
