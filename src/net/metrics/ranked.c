/* Sorted as numbers: a float as a double has bits to spare, and the lowest says whether the row is a positive. */
#include "net/metrics/ranked.h"

#include <math.h>
#include <string.h>

#include "base/sort.h"

static double with_mark(float score, bool is_positive)
{
    double x = (double)score + 0.0;
    uint64_t bits;
    memcpy(&bits, &x, sizeof bits);
    bits |= is_positive;
    memcpy(&x, &bits, sizeof x);
    return x;
}

static Ranked without_mark(double x)
{
    uint64_t bits;
    memcpy(&bits, &x, sizeof bits);
    bool is_positive = bits & 1;
    bits &= ~(uint64_t)1;
    memcpy(&x, &bits, sizeof x);
    return (Ranked){(float)x, is_positive};
}

Ranked *ranked_by_class(const MetricInput *in, size_t class, size_t *positives)
{
    double *keys = mem_try_alloc(in->rows + 1, sizeof *keys, NULL);
    Ranked *items = mem_try_alloc(in->rows + 1, sizeof *items, NULL);
    bool ok = keys && items;
    *positives = 0;
    for (size_t i = 0; ok && i < in->rows; i++) {
        float score = in->probabilities[i * in->classes + class];
        bool is_positive = in->labels[i] == (int32_t) class;
        ok = isfinite(score);
        keys[i] = with_mark(score, is_positive);
        *positives += is_positive;
    }
    ok = ok && sort_reals(keys, in->rows, NULL);
    for (size_t i = 0; ok && i < in->rows; i++)
        items[in->rows - 1 - i] = without_mark(keys[i]);
    mem_free(keys);
    if (ok)
        return items;
    mem_free(items);
    return NULL;
}
