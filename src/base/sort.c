/* Least significant digit first, on the bits of the numbers made comparable as unsigned integers; digits all values share are
 * passed over, so small whole numbers and prices cost a few passes only. */
#include "base/sort.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"

enum { DIGIT_BITS = 11, DIGITS = 6, BUCKETS = 1 << DIGIT_BITS, SMALL = 512 };

static int compare_reals(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

/* Negative numbers have all bits flipped, others the sign only. */
static uint64_t key_of(double x)
{
    uint64_t bits;
    memcpy(&bits, &x, sizeof bits);
    return bits ^ ((0 - (bits >> 63)) | UINT64_C(1) << 63);
}

static double value_of(uint64_t key)
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

bool sort_reals(double *values, size_t count, Error *e)
{
    if (count < SMALL) {
        for (size_t i = 0; i < count; i++)
            values[i] += 0.0;
        qsort(values, count, sizeof *values, compare_reals);
        return true;
    }
    size_t(*counts)[BUCKETS] = mem_try_alloc(DIGITS, sizeof *counts, e);
    uint64_t *a = mem_try_alloc(count, sizeof *a, e), *b = mem_try_alloc(count, sizeof *b, e);
    bool ok = counts && a && b;
    if (!ok)
        goto done;
    for (size_t i = 0; i < count; i++)
        a[i] = key_of(values[i] + 0.0);
    count_digits(a, count, counts);
    for (int d = 0; d < DIGITS; d++) {
        if (counts[d][digit_of(a[0], d)] == count)
            continue;
        scatter(a, b, count, d, counts[d]);
        uint64_t *swap = a;
        a = b;
        b = swap;
    }
    for (size_t i = 0; i < count; i++)
        values[i] = value_of(a[i]);
done:
    mem_free(counts);
    mem_free(a);
    mem_free(b);
    return ok;
}
