/* Pooling against plain loops and PyTorch; fused with batch norm and relu against the passes one by one. */
#include "base/mem.h"
#include "base/rng.h"
#include "num/kernels.h"
#include "tests/unit/test.h"

static const char *const tables[] = {"portable", "avx2", "avx512"};
enum { TABLES = 3, ROWS = 3 };

static const Pooling shapes[] = {
    /* size, channels, kernel, stride, before, after, is_mean, counts_zeros */
    {{1, 13}, 1, {1, 2}, {1, 2}, {0, 0}, {0, 0}, false, false}, {{1, 12}, 20, {1, 3}, {1, 1}, {0, 1}, {0, 1}, false, false},
    {{7, 9}, 5, {2, 2}, {2, 2}, {0, 0}, {0, 0}, false, false},  {{7, 9}, 33, {3, 2}, {2, 1}, {1, 0}, {1, 1}, false, false},
    {{6, 5}, 8, {1, 1}, {1, 1}, {0, 0}, {0, 0}, false, false},  {{6, 5}, 8, {1, 1}, {2, 3}, {0, 0}, {0, 0}, false, false},
    {{8, 7}, 17, {3, 4}, {3, 4}, {0, 0}, {0, 0}, false, false}, {{1, 13}, 3, {1, 2}, {1, 2}, {0, 0}, {0, 0}, true, false},
    {{7, 9}, 18, {3, 3}, {2, 2}, {1, 1}, {1, 1}, true, false},  {{7, 9}, 18, {3, 3}, {2, 2}, {1, 1}, {1, 1}, true, true},
    {{4, 6}, 40, {4, 6}, {1, 1}, {0, 0}, {0, 0}, true, false},
};
enum { SHAPES = sizeof shapes / sizeof *shapes };

static float *noise(size_t count, uint64_t seed)
{
    float *x = mem_alloc(count * sizeof *x);
    Rng r = rng_begin(rng_key(seed, "test"));
    for (size_t i = 0; i < count; i++)
        x[i] = (float)rng_normal(&r);
    return x;
}

typedef struct Case {
    Pooling pool;
    size_t in, out, channels; /* floats of a row */
    float *x, *y, *dy, *dx;
} Case;

static Case case_make(const Pooling *p)
{
    Case k = {.pool = *p, .channels = (size_t)p->channels};
    k.in = (size_t)(p->size[0] * p->size[1]) * k.channels;
    k.out = (size_t)(pooling_places(p, 0) * pooling_places(p, 1)) * k.channels;
    k.x = noise(ROWS * k.in, 1);
    k.y = noise(ROWS * k.out, 2);
    k.dy = noise(ROWS * k.out, 3);
    k.dx = noise(ROWS * k.in, 4);
    return k;
}

static void case_done(Case *k)
{
    mem_free(k->x);
    mem_free(k->y);
    mem_free(k->dy);
    mem_free(k->dx);
}

static PoolPass pass_of(const Case *k)
{
    return (PoolPass){.pool = &k->pool, .rows = ROWS, .x = k->x, .y = k->y, .dy = k->dy, .dx = k->dx};
}

/* Places of x that output o of a row sees; gives their number. */
static size_t window_places(const Case *k, size_t o, size_t *at)
{
    const Pooling *p = &k->pool;
    size_t count = 0, channel = o % k->channels;
    int64_t place = (int64_t)(o / k->channels), line = place / pooling_places(p, 1), column = place % pooling_places(p, 1);
    for (int64_t i = 0; i < p->kernel[0] * p->kernel[1]; i++) {
        int64_t y = line * p->stride[0] - p->before[0] + i / p->kernel[1], x = column * p->stride[1] - p->before[1] + i % p->kernel[1];
        if (y >= 0 && y < p->size[0] && x >= 0 && x < p->size[1])
            at[count++] = (size_t)(y * p->size[1] + x) * k->channels + channel;
    }
    return count;
}

/* Output o of a row, and what its gradient adds to dx. */
static double plain_window(const Case *k, size_t o, const float *x, double gradient, double *dx)
{
    size_t at[64], count = window_places(k, o, at), best = 0;
    double sum = 0, size = (double)(k->pool.counts_zeros ? k->pool.kernel[0] * k->pool.kernel[1] : (int64_t)count);
    for (size_t i = 0; i < count; i++) {
        best = x[at[i]] > x[at[best]] ? i : best;
        sum += (double)x[at[i]];
        if (k->pool.is_mean)
            dx[at[i]] += gradient / size;
    }
    if (!k->pool.is_mean)
        dx[at[best]] += gradient;
    return k->pool.is_mean ? sum / size : (double)x[at[best]];
}

