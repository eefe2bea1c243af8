/* Values out of a space: evenly on the scale of each dimension, and numbered where there are only so many. */
#include <math.h>

#include "learn/space.h"

#define COUNT_MOST 1e15 /* whole numbers that a double tells apart, with room */

size_t dimension_size(const Dimension *d)
{
    if (d->choices)
        return d->choices->size;
    if (d->low >= d->high)
        return 1;
    return d->is_int && d->high - d->low < COUNT_MOST ? (size_t)(d->high - d->low) + 1 : SPACE_ENDLESS;
}

size_t space_size(const Space *s)
{
    size_t size = 1;
    for (size_t i = 0; i < s->count; i++)
        if (!mem_mul(size, dimension_size(&s->items[i]), &size))
            return SPACE_ENDLESS;
    return size;
}

Value *space_point(const Space *s, size_t i)
{
    Value *settings = value_map();
    for (size_t k = 0; k < s->count; k++) {
        size_t size = dimension_size(&s->items[k]);
        value_set(settings, s->items[k].name, dimension_level(&s->items[k], i % size, size));
        i /= size;
    }
    return settings;
}

static double between(double low, double high, double part, bool is_log)
{
    return is_log ? exp(log(low) + part * (log(high) - log(low))) : low + part * (high - low);
}

/* Reals keep four digits, which is finer than any training can tell. */
static Value *real_value(const Dimension *d, double x)
{
    double unit = x != 0 ? pow(10, floor(log10(fabs(x))) - 3) : 1;
    x = unit < 1 ? round(x / unit) / round(1 / unit) : round(x / unit) * unit;
    return value_real(x < d->low ? d->low : x > d->high ? d->high : x);
}

static Value *int_value(const Dimension *d, double x)
{
    return value_int((int64_t)(x < d->low ? d->low : x > d->high ? d->high : x));
}

Value *dimension_point(const Dimension *d, double part)
{
    if (d->choices) {
        size_t at = (size_t)(part * (double)d->choices->size);
        return value_copy(d->choices->items[at < d->choices->size ? at : d->choices->size - 1]);
    }
    if (d->is_int) /* the whole number whose cell the point falls into */
        return int_value(d, floor(between(d->low - 0.5, d->high + 0.5, part, d->is_log) + 0.5));
    return real_value(d, between(d->low, d->high, part, d->is_log));
}

Value *dimension_level(const Dimension *d, size_t at, size_t count)
{
    if (d->choices)
        return value_copy(d->choices->items[at]);
    if (d->is_int && count == dimension_size(d))
        return value_int((int64_t)d->low + (int64_t)at);
    double x = between(d->low, d->high, count > 1 ? (double)at / (double)(count - 1) : 0, d->is_log);
    return d->is_int ? int_value(d, round(x)) : real_value(d, x);
}

Value *dimension_draw(const Dimension *d, Rng *rng)
{
    if (d->choices)
        return value_copy(d->choices->items[rng_below(rng, d->choices->size)]);
    if (d->is_int && !d->is_log)
        return value_int((int64_t)d->low + (int64_t)rng_below(rng, (uint64_t)(d->high - d->low) + 1));
    return dimension_point(d, rng_uniform(rng));
}
