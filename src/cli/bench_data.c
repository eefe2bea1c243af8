/* Data of benchmarks, from files or made by the same rule, and quantiles of what was measured. */
#include <math.h>
#include <stdlib.h>

#include "base/io.h"
#include "base/rng.h"
#include "cli/bench.h"

enum { HIDDEN = 24 };

static int compare_reals(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

double bench_quantile(double *x, size_t count, double share)
{
    qsort(x, count, sizeof *x, compare_reals);
    return x[(size_t)(share * (double)count)];
}

static bool read_whole(const char *name, const char *end, void *to, size_t bytes)
{
    const char *directory = getenv("BENCH_DIR");
    char *file = text_format("%s%s", name, end), *path = io_join(directory ? directory : "/tmp/bench", file);
    size_t got = 0;
    Error ignored = {0};
    bool ok = io_read_part(path, 0, to, bytes, &got, &ignored) && got == bytes;
    mem_free(path);
    mem_free(file);
    return ok;
}

bool bench_read(const char *name, size_t rows, size_t width, float *x, int32_t *labels)
{
    uint8_t *y = mem_alloc(rows + 1);
    bool ok = read_whole(name, "_X.f32", x, rows * width * sizeof *x) && (!labels || read_whole(name, "_y.u8", y, rows));
    for (size_t r = 0; ok && labels && r < rows; r++)
        labels[r] = y[r];
    mem_free(y);
    return ok;
}

static double signal_of(const float *x, size_t width, const double *weights, const double *out)
{
    double z = 0;
    for (int h = 0; h < HIDDEN; h++) {
        double sum = 0;
        for (size_t i = 0; i < width; i++)
            sum += (double)x[i] * weights[i * HIDDEN + (size_t)h];
        z += tanh(sum) * out[h];
    }
    return z;
}

void bench_generate(size_t rows, size_t width, float *x, int32_t *labels)
{
    double *weights = mem_alloc(width * HIDDEN * sizeof *weights), out[HIDDEN], *z = mem_alloc(rows * sizeof *z), mean = 0, squares = 0;
    Rng r = rng_begin(rng_key(20240503, "bench"));
    for (size_t i = 0; i < width * HIDDEN; i++)
        weights[i] = rng_normal(&r) * 1.5 / sqrt((double)width);
    for (int h = 0; h < HIDDEN; h++)
        out[h] = rng_normal(&r);
    for (size_t i = 0; i < rows * width; i++)
        x[i] = (float)rng_normal(&r);
    for (size_t i = 0; i < rows; i++) {
        z[i] = signal_of(x + i * width, width, weights, out);
        mean += z[i] / (double)rows;
    }
    for (size_t i = 0; i < rows; i++)
        squares += (z[i] - mean) * (z[i] - mean) / (double)rows;
    for (size_t i = 0; i < rows; i++)
        labels[i] = z[i] + 0.2 * sqrt(squares) * rng_normal(&r) > 0;
    mem_free(z);
    mem_free(weights);
}
