/* Sorting by radix gives the order of qsort, below and above the size where it begins. */
#include <float.h>
#include <math.h>
#include <stdlib.h>

#include "base/mem.h"
#include "base/rng.h"
#include "base/sort.h"
#include "tests/unit/test.h"

static int compare_reals(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

static double draw(Rng *r, size_t i)
{
    static const double odd[] = {0.0, -0.0, 1, -1, DBL_MAX, -DBL_MAX, DBL_MIN, -DBL_TRUE_MIN, INFINITY, -INFINITY, 1e-300, 0.1};
    if (i % 7 == 0)
        return odd[i / 7 % (sizeof odd / sizeof *odd)];
    return i % 3 ? rng_normal(r) * pow(10, (double)(i % 40) - 20) : (double)(i % 50);
}

void unit_sort(void)
{
    static const size_t sizes[] = {0, 1, 2, 511, 512, 513, 30000};
    Error e = {0};
    TEST("as qsort");
    for (size_t s = 0; s < sizeof sizes / sizeof *sizes; s++) {
        size_t n = sizes[s], wrong = 0;
        double *a = mem_alloc((n + 1) * sizeof *a), *b = mem_alloc((n + 1) * sizeof *b);
        Rng r = rng_begin(rng_key(7, "sort"));
        for (size_t i = 0; i < n; i++)
            a[i] = b[i] = draw(&r, i);
        CHECK_OK(sort_reals(a, n, &e), e);
        qsort(b, n, sizeof *b, compare_reals);
        for (size_t i = 0; i < n; i++)
            wrong += a[i] != b[i] || (a[i] == 0 && signbit(a[i]));
        CHECK_INT(wrong, 0);
        mem_free(a);
        mem_free(b);
    }
    TEST("one value many times");
    double same[600];
    for (size_t i = 0; i < 600; i++)
        same[i] = -2.5;
    CHECK_OK(sort_reals(same, 600, &e), e);
    CHECK(same[0] == -2.5 && same[599] == -2.5);
}