static void check_plain(void)
{
    TEST("the largest and the mean of windows that overlap, are cut at edges or leave places out, and their gradients");
    for (int i = 0; i < TABLES * SHAPES; i++) {
        const Kernels *kernels = kernels_find(tables[i / SHAPES]);
        if (!kernels) {
            test_skip(tables[i / SHAPES]);
            continue;
        }
        Case k = case_make(&shapes[i % SHAPES]);
        PoolPass p = pass_of(&k);
        double *dx = mem_alloc(ROWS * k.in * sizeof *dx), worst = 0;
        kernels->pool_windows(&p);
        kernels->pool_windows_back(&p);
        for (size_t o = 0; o < ROWS * k.out; o++) {
            size_t row = o / k.out;
            double y = plain_window(&k, o % k.out, k.x + row * k.in, (double)k.dy[o], dx + row * k.in);
            worst = fmax(worst, fabs(y - (double)k.y[o]));
        }
        for (size_t at = 0; at < ROWS * k.in; at++)
            worst = fmax(worst, fabs(dx[at] - (double)k.dx[at]));
        test_check(worst < 1e-5, __FILE__, __LINE__, "%s, shape %d: %g", kernels->name, i % SHAPES, worst);
        mem_free(dx);
        case_done(&k);
    }
}

/* torch 1.13, pattern as in tests/unit/convolution.c:
 *   def total(t): return int(((t.reshape(-1).double() * 144) * (torch.arange(t.numel()) % 101 + 1)).sum().round())
 *   x = pattern(3 * h * width * c, 37, 11, 97, 8).reshape(3, h, width, c).permute(0, 3, 1, 2).requires_grad_()
 *   y = F.max_pool2d(x, k, s, p), or F.avg_pool2d(x, k, s, p, count_include_pad=counts_zeros)
 *   dy = pattern(y.numel(), 31, 7, 19, 8).reshape(3, *y.shape[2:], c).permute(0, 3, 1, 2); y.backward(dy)
 *   total(y.permute(0, 2, 3, 1)), total(x.grad.permute(0, 2, 3, 1)) */
static const struct {
    Pooling pool;
    double y, dx;
} torch_values[] = {
    {{{7, 9}, 5, {2, 2}, {2, 2}, {0, 0}, {0, 0}, false, false}, 3172752, -15894},
    {{{7, 9}, 18, {3, 3}, {2, 2}, {1, 1}, {1, 1}, false, false}, 32836842, -3996},
    {{{1, 13}, 3, {1, 3}, {1, 1}, {0, 1}, {0, 1}, false, false}, 1973052, 15264},
    {{{7, 9}, 5, {2, 2}, {2, 2}, {0, 0}, {0, 0}, true, true}, 30996, -18405},
    {{{7, 9}, 18, {3, 3}, {2, 2}, {1, 1}, {1, 1}, true, true}, -46178, -2078},
    {{{7, 9}, 18, {3, 3}, {2, 2}, {1, 1}, {1, 1}, true, false}, -79973, 4136},
    {{{4, 4}, 17, {4, 4}, {1, 1}, {0, 0}, {0, 0}, true, true}, -765, -1826},
};

static void fill_pattern(float *x, size_t count, const int numbers[3])
{
    for (size_t i = 0; i < count; i++)
        x[i] = (float)(((int)i * numbers[0] + numbers[1]) % numbers[2] - numbers[2] / 2) / 8;
}

static double weighted(const float *x, size_t count)
{
    double sum = 0;
    for (size_t i = 0; i < count; i++)
        sum += (double)x[i] * 144 * (double)(i % 101 + 1);
    return sum;
}

static void check_torch(void)
{
    TEST("the numbers of PyTorch");
    for (size_t i = 0; i < sizeof torch_values / sizeof *torch_values; i++) {
        Case k = case_make(&torch_values[i].pool);
        PoolPass p = pass_of(&k);
        fill_pattern(k.x, ROWS * k.in, (int[]){37, 11, 97});
        fill_pattern(k.dy, ROWS * k.out, (int[]){31, 7, 19});
        kernels()->pool_windows(&p);
        kernels()->pool_windows_back(&p);
        CHECK_NEAR(weighted(k.y, ROWS * k.out), torch_values[i].y, 1);
        CHECK_NEAR(weighted(k.dx, ROWS * k.in), torch_values[i].dx, 1);
        case_done(&k);
    }
}

static bool is_side_by_side(const Pooling *p)
{
    return !p->is_mean && p->kernel[0] == p->stride[0] && p->kernel[1] == p->stride[1] && p->before[1] == 0;
}

/* Batch norm as its passes one by one: affine with relu, pooling, and back. */
typedef struct Apart {
    float *normed, *y, *gradient, *dx;
    double *sums;
} Apart;

