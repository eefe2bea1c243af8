/* Convolutions against plain loops in double, and against PyTorch. */
#include "base/mem.h"
#include "base/rng.h"
#include "num/convolution.h"
#include "tests/unit/test.h"

static const char *const tables[] = {"portable", "avx2", "avx512"};
enum { TABLES = 3, ROWS = 3 };

static const Convolution shapes[] = {
    /* size, channels, filters, groups, kernel, stride, dilation, zeros before, after */
    {{1, 13}, 1, 5, 1, {1, 5}, {1, 1}, {1, 1}, {0, 2}, {0, 2}},
    {{1, 31}, 3, 33, 1, {1, 4}, {1, 1}, {1, 1}, {0, 1}, {0, 2}},
    {{1, 17}, 32, 64, 1, {1, 3}, {1, 1}, {1, 1}, {0, 1}, {0, 1}},
    {{1, 20}, 2, 3, 1, {1, 3}, {1, 2}, {1, 1}, {0, 0}, {0, 1}},
    {{1, 19}, 2, 40, 1, {1, 2}, {1, 3}, {1, 1}, {0, 0}, {0, 0}},
    {{1, 23}, 5, 7, 1, {1, 3}, {1, 1}, {1, 2}, {0, 2}, {0, 2}},
    {{1, 23}, 5, 7, 1, {1, 4}, {1, 2}, {1, 3}, {0, 4}, {0, 5}},
    {{1, 3}, 2, 3, 1, {1, 7}, {1, 1}, {1, 1}, {0, 3}, {0, 3}},
    {{1, 5}, 2, 3, 1, {1, 2}, {1, 9}, {1, 1}, {0, 0}, {0, 0}},
    {{7, 9}, 1, 32, 1, {3, 3}, {1, 1}, {1, 1}, {1, 1}, {1, 1}},
    {{10, 12}, 16, 17, 1, {3, 3}, {1, 1}, {1, 1}, {1, 1}, {1, 1}},
    {{5, 8}, 33, 48, 1, {3, 2}, {1, 1}, {1, 1}, {0, 0}, {0, 0}},
    {{9, 11}, 3, 8, 1, {3, 3}, {2, 2}, {1, 1}, {0, 1}, {1, 0}},
    {{8, 7}, 4, 6, 1, {5, 3}, {2, 3}, {1, 2}, {2, 2}, {1, 2}},
    {{9, 9}, 4, 4, 1, {3, 3}, {2, 1}, {2, 3}, {2, 3}, {2, 3}},
    {{6, 5}, 20, 36, 1, {1, 1}, {1, 1}, {1, 1}, {0, 0}, {0, 0}},
    {{6, 5}, 6, 10, 1, {1, 1}, {2, 2}, {1, 1}, {0, 0}, {0, 0}},
    {{6, 7}, 12, 18, 3, {3, 3}, {1, 1}, {1, 1}, {1, 1}, {1, 1}},
    {{1, 15}, 4, 8, 4, {1, 3}, {1, 2}, {1, 1}, {0, 1}, {0, 1}},
    {{6, 7}, 8, 8, 8, {3, 3}, {1, 1}, {1, 1}, {1, 1}, {1, 1}},
    {{9, 10}, 21, 21, 21, {3, 5}, {2, 2}, {1, 1}, {1, 2}, {1, 2}},
    {{1, 40}, 35, 35, 35, {1, 3}, {1, 1}, {1, 4}, {0, 4}, {0, 4}},
    {{1, 30}, 64, 64, 64, {1, 16}, {1, 1}, {1, 1}, {0, 7}, {0, 8}},
    {{40, 40}, 8, 3, 1, {3, 3}, {1, 1}, {1, 1}, {1, 1}, {1, 1}}, /* rows in several blocks */
};
enum { SHAPES = sizeof shapes / sizeof *shapes };

/* One multiply-add of a convolution: places of x, y and w. Out of range of x: x is -1. */
typedef struct Term {
    int64_t x, y, w;
} Term;

static int64_t in_size(const Convolution *c)
{
    return c->size[0] * c->size[1] * c->channels;
}

static int64_t out_size(const Convolution *c)
{
    return convolution_places(c, 0) * convolution_places(c, 1) * c->filters;
}

static int64_t terms_count(const Convolution *c)
{
    return convolution_macs(c);
}

