/* grid: every combination of a few values of each setting, the first setting changing fastest. */
#include "learn/tune/sampler.h"

typedef struct Grid {
    int64_t levels;
} Grid;

static const Field params_rows[] = {
    {INT_FIELD(Grid, levels), .doc = "values of each number, ends included", .def = "3", .min = 1, .max = 100, .soft_min = 2, .soft_max = 5},
    {0},
};

static size_t levels_of(const Dimension *d, int64_t levels)
{
    if (d->choices)
        return d->choices->size;
    if (d->low >= d->high)
        return 1;
    if (d->is_int && d->high - d->low + 1 < (double)levels)
        return (size_t)(d->high - d->low + 1);
    return (size_t)levels;
}

static size_t grid_count(const void *params, const Space *s, size_t asked)
{
    size_t size = 1;
    for (size_t i = 0; i < s->count; i++)
        if (!mem_mul(size, levels_of(&s->items[i], ((const Grid *)params)->levels), &size))
            return asked;
    return size < asked ? size : asked;
}

static Value *grid_draw(const void *params, const Space *s, uint64_t seed, size_t trial)
{
    Value *settings = value_map();
    (void)seed;
    for (size_t i = 0; i < s->count; i++) {
        const Dimension *d = &s->items[i];
        size_t count = levels_of(d, ((const Grid *)params)->levels), at = trial % count;
        trial /= count;
        Value *v = d->choices ? value_copy(d->choices->items[at]) : dimension_point(d, count > 1 ? (double)at / (double)(count - 1) : 0);
        value_set(settings, d->name, v);
    }
    return settings;
}

const Sampler sampler_grid = {
    .spec = {.name = "grid", .doc = "every combination of a few values of each setting", .group = "tuning", .params = params_rows,
             .params_size = sizeof(Grid)},
    .count = grid_count,
    .draw = grid_draw,
};
