/* How often the 95 % interval of a difference holds the true one, when rows and seeds are both drawn anew. Scores come from a normal
 * model in which the expected difference is known in closed form: a row has a part of its own that all models see, each model one
 * besides, and each seed its own skill. LIMBECK_SIMULATIONS=4000 makes the long table of `make bench`; here few, with wide bounds. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/rng.h"
#include "learn/statistics.h"
#include "net/metrics/metric.h"
#include "tests/unit/test.h"

typedef struct World {
    const char *metric;
    bool is_rank; /* of scores; otherwise of right and wrong */
    size_t rows, seeds;
    double shared;      /* share of a row's variance that all models see: high where errors are alike */
    double seed_sd;     /* of a seed's skill */
    double skill, lift; /* of the teacher; of the students above it */
} World;

typedef struct Draw {
    int32_t *labels;
    float *probabilities;
    double *common, *shares, *student, *teacher;
} Draw;

static double normal_below(double x)
{
    return 0.5 * erfc(-x / sqrt(2));
}

static double truth_of(const World *w)
{
    double unit = w->is_rank ? sqrt(2) : 1;
    return normal_below((w->skill + w->lift) / sqrt(unit * unit + w->seed_sd * w->seed_sd)) - normal_below(w->skill / unit);
}

static size_t judge(const World *w, Draw *d, double skill, Rng *rng, double *shares)
{
    for (size_t i = 0; i < w->rows; i++) {
        double noise = d->common[i] + sqrt(1 - w->shared) * rng_normal(rng), sign = d->labels[i] ? 1 : -1;
        double score = w->is_rank ? skill * d->labels[i] + noise : sign * (skill + noise);
        d->probabilities[2 * i + 1] = (float)normal_below(w->is_rank ? score / 3 : score);
        d->probabilities[2 * i] = 1 - d->probabilities[2 * i + 1];
    }
    MetricInput in = {
        .rows = w->rows, .classes = 2, .positive = 1, .threshold = 0.5, .labels = d->labels, .probabilities = d->probabilities};
    SpecUse use = metric_usual(metric_find(w->metric));
    return metric_by_row(&use, &in, shares);
}

static bool covers(const World *w, Draw *d, Rng *rng)
{
    Interval v;
    Error e = {0};
    for (size_t i = 0; i < w->rows; i++) {
        d->labels[i] = rng_uniform(rng) < 0.3;
        d->common[i] = sqrt(w->shared) * rng_normal(rng);
    }
    size_t independent = judge(w, d, w->skill, rng, d->teacher);
    for (size_t s = 0; s < w->seeds; s++) {
        judge(w, d, w->skill + w->lift + w->seed_sd * rng_normal(rng), rng, d->student);
        for (size_t i = 0; i < w->rows; i++)
            d->shares[i * w->seeds + s] = d->student[i] - d->teacher[i];
    }
    PairedFigures f = {.rows = w->rows, .seeds = w->seeds, .shares = d->shares, .independent = independent, .widest = 1};
    return paired_interval(&f, &v, &e) && v.low <= truth_of(w) && truth_of(w) <= v.high;
}

static double coverage(const World *w, size_t simulations, uint64_t number)
{
    size_t n = w->rows, hits = 0;
    Draw d = {mem_alloc(n * sizeof(int32_t)),           mem_alloc(2 * n * sizeof(float)), mem_alloc(n * sizeof(double)),
              mem_alloc(n * w->seeds * sizeof(double)), mem_alloc(n * sizeof(double)),    mem_alloc(n * sizeof(double))};
    Rng rng = rng_begin(rng_child(rng_key(2024, "coverage"), number));
    for (size_t i = 0; i < simulations; i++)
        hits += covers(w, &d, &rng);
    mem_free(d.labels);
    mem_free(d.probabilities);
    mem_free(d.common);
    mem_free(d.shares);
    mem_free(d.student);
    mem_free(d.teacher);
    return 100 * (double)hits / (double)simulations;
}

static const World worlds[] = {
    /* seeds that differ not at all, a little, and as much as the rows do; errors of models unlike and alike */
    {"accuracy", false, 0, 0, 0.5, 0, 1.0, 0.1},    {"accuracy", false, 0, 0, 0.5, 0.03, 1.0, 0.1},
    {"accuracy", false, 0, 0, 0.9, 0.03, 1.0, 0.1}, {"accuracy", false, 0, 0, 0.9, 0.06, 1.0, 0.1},
    {"auc", true, 0, 0, 0.5, 0, 1.2, 0.1},          {"auc", true, 0, 0, 0.5, 0.05, 1.2, 0.1},
    {"auc", true, 0, 0, 0.9, 0.05, 1.2, 0.1},       {"auc", true, 0, 0, 0.9, 0.1, 1.2, 0.1},
};
enum { WORLDS = sizeof worlds / sizeof *worlds };

static const size_t seeds_of[] = {3, 5, 10, 30}, rows_of[] = {150, 1000};

/* Prints the table; false when a cell is outside. */
static void long_table(size_t simulations)
{
    printf("coverage of 95 %% intervals, %zu simulations a cell (sd of a cell %.2f)\n", simulations,
           100 * sqrt(0.95 * 0.05 / (double)simulations));
    printf("%-10s %6s %7s %8s  %7s %7s %7s %7s\n", "metric", "rows", "shared", "seed sd", "3 seeds", "5", "10", "30");
    for (size_t k = 0; k < 2 * WORLDS; k++) {
        World w = worlds[k / 2];
        w.rows = rows_of[k % 2];
        printf("%-10s %6zu %7.1f %8.2f ", w.metric, w.rows, w.shared, w.seed_sd);
        for (size_t s = 0; s < 4; s++) {
            w.seeds = seeds_of[s];
            double c = coverage(&w, simulations, 10 * k + s);
            printf(" %7.1f", c);
            CHECK(c >= 93 && c <= 97);
        }
        printf("\n");
        fflush(stdout);
    }
}

void unit_coverage(void)
{
    const char *wanted = getenv("LIMBECK_SIMULATIONS");
    TEST("95 % intervals over rows and seeds hold the true difference 95 times in 100");
    if (wanted) {
        long_table((size_t)atoi(wanted));
        return;
    }
    /* 400 draws have a standard deviation of 1.1: within 3 of them of 93 to 97 */
    for (size_t k = 0; k < WORLDS; k++)
        for (size_t s = 0; s < 3; s++) {
            World w = worlds[k];
            w.rows = 150;
            w.seeds = seeds_of[s];
            double c = coverage(&w, 400, 100 + 10 * k + s);
            CHECK(c >= 91.5 && c <= 98.5);
        }
}
