/* Philox 4x32-10: J. Salmon et al., "Parallel Random Numbers: As Easy as 1, 2, 3", SC'11. */
#include "base/rng.h"

#include <math.h>
#include <string.h>

enum { PHILOX_ROUNDS = 10 };
static const uint32_t PHILOX_M0 = 0xD2511F53u, PHILOX_M1 = 0xCD9E8D57u;
static const uint32_t PHILOX_W0 = 0x9E3779B9u, PHILOX_W1 = 0xBB67AE85u;
static const uint64_t CHILD_MARK = 0x6C696D6265636B21u; /* keeps keys of children apart from draws */

void rng_block(RngKey key, uint64_t counter, uint32_t out[4])
{
    uint32_t c0 = (uint32_t)counter, c1 = (uint32_t)(counter >> 32);
    uint32_t c2 = (uint32_t)key.stream, c3 = (uint32_t)(key.stream >> 32);
    uint32_t k0 = (uint32_t)key.key, k1 = (uint32_t)(key.key >> 32);
    for (int round = 0; round < PHILOX_ROUNDS; round++) {
        uint64_t a = (uint64_t)PHILOX_M0 * c0, b = (uint64_t)PHILOX_M1 * c2;
        c0 = (uint32_t)(b >> 32) ^ c1 ^ k0;
        c1 = (uint32_t)b;
        c2 = (uint32_t)(a >> 32) ^ c3 ^ k1;
        c3 = (uint32_t)a;
        k0 += PHILOX_W0;
        k1 += PHILOX_W1;
    }
    out[0] = c0;
    out[1] = c1;
    out[2] = c2;
    out[3] = c3;
}

static uint64_t rng_join(uint32_t low, uint32_t high)
{
    return (uint64_t)low | (uint64_t)high << 32;
}

RngKey rng_key(uint64_t seed, const char *purpose)
{
    RngKey key = {seed, rng_hash(CHILD_MARK, purpose, strlen(purpose))};
    return key;
}

RngKey rng_child(RngKey key, uint64_t index)
{
    uint32_t w[4];
    RngKey marked = {key.key, key.stream ^ CHILD_MARK};
    rng_block(marked, index, w);
    RngKey child = {rng_join(w[0], w[1]), rng_join(w[2], w[3])};
    return child;
}

Rng rng_begin(RngKey key)
{
    Rng r = {key, 0};
    return r;
}

uint64_t rng_next(Rng *r)
{
    uint32_t w[4];
    rng_block(r->key, r->counter++, w);
    return rng_join(w[0], w[1]);
}

double rng_uniform(Rng *r)
{
    return (double)(rng_next(r) >> 11) * 0x1p-53;
}

/* Box and Muller; one block gives both uniforms, the second normal is not kept, so the state stays a counter. */
double rng_normal(Rng *r)
{
    uint32_t w[4];
    rng_block(r->key, r->counter++, w);
    double u = ((double)(rng_join(w[0], w[1]) >> 11) + 0.5) * 0x1p-53;
    double v = (double)(rng_join(w[2], w[3]) >> 11) * 0x1p-53;
    return sqrt(-2.0 * log(u)) * cos(6.283185307179586476925 * v);
}

uint64_t rng_below(Rng *r, uint64_t n)
{
    uint64_t biased = (0 - n) % n; /* 2^64 mod n: so many low values would be drawn once too often */
    uint64_t x;
    do
        x = rng_next(r);
    while (x < biased);
    return x % n;
}

void rng_shuffle(Rng *r, uint32_t *items, size_t count)
{
    for (size_t i = count; i > 1; i--) {
        size_t j = (size_t)rng_below(r, i);
        uint32_t t = items[i - 1];
        items[i - 1] = items[j];
        items[j] = t;
    }
}

/* The finalizer of splitmix64 (Stafford's variant 13). */
static uint64_t rng_mix(uint64_t x)
{
    x = (x ^ x >> 30) * 0xBF58476D1CE4E5B9u;
    x = (x ^ x >> 27) * 0x94D049BB133111EBu;
    return x ^ x >> 31;
}

uint64_t rng_hash(uint64_t key, const void *bytes, size_t size)
{
    const uint8_t *p = bytes;
    uint64_t h = rng_mix(key + 0x9E3779B97F4A7C15u) ^ (uint64_t)size;
    for (size_t at = 0; at < size; at += 8) {
        uint64_t word = 0;
        for (size_t i = 0; i < 8 && at + i < size; i++)
            word |= (uint64_t)p[at + i] << (8 * i);
        h = rng_mix(h ^ word) + 0x9E3779B97F4A7C15u;
    }
    return rng_mix(h);
}
