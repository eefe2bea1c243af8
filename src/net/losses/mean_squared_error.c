/* mean_squared_error: the mean over outputs of (y - value)^2. */
#include "net/loss.h"

static double mean_squared_error_pass(const LossPass *p)
{
    double total = 0, share = 1 / (double)p->width;
    for (size_t r = 0; r < p->rows; r++) {
        double weight = loss_weight(p, r), sum = 0, scale = 2 * weight * p->scale * share;
        for (size_t j = r * p->width; j < (r + 1) * p->width; j++) {
            double d = (double)p->outputs[j] - (double)p->values[j];
            sum += d * d;
            p->gradient[j] = (float)(scale * d);
        }
        total += weight * sum * share;
    }
    return total;
}

extern const Loss loss_mean_squared_error;
const Loss loss_mean_squared_error = {
    .spec = {.name = "mean_squared_error", .doc = "mean of the squared differences from the target", .group = "values"},
    .pass = mean_squared_error_pass,
};
