/* halton: points that fill the space evenly, shifted by the seed (Halton 1960; random shift: Cranley and Patterson 1976). */
#include <math.h>

#include "base/rng.h"
#include "learn/tune/sampler.h"

enum { PRIMES = 12 };

/* The digits of n in the base, mirrored behind the point. */
static double radical_inverse(size_t n, unsigned base)
{
    double part = 0, unit = 1.0 / base;
    for (; n > 0; n /= base, unit /= base)
        part += (double)(n % base) * unit;
    return part;
}

/* Beyond the twelfth setting plain draws serve better than the long stripes of large bases. */
static Value *halton_draw(const void *params, const Space *s, uint64_t seed, size_t trial)
{
    static const unsigned primes[PRIMES] = {2, 3, 5, 7, 11, 13, 17, 19, 23, 29, 31, 37};
    Rng shift = rng_begin(rng_key(seed, "halton")), rest = rng_begin(rng_child(rng_key(seed, "tune"), trial));
    Value *settings = value_map();
    (void)params;
    for (size_t i = 0; i < s->count; i++) {
        double part = radical_inverse(trial + 1, primes[i % PRIMES]) + rng_uniform(&shift);
        Value *v = i < PRIMES ? dimension_point(&s->items[i], part - floor(part)) : dimension_draw(&s->items[i], &rest);
        value_set(settings, s->items[i].name, v);
    }
    return settings;
}

static const char *const notes[] = {"Looks at no results: draw n depends on the seed and n alone.", NULL};

const Sampler sampler_halton = {
    .spec = {.name = "halton", .doc = "points that fill the space evenly, shifted by the seed", .group = "tuning", .notes = notes},
    .draw = halton_draw,
};
