/* Sorting numbers by radix: several times faster than qsort on columns of a million rows, and the order is the same. */
#ifndef BASE_SORT_H
#define BASE_SORT_H

#include "base/error.h"

#include <stdint.h>

/* Numbers as unsigned integers in the same order; -0 and 0 have one key. */
uint64_t sort_key_of_real(double x);
double sort_real_of_key(uint64_t key);
static inline uint64_t sort_key_of_int(int64_t x)
{
    return (uint64_t)x ^ UINT64_C(1) << 63;
}
static inline int64_t sort_int_of_key(uint64_t key)
{
    return (int64_t)(key ^ UINT64_C(1) << 63);
}

bool sort_keys(uint64_t *keys, size_t count, Error *e); /* ascending; false: out of memory, the keys are as before */
/* Ascending; no NaN; -0 becomes 0. False: out of memory, the values are as before. */
bool sort_reals(double *values, size_t count, Error *e);

#endif