static Apart norm_apart(const Kernels *kernels, const Case *k, const float *factors, const double *mean, bool relu)
{
    size_t places = ROWS * k->in / k->channels, c = k->channels;
    Apart a = {
        .normed = noise(ROWS * k->in, 5), .y = noise(ROWS * k->out, 6), .gradient = noise(ROWS * k->in, 7), .dx = noise(ROWS * k->in, 8)};
    a.sums = mem_alloc(2 * c * sizeof *a.sums);
    kernels->affine(k->x, factors, factors + c, a.normed, places, c, relu);
    PoolPass p = {.pool = &k->pool, .rows = ROWS, .x = a.normed, .y = a.y, .dy = k->dy, .dx = a.gradient};
    kernels->pool_windows(&p);
    kernels->pool_windows_back(&p);
    kernels->norm_sums(a.gradient, relu ? a.normed : NULL, k->x, mean, a.sums, places, c);
    kernels->norm_back(a.gradient, k->x, factors + 2 * c, a.dx, places, c);
    return a;
}

static void check_norm(const Kernels *kernels, int shape, bool relu)
{
    Case k = case_make(&shapes[shape]);
    size_t c = k.channels;
    float *factors = noise(5 * c, 9), *center = noise(c, 10);
    double *mean = mem_alloc(c * sizeof *mean), *sums = mem_alloc(2 * c * sizeof *sums), worst = 0;
    for (size_t i = 0; i < c; i++)
        mean[i] = (double)center[i];
    Apart a = norm_apart(kernels, &k, factors, mean, relu);
    PoolPass p = pass_of(&k);
    p.scale = factors;
    p.shift = factors + c;
    p.coefficients = factors + 2 * c;
    p.relu = relu;
    p.center = center;
    p.sums = sums;
    kernels->pool_windows(&p);
    kernels->norm_pool_sums(&p);
    kernels->norm_pool_back(&p);
    for (size_t i = 0; i < 2 * c; i++)
        worst = fmax(worst, fabs(sums[i] - a.sums[i]));
    for (size_t i = 0; i < ROWS * k.in; i++)
        worst = fmax(worst, fabs((double)k.dx[i] - (double)a.dx[i]));
    test_check(!memcmp(k.y, a.y, ROWS * k.out * sizeof *a.y), __FILE__, __LINE__, "%s, shape %d: forward", kernels->name, shape);
    test_check(worst < 2e-5, __FILE__, __LINE__, "%s, shape %d, relu %d: %g", kernels->name, shape, relu, worst);
    void *all[] = {factors, center, mean, sums, a.normed, a.y, a.gradient, a.dx, a.sums};
    for (size_t i = 0; i < sizeof all / sizeof *all; i++)
        mem_free(all[i]);
    case_done(&k);
}

static void check_fused(void)
{
    TEST("batch norm, relu and pooling in one pass: what the passes one by one give");
    for (int t = 0; t < TABLES; t++)
        for (int i = 0; kernels_find(tables[t]) && i < SHAPES; i++)
            if (is_side_by_side(&shapes[i])) {
                check_norm(kernels_find(tables[t]), i, false);
                check_norm(kernels_find(tables[t]), i, true);
            }
}

static void check_tables(void)
{
    TEST("all tables give the same bits");
    for (int i = 0; i < SHAPES; i++) {
        Case a = case_make(&shapes[i]), b = case_make(&shapes[i]);
        PoolPass p = pass_of(&a), q = pass_of(&b);
        kernels_portable.pool_windows(&p);
        kernels_portable.pool_windows_back(&p);
        kernels()->pool_windows(&q);
        kernels()->pool_windows_back(&q);
        CHECK(!memcmp(a.y, b.y, ROWS * a.out * sizeof *a.y));
        CHECK(!memcmp(a.dx, b.dx, ROWS * a.in * sizeof *a.dx));
        case_done(&a);
        case_done(&b);
    }
}

static void check_nan(void)
{
    TEST("the largest of a window with NaN is NaN, wherever it stands");
    for (int at = 0; at < 4; at++) {
        float x[4] = {1, 2, 3, 4}, y[1] = {0};
        Pooling pool = {{2, 2}, 1, {2, 2}, {2, 2}, {0, 0}, {0, 0}, false, false};
        x[at] = NAN;
        for (int t = 0; t < TABLES; t++)
            if (kernels_find(tables[t])) {
                kernels_find(tables[t])->pool_windows(&(PoolPass){.pool = &pool, .rows = 1, .x = x, .y = y});
                CHECK(isnan(y[0]));
            }
    }
}

void unit_pooling(void);
void unit_pooling(void)
{
    check_plain();
    check_torch();
    check_fused();
    check_tables();
    check_nan();
}
