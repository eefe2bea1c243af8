/* grid: every combination of a few values of each setting, the first setting changing fastest. */
#include "learn/tune/sampler.h"

typedef struct Grid {
    int64_t levels;
} Grid;

static const Field params_rows[] = {
    {INT_FIELD(Grid, levels), .doc = "values of each number, ends included", .def = "3", .min = 1, .max = 100, .soft_min = 2,
     .soft_max = 5},
    {0},
};

static size_t levels_of(const Dimension *d, int64_t levels)
{
    size_t size = dimension_size(d);
    return d->choices || (size != SPACE_ENDLESS && size < (size_t)levels) ? size : (size_t)levels;
}

static size_t grid_count(const void *params, const Space *s)
{
    size_t size = 1;
    for (size_t i = 0; i < s->count; i++)
        if (!mem_mul(size, levels_of(&s->items[i], ((const Grid *)params)->levels), &size))
            return SPACE_ENDLESS;
    return size;
}

static Value *grid_draw(const void *params, const Space *s, uint64_t seed, size_t trial)
{
    Value *settings = value_map();
    (void)seed;
    for (size_t i = 0; i < s->count; i++) {
        const Dimension *d = &s->items[i];
        size_t count = levels_of(d, ((const Grid *)params)->levels), at = trial % count;
        trial /= count;
        value_set(settings, d->name, dimension_level(d, at, count));
    }
    return settings;
}

static const char *const notes[] = {"All points are tried: trials must be at least as many. Looks at no results.", NULL};

const Sampler sampler_grid = {
    .spec = {.name = "grid",
             .doc = "every combination of a few values of each setting",
             .group = "tuning",
             .notes = notes,
             .params = params_rows,
             .params_size = sizeof(Grid)},
    .count = grid_count,
    .draw = grid_draw,
};
