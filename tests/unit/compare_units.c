/* Intervals ask the unit: rows of one unit, however many, say no more than the unit does. */
#include "learn/compare.h"
#include "tests/unit/learn_help.h"

enum { UNITS = 40, SEEDS = 3, COPIES = 10 };

static void fill(double *shares, size_t copies)
{
    Rng rng = rng_begin(rng_key(11, "shares"));
    for (size_t u = 0; u < UNITS; u++) {
        double of_unit = rng_normal(&rng);
        for (size_t s = 0; s < SEEDS; s++) {
            double x = of_unit + 0.05 * rng_normal(&rng);
            for (size_t c = 0; c < copies; c++)
                shares[(c * UNITS + u) * SEEDS + s] = x;
        }
    }
}

static Interval interval_of_copies(size_t copies, bool by_unit)
{
    Error e = {0};
    Interval out;
    size_t rows = UNITS * copies;
    double *shares = mem_alloc(rows * SEEDS * sizeof *shares);
    uint64_t *units = mem_alloc(rows * sizeof *units);
    PairedFigures f = {.rows = rows, .seeds = SEEDS, .shares = shares, .independent = rows, .widest = 2};
    fill(shares, copies);
    for (size_t i = 0; i < rows; i++)
        units[i] = 1000 - i % UNITS * 7;
    CHECK_OK(!by_unit || figures_by_unit(units, &f, &e), e);
    CHECK_OK(paired_interval(&f, &out, &e), e);
    mem_free((double *)(uintptr_t)f.shares);
    mem_free(units);
    return out;
}

static void check_uneven(void)
{
    TEST("units of unlike sizes keep the mean over rows");
    Error e = {0};
    static const double values[] = {1, 1, 1, 0, 0, 5};
    static const uint64_t units[] = {9, 9, 9, 4, 4, 7};
    double *shares = mem_alloc(sizeof values);
    memcpy(shares, values, sizeof values);
    PairedFigures f = {.rows = 6, .seeds = 1, .shares = shares, .independent = 6, .widest = 1};
    CHECK_OK(figures_by_unit(units, &f, &e), e);
    CHECK_INT(f.rows, 3);
    CHECK_INT(f.independent, 3);
    CHECK_NEAR(f.shares[0], 0, 1e-12);       /* unit 4 */
    CHECK_NEAR(f.shares[1], 5 * 0.5, 1e-12); /* unit 7 */
    CHECK_NEAR(f.shares[2], 3 * 0.5, 1e-12); /* unit 9 */
    CHECK_NEAR((f.shares[0] + f.shares[1] + f.shares[2]) / 3, 8.0 / 6, 1e-12);
    CHECK_NEAR(f.widest, 1.5, 1e-12);
    mem_free((double *)(uintptr_t)f.shares);
}

void unit_compare_units(void)
{
    Interval once = interval_of_copies(1, false), copied = interval_of_copies(COPIES, true), rows = interval_of_copies(COPIES, false);
    TEST("ten copies of each row in one unit give the interval of one row each");
    CHECK_NEAR(copied.mean, once.mean, 1e-12);
    CHECK_NEAR(copied.low, once.low, 1e-9);
    CHECK_NEAR(copied.high, once.high, 1e-9);
    TEST("taken as rows they would look three times as sure");
    CHECK(rows.high - rows.low < 0.4 * (once.high - once.low));
    check_uneven();
}