/* Term number n of a row: digits of n in the order y, x, filter, line, column, channel. */
static Term term_of(const Convolution *c, int64_t n)
{
    int64_t group_in = c->channels / c->groups, group_out = c->filters / c->groups;
    int64_t i = n % group_in, kx = n / group_in % c->kernel[1], rest = n / group_in / c->kernel[1];
    int64_t ky = rest % c->kernel[0], f = rest / c->kernel[0] % c->filters;
    rest = rest / c->kernel[0] / c->filters;
    int64_t ox = rest % convolution_places(c, 1), oy = rest / convolution_places(c, 1);
    int64_t y = oy * c->stride[0] + ky * c->dilation[0] - c->before[0], x = ox * c->stride[1] + kx * c->dilation[1] - c->before[1];
    bool is_inside = y >= 0 && y < c->size[0] && x >= 0 && x < c->size[1];
    return (Term){is_inside ? (y * c->size[1] + x) * c->channels + f / group_out * group_in + i : -1,
                  (oy * convolution_places(c, 1) + ox) * c->filters + f, ((ky * c->kernel[1] + kx) * group_in + i) * c->filters + f};
}

typedef struct Case {
    const Convolution *conv;
    size_t in, out, weights;
    float *x, *w, *bias, *dy; /* what is given */
    float *y, *exact, *dx, *dw, *db;
    float *scratch;
} Case;

static float *noise(size_t count, uint64_t seed)
{
    float *x = mem_alloc(count * sizeof *x);
    Rng r = rng_begin(rng_key(seed, "test"));
    for (size_t i = 0; i < count; i++)
        x[i] = (float)rng_normal(&r);
    return x;
}

static Case case_make(const Convolution *c)
{
    Case k = {.conv = c, .in = (size_t)in_size(c), .out = (size_t)out_size(c), .weights = (size_t)convolution_weights(c)};
    k.x = noise(ROWS * k.in, 1);
    k.w = noise(k.weights, 2);
    k.bias = noise((size_t)c->filters, 3);
    k.dy = noise(ROWS * k.out, 4);
    k.y = noise(ROWS * k.out, 5);
    k.exact = noise(ROWS * k.out, 5);
    k.dx = noise(ROWS * k.in, 6);
    k.dw = noise(k.weights, 7);
    k.db = noise((size_t)c->filters, 8);
    k.scratch = noise(convolution_scratch(c), 10);
    return k;
}

static void case_done(Case *k)
{
    float *const all[] = {k->x, k->w, k->bias, k->dy, k->y, k->exact, k->dx, k->dw, k->db, k->scratch};
    for (size_t i = 0; i < sizeof all / sizeof *all; i++)
        mem_free(all[i]);
}

static void case_run(const Case *k, const Kernels *kernels, bool relu)
{
    const Convolution *c = k->conv;
    ConvolutionPass p = {.conv = c,
                         .kernels = kernels,
                         .rows = ROWS,
                         .x = k->x,
                         .y = k->y,
                         .bias = k->bias,
                         .relu = relu,
                         .weights = k->w,
                         .scratch = k->scratch};
    convolution_forward(&p);
    p.y = k->exact;
    convolution_infer(&p);
    p.y = k->y;
    p.dy = k->dy;
    p.dx = k->dx;
    p.dw = k->dw;
    p.db = k->db;
    convolution_backward(&p);
}

static double distance(const float *is, const double *expected, size_t count)
{
    double worst = 0;
    for (size_t i = 0; i < count; i++)
        worst = fmax(worst, fabs((double)is[i] - expected[i]) / (1 + fabs(expected[i])));
    return isfinite(worst) ? worst : INFINITY;
}

/* The plain sums. dy is masked here too, as the backward pass leaves it. */
static void case_check(const Case *k, const char *table, int number, bool relu)
{
    const Convolution *c = k->conv;
    double *y = mem_alloc(ROWS * k->out * sizeof *y), *dx = mem_alloc(ROWS * k->in * sizeof *dx);
    double *dw = mem_alloc(k->weights * sizeof *dw), *db = mem_alloc((size_t)c->filters * sizeof *db);
    for (size_t i = 0; i < ROWS * k->out; i++) {
        y[i] = (double)k->bias[i % (size_t)c->filters];
        db[i % (size_t)c->filters] += (double)k->dy[i];
    }
    for (int64_t n = 0; n < ROWS * terms_count(c); n++) {
        Term t = term_of(c, n % terms_count(c));
        int64_t row = n / terms_count(c), at = row * (int64_t)k->out + t.y, from = row * (int64_t)k->in + t.x;
        if (t.x < 0)
            continue;
        y[at] += (double)k->x[from] * (double)k->w[t.w];
        dx[from] += (double)k->dy[at] * (double)k->w[t.w];
        dw[t.w] += (double)k->dy[at] * (double)k->x[from];
    }
    for (size_t i = 0; relu && i < ROWS * k->out; i++)
        y[i] = fmax(y[i], 0);
    const double apart[] = {distance(k->y, y, ROWS * k->out), distance(k->exact, y, ROWS * k->out), distance(k->dx, dx, ROWS * k->in),
                            distance(k->dw, dw, k->weights), distance(k->db, db, (size_t)c->filters)};
    static const char *const names[] = {"forward", "infer", "dx", "dw", "db"};
    const double most = 1e-5 + 1e-6 * sqrt((double)(ROWS * k->out)); /* of sums over all places, whose terms are near 1 */
    for (size_t i = 0; i < sizeof apart / sizeof *apart; i++)
        test_check(apart[i] < most, __FILE__, __LINE__, "%s, shape %d, %s: %g", table, number, names[i], apart[i]);
    mem_free(y);
    mem_free(dx);
    mem_free(dw);
    mem_free(db);
}

