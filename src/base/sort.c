/* Least significant digit first, on the bits of the numbers made comparable as unsigned integers; digits all values share are
 * passed over, so small whole numbers and prices cost a few passes only. */
#include "base/sort.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"

enum { DIGIT_BITS = 11, DIGITS = 6, BUCKETS = 1 << DIGIT_BITS, SMALL = 512 };

static int compare_keys(const void *a, const void *b)
{
    uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;
    return (x > y) - (x < y);
}

/* Negative numbers have all bits flipped, others the sign only. */
uint64_t sort_key_of_real(double x)
{
    uint64_t bits;
    x += 0.0;
    memcpy(&bits, &x, sizeof bits);
    return bits ^ ((0 - (bits >> 63)) | UINT64_C(1) << 63);
}

double sort_real_of_key(uint64_t key)
{
    uint64_t bits = key ^ (((key >> 63) - 1) | UINT64_C(1) << 63);
    double x;
    memcpy(&x, &bits, sizeof x);
    return x;
}

static size_t digit_of(uint64_t key, int digit)
{
    return (size_t)(key >> (digit * DIGIT_BITS)) & (BUCKETS - 1);
}

/* One stable pass; counts become the places where each digit's values begin. */
static void scatter(const uint64_t *from, uint64_t *to, size_t count, int digit, size_t counts[BUCKETS])
{
    size_t at = 0;
    for (size_t b = 0; b < BUCKETS; b++) {
        size_t here = counts[b];
        counts[b] = at;
        at += here;
    }
    for (size_t i = 0; i < count; i++)
        to[counts[digit_of(from[i], digit)]++] = from[i];
}

static void count_digits(const uint64_t *keys, size_t count, size_t (*counts)[BUCKETS])
{
    for (size_t i = 0; i < count; i++)
        for (int d = 0; d < DIGITS; d++)
            counts[d][digit_of(keys[i], d)]++;
}

bool sort_keys(uint64_t *keys, size_t count, Error *e)
{
    if (count < SMALL) {
        qsort(keys, count, sizeof *keys, compare_keys);
        return true;
    }
    size_t(*counts)[BUCKETS] = mem_try_alloc(DIGITS, sizeof *counts, e);
    uint64_t *other = mem_try_alloc(count, sizeof *other, e), *a = keys, *b = other;
    bool ok = counts && other;
    if (!ok)
        goto done;
    count_digits(a, count, counts);
    for (int d = 0; d < DIGITS; d++) {
        if (counts[d][digit_of(a[0], d)] == count)
            continue;
        scatter(a, b, count, d, counts[d]);
        uint64_t *swap = a;
        a = b;
        b = swap;
    }
    if (a != keys)
        memcpy(keys, a, count * sizeof *keys);
done:
    mem_free(counts);
    mem_free(other);
    return ok;
}

bool sort_reals(double *values, size_t count, Error *e)
{
    uint64_t *keys = mem_try_alloc(count ? count : 1, sizeof *keys, e);
    for (size_t i = 0; keys && i < count; i++)
        keys[i] = sort_key_of_real(values[i]);
    bool ok = keys && sort_keys(keys, count, e);
    for (size_t i = 0; ok && i < count; i++)
        values[i] = sort_real_of_key(keys[i]);
    mem_free(keys);
    return ok;
}
