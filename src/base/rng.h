/* Counter-based random numbers (Philox 4x32-10, Salmon et al. 2011): a draw is a function of key, stream and counter, so any
 * part of a run can be replayed alone, in any order, on any number of threads. */
#ifndef BASE_RNG_H
#define BASE_RNG_H

#include <stddef.h>
#include <stdint.h>

typedef struct RngKey {
    uint64_t key, stream;
} RngKey;

/* A sequence: the key and the next counter. Its state is these 24 bytes. */
typedef struct Rng {
    RngKey key;
    uint64_t counter;
} Rng;

void rng_block(RngKey key, uint64_t counter, uint32_t out[4]); /* the bare function */
RngKey rng_key(uint64_t seed, const char *purpose);            /* purpose: "shuffle", "dropout", "init" ... */
RngKey rng_child(RngKey key, uint64_t index);                  /* a key of its own per layer, fold, epoch ... */
Rng rng_begin(RngKey key);
uint64_t rng_next(Rng *r);              /* 64 bits; one block each */
double rng_uniform(Rng *r);             /* [0, 1), 53 bits */
double rng_normal(Rng *r);              /* mean 0, sd 1 */
uint64_t rng_below(Rng *r, uint64_t n); /* unbiased, n > 0 */
void rng_shuffle(Rng *r, uint32_t *items, size_t count);
uint64_t rng_hash(uint64_t key, const void *bytes, size_t size); /* stable 64-bit hash, for splits by hash */

#endif