static void check_shapes(void)
{
    TEST("convolutions of odd sizes, strides, dilations, zeros and groups, with bias and relu, and their gradients");
    for (int t = 0; t < TABLES; t++) {
        const Kernels *kernels = kernels_find(tables[t]);
        if (!kernels)
            test_skip(tables[t]);
        for (int i = 0; kernels && i < SHAPES; i++) {
            Case k = case_make(&shapes[i]);
            case_run(&k, kernels, i % 2 == 0);
            case_check(&k, tables[t], i, i % 2 == 0);
            case_done(&k);
        }
    }
}

/* Summed in the order of net.h: by line, column, channel, each operation rounded. */
static void check_infer(void)
{
    TEST("inference: the same bits as plain code, in every table");
    for (int t = 0; t < TABLES; t++) {
        const Kernels *kernels = kernels_find(tables[t]);
        for (int i = 0; kernels && i < SHAPES; i++) {
            Case k = case_make(&shapes[i]);
            case_run(&k, kernels, false);
            float *plain = mem_alloc(k.out * sizeof *plain);
            for (int64_t n = 0; n < terms_count(k.conv); n++) {
                Term term = term_of(k.conv, n);
                plain[term.y] += (term.x < 0 ? 0 : k.x[term.x]) * k.w[term.w];
            }
            for (size_t o = 0; o < k.out; o++)
                plain[o] += k.bias[o % (size_t)k.conv->filters];
            test_check(!memcmp(plain, k.exact, k.out * sizeof *plain), __FILE__, __LINE__, "%s, shape %d", tables[t], i);
            mem_free(plain);
            case_done(&k);
        }
    }
}

/* AVX2 and AVX-512 sum in the same order. */
static void check_tables(void)
{
    TEST("the tables with fused multiply-add give the same bits");
    const Kernels *avx2 = kernels_find("avx2"), *avx512 = kernels_find("avx512");
    for (int i = 0; avx2 && avx512 && i < SHAPES; i++) {
        Case a = case_make(&shapes[i]), b = case_make(&shapes[i]);
        case_run(&a, avx2, true);
        case_run(&b, avx512, true);
        bool same = !memcmp(a.y, b.y, ROWS * a.out * sizeof *a.y) && !memcmp(a.dx, b.dx, ROWS * a.in * sizeof *a.dx) &&
                    !memcmp(a.dw, b.dw, a.weights * sizeof *a.dw);
        test_check(same, __FILE__, __LINE__, "shape %d", i);
        case_done(&a);
        case_done(&b);
    }
}

static void check_alone(void)
{
    TEST("a row gives the same bits alone and among others");
    for (int i = 0; i < SHAPES; i++) {
        Case k = case_make(&shapes[i]);
        case_run(&k, NULL, false);
        float *y = mem_alloc(k.out * sizeof *y), *dx = mem_alloc(k.in * sizeof *dx);
        ConvolutionPass p = {.conv = k.conv, .rows = 1, .x = k.x + 2 * k.in, .y = y, .bias = k.bias, .weights = k.w, .scratch = k.scratch};
        convolution_forward(&p);
        test_check(!memcmp(y, k.y + 2 * k.out, k.out * sizeof *y), __FILE__, __LINE__, "forward of shape %d", i);
        convolution_infer(&p);
        test_check(!memcmp(y, k.exact + 2 * k.out, k.out * sizeof *y), __FILE__, __LINE__, "infer of shape %d", i);
        p.dy = k.dy + 2 * k.out;
        p.dx = dx;
        convolution_backward(&p);
        test_check(!memcmp(dx, k.dx + 2 * k.in, k.in * sizeof *dx), __FILE__, __LINE__, "dx of shape %d", i);
        mem_free(y);
        mem_free(dx);
        case_done(&k);
    }
}

/* Numbers with few bits, so that sums are exact in any order. */
static void fill_pattern(float *x, size_t count, const int numbers[3], float divisor)
{
    for (size_t i = 0; i < count; i++)
        x[i] = (float)(((int)i * numbers[0] + numbers[1]) % numbers[2] - numbers[2] / 2) / divisor;
}

static int64_t weighted(const float *x, size_t count)
{
    double sum = 0;
    for (size_t i = 0; i < count; i++)
        sum += (double)x[i] * 128 * (double)(i % 101 + 1);
    return (int64_t)sum;
}

