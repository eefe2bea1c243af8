/* Two passes with compensated sums (A. Neumaier, ZAMM 54, 1974).
 * Deviations are scaled by a power of two, which is exact, so that squares and cubes neither overflow nor vanish. */
#include "base/moments.h"

#include <float.h>
#include <math.h>

typedef struct Sum {
    double sum, lost;
} Sum;

static void add(Sum *s, double x)
{
    double next = s->sum + x;
    s->lost += fabs(s->sum) >= fabs(x) ? (s->sum - next) + x : (x - next) + s->sum;
    s->sum = next;
}

static double total(const Sum *s)
{
    return s->sum + s->lost;
}

/* A power of two that brings the largest magnitude near 1. */
static double scale_of(const double *values, size_t count, double center)
{
    double most = 0;
    int exponent = 0;
    for (size_t i = 0; i < count; i++)
        if (isfinite(values[i]))
            most = fmax(most, fabs(values[i] / 4 - center / 4));
    frexp(most, &exponent);
    return most > 0 ? ldexp(1, exponent + 2 < -1000 ? 1000 : -(exponent + 2)) : 1;
}

static double mean_of(const double *values, size_t count, size_t *finite)
{
    Sum sum = {0, 0};
    double scale = scale_of(values, count, 0);
    *finite = 0;
    for (size_t i = 0; i < count; i++) {
        if (!isfinite(values[i]))
            continue;
        add(&sum, values[i] * scale);
        ++*finite;
    }
    return *finite ? total(&sum) / (double)*finite / scale : (double)NAN;
}

Moments moments_of(const double *values, size_t count)
{
    Moments m = {.sd = (double)NAN, .sd_sample = (double)NAN, .skew = (double)NAN};
    m.mean = mean_of(values, count, &m.count);
    if (!m.count)
        return m;
    double scale = scale_of(values, count, m.mean), n = (double)m.count;
    Sum first = {0, 0}, second = {0, 0}, third = {0, 0};
    for (size_t i = 0; i < count; i++) {
        double d = isfinite(values[i]) ? values[i] * scale - m.mean * scale : 0;
        add(&first, d);
        add(&second, d * d);
        add(&third, d * d * d);
    }
    /* the mean is rounded: what is left of it, in units of the deviations */
    double rest = total(&first) / n, squares = fmax(0, total(&second) - n * rest * rest);
    double cubes = total(&third) - 3 * rest * total(&second) + 2 * n * rest * rest * rest;
    m.sd = sqrt(squares / n) / scale;
    if (m.count > 1)
        m.sd_sample = sqrt(squares / (n - 1)) / scale;
    if (squares > 0)
        m.skew = cubes / n / pow(squares / n, 1.5);
    return m;
}

bool moments_is_constant(double least, double most)
{
    enum { ROUNDINGS = 16 };
    if (!(most > least))
        return true;
    bool whole = least == floor(least) && most == floor(most);
    return !whole && most - least <= ROUNDINGS * DBL_EPSILON * fmax(fabs(least), fabs(most));
}
