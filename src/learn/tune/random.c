/* random: each setting drawn by itself, uniform on its scale (Bergstra and Bengio 2012). */
#include "base/rng.h"
#include "learn/tune/sampler.h"

static Value *random_draw(const void *params, const Space *s, uint64_t seed, size_t trial)
{
    Rng rng = rng_begin(rng_child(rng_key(seed, "tune"), trial));
    Value *settings = value_map();
    (void)params;
    for (size_t i = 0; i < s->count; i++)
        value_set(settings, s->items[i].name, dimension_draw(&s->items[i], &rng));
    return settings;
}

static const char *const notes[] = {"Looks at no results: draw n depends on the seed and n alone.", NULL};

const Sampler sampler_random = {
    .spec = {.name = "random", .doc = "every setting drawn by itself, uniform on its scale", .group = "tuning", .notes = notes},
    .draw = random_draw,
};