/* The number of weight i of ours as PyTorch counts: [filters][channels / groups][kernel height][kernel width]. */
static size_t torch_number(const Convolution *c, size_t i)
{
    size_t filters = (size_t)c->filters, channels = (size_t)(c->channels / c->groups), taps = (size_t)(c->kernel[0] * c->kernel[1]);
    return (i % filters * channels + i / filters % channels) * taps + i / filters / channels;
}

/* torch 1.13:
 *   def pattern(n, a, b, m, d): return ((torch.arange(n) * a + b) % m - m // 2).float() / d
 *   def total(t): return int(((t.reshape(-1).double() * 128) * (torch.arange(t.numel()) % 101 + 1)).sum())
 *   x = pattern(3 * h * width * ci, 37, 11, 29, 8).reshape(3, h, width, ci).permute(0, 3, 1, 2).requires_grad_()
 *   w = pattern(co * ci // g * kh * kw, 23, 5, 17, 16).reshape(co, ci // g, kh, kw).requires_grad_()
 *   y = F.conv2d(x, w, None, s, p, d, g)
 *   dy = pattern(y.numel(), 31, 7, 19, 8).reshape(3, *y.shape[2:], co).permute(0, 3, 1, 2); y.backward(dy)
 *   total(y.permute(0, 2, 3, 1)), total(x.grad.permute(0, 2, 3, 1)), total(w.grad), and the last number of y of row 1 */
static const struct {
    Convolution conv;
    int64_t y, dx, dw;
    float last;
} torch_values[] = {
    {{{1, 13}, 1, 5, 1, {1, 5}, {1, 1}, {1, 1}, {0, 2}, {0, 2}}, -20835, -14943, 810, -0.21875F},
    {{{1, 17}, 32, 64, 1, {1, 3}, {1, 1}, {1, 1}, {0, 1}, {0, 1}}, 106410, 181500, -157090, -1.703125F},
    {{{1, 23}, 5, 7, 1, {1, 4}, {1, 2}, {1, 3}, {0, 4}, {0, 4}}, -82943, -5910, -161606, 0.90625F},
    {{{10, 12}, 16, 17, 1, {3, 3}, {1, 1}, {1, 1}, {1, 1}, {1, 1}}, -84712, 178527, -764870, -1.1875F},
    {{{9, 11}, 3, 8, 1, {3, 3}, {2, 2}, {1, 1}, {1, 1}, {1, 1}}, -35296, -16941, 195172, 0.5625F},
    {{{8, 7}, 4, 6, 2, {5, 3}, {2, 3}, {1, 2}, {2, 2}, {2, 2}}, 24533, 10642, 58796, -1.03125F},
    {{{6, 7}, 8, 8, 8, {3, 3}, {1, 1}, {1, 1}, {1, 1}, {1, 1}}, -27120, -13727, 148800, -0.7265625F},
    {{{6, 5}, 20, 36, 1, {1, 1}, {1, 1}, {1, 1}, {0, 0}, {0, 0}}, -132689, 18366, -4508, 0.546875F},
};

static void check_torch(void)
{
    TEST("the numbers of PyTorch, forward and both gradients, to the bit");
    for (size_t i = 0; i < sizeof torch_values / sizeof *torch_values; i++) {
        Case k = case_make(&torch_values[i].conv);
        fill_pattern(k.x, ROWS * k.in, (int[]){37, 11, 29}, 8);
        float *weights = mem_alloc(k.weights * sizeof *weights), *dw = mem_alloc(k.weights * sizeof *dw);
        fill_pattern(weights, k.weights, (int[]){23, 5, 17}, 16);
        for (size_t w = 0; w < k.weights; w++)
            k.w[w] = weights[torch_number(k.conv, w)];
        fill_pattern(k.dy, ROWS * k.out, (int[]){31, 7, 19}, 8);
        memset(k.bias, 0, (size_t)k.conv->filters * sizeof *k.bias);
        case_run(&k, NULL, false);
        CHECK_INT(weighted(k.y, ROWS * k.out), torch_values[i].y);
        CHECK_INT(weighted(k.exact, ROWS * k.out), torch_values[i].y);
        CHECK_INT(weighted(k.dx, ROWS * k.in), torch_values[i].dx);
        for (size_t w = 0; w < k.weights; w++)
            dw[torch_number(k.conv, w)] = k.dw[w];
        CHECK_INT(weighted(dw, k.weights), torch_values[i].dw);
        CHECK(k.y[2 * k.out - 1] == torch_values[i].last);
        mem_free(weights);
        mem_free(dw);
        case_done(&k);
    }
}

void unit_convolution(void);
void unit_convolution(void)
{
    check_shapes();
    check_infer();
    check_tables();
    check_alone();
    check_torch();
}
