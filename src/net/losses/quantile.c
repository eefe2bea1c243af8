/* quantile: the mean over outputs of the pinball loss, q (v - y) where the value v lies above the output y and (1 - q) (y - v) below
 * (Koenker, Bassett 1978): a share q of the values comes to lie below the output. With several q the net has an output for each; what it
 * gives is sorted, so that they do not cross. */
#include <math.h>

#include "net/loss.h"

typedef struct Quantile {
    NumberList q;
} Quantile;

static const Field fields[] = {
    {NUMBERS_FIELD(Quantile, q), .doc = "shares of the values below the outputs, rising", .def = "0.5", .min = 1e-6, .max = 1 - 1e-6,
     .positional = true},
    {.name = NULL},
};

static double quantile_pass(const LossPass *p)
{
    const NumberList *q = &((const Quantile *)p->params)->q;
    double total = 0, share = 1 / (double)p->width;
    for (size_t r = 0; r < p->rows; r++) {
        double weight = loss_weight(p, r) * share, sum = 0;
        for (size_t j = 0; j < p->width; j++) {
            size_t at = r * p->width + j;
            double d = (double)p->outputs[at] - (double)p->values[at], level = q->items[j % q->count];
            double slope = d > 0 ? 1 - level : d < 0 ? -level : d;
            sum += slope * d;
            p->gradient[at] = (float)(weight * p->scale * slope);
        }
        total += weight * sum;
    }
    return total;
}

static bool quantile_check(const void *params, size_t width, int positive, Error *e)
{
    const NumberList *q = &((const Quantile *)params)->q;
    (void)width;
    (void)positive;
    for (size_t i = 1; i < q->count; i++)
        if (!(q->items[i] > q->items[i - 1]))
            return error_set(e, ERROR_USAGE, "quantile: %g stands before %g in q; give them rising", q->items[i - 1], q->items[i]);
    return q->count || error_set(e, ERROR_USAGE, "quantile: q is empty; give shares such as { 0.1, 0.5, 0.9 }");
}

static const NumberList *quantiles_of(const void *params)
{
    return &((const Quantile *)params)->q;
}

extern const Loss loss_quantile;
const Loss loss_quantile = {
    .spec = {.name = "quantile",
             .doc = "pinball loss: outputs below which given shares of the values lie",
             .group = "values",
             .params = fields,
             .params_size = sizeof(Quantile)},
    .check = quantile_check,
    .quantiles = quantiles_of,
    .pass = quantile_pass,
};
