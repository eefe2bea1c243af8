/* The kernel tables against plain arithmetic, and against each other bit for bit. */
#include "base/mem.h"
#include "base/rng.h"
#include "num/cholesky.h"
#include "num/gemm.h"
#include "num/kernels.h"
#include "tests/unit/test.h"

static const char *const tables[] = {"portable", "avx2", "avx512"};

static const Kernels *table(int i)
{
    const Kernels *k = kernels_find(tables[i]);
    if (!k)
        test_skip(tables[i]);
    return k;
}

static float *noise(size_t count, uint64_t seed)
{
    float *x = mem_alloc(count * sizeof *x);
    Rng r = rng_begin(rng_key(seed, "test"));
    for (size_t i = 0; i < count; i++)
        x[i] = (float)rng_normal(&r);
    return x;
}

static double gemm_error(const GemmView *g)
{
    double worst = 0;
    for (int64_t i = 0; i < g->m; i++)
        for (int64_t j = 0; j < g->n; j++) {
            double sum = g->add ? 1 : 0;
            for (int64_t t = 0; t < g->k; t++)
                sum += (double)g->a[i * g->a_row + t * g->a_step] * (double)g->b[t * g->b_step + j];
            worst = fmax(worst, fabs(sum - (double)g->c[i * g->c_row + j]));
        }
    return worst;
}

static const int64_t sizes[][3] = {{1, 1, 1},   {1, 70, 30}, {3, 2, 5},    {7, 17, 9},   {8, 32, 16},  {9, 33, 40},
                                   {15, 64, 3}, {16, 31, 8}, {37, 50, 70}, {20, 5, 600}, {2, 9, 1100}, {64, 48, 0}};

static void check_gemm(void)
{
    TEST("matrix products of odd sizes, with overlapping rows, transposed and added to");
    for (int i = 0; i < 3; i++)
        for (size_t s = 0; table(i) && s < sizeof sizes / sizeof *sizes; s++)
            for (int form = 0; form < 6; form++) {
                int64_t m = sizes[s][0], n = sizes[s][1], k = sizes[s][2];
                float *a = noise((size_t)(m * k + m + k), 1), *b = noise((size_t)(k * n), 2), *c = noise((size_t)(m * n), 3);
                GemmView g = {.a = a, .a_row = k, .a_step = 1, .b = b, .b_step = n, .c = c, .c_row = n, .m = m, .n = n, .k = k};
                if (form % 3 == 1) {
                    g.a_row = 1;
                    g.a_step = m;
                } else if (form % 3 == 2) {
                    g.a_row = 1;
                    g.add = true;
                }
                for (int64_t j = 0; g.add && j < m * n; j++)
                    c[j] = 1;
                (form < 3 ? table(i)->gemm : table(i)->gemm_exact)(&g);
                test_check(gemm_error(&g) < 1e-4, __FILE__, __LINE__, "%s %dx%dx%d form %d: %g", tables[i], (int)m, (int)n, (int)k, form,
                           gemm_error(&g));
                mem_free(a);
                mem_free(b);
                mem_free(c);
            }
}

/* The plain sum, then bias and relu, each in the precision of the product. */
static void check_finish(void)
{
    TEST("bias and relu behind the sums: the same bits as the passes over the result");
    for (int i = 0; i < 3; i++)
        for (size_t s = 0; table(i) && s < sizeof sizes / sizeof *sizes; s++) {
            int64_t m = sizes[s][0], n = sizes[s][1], k = sizes[s][2];
            float *a = noise((size_t)(m * k), 1), *b = noise((size_t)(k * n), 2), *bias = noise((size_t)n, 3);
            float *apart = noise((size_t)(m * n), 4), *fused = noise((size_t)(m * n), 5);
            GemmView g = {.a = a, .a_row = k, .a_step = 1, .b = b, .b_step = n, .c = apart, .c_row = n, .m = m, .n = n, .k = k};
            table(i)->gemm(&g);
            table(i)->bias(apart, bias, (size_t)m, (size_t)n, true);
            g.c = fused;
            g.bias = bias;
            g.relu = true;
            table(i)->gemm(&g);
            test_check(!memcmp(apart, fused, (size_t)(m * n) * sizeof *fused), __FILE__, __LINE__, "%s %dx%dx%d", tables[i], (int)m, (int)n,
                       (int)k);
            mem_free(a);
            mem_free(b);
            mem_free(bias);
            mem_free(apart);
            mem_free(fused);
        }
}

static void check_turned_size(const Kernels *kernel, const int64_t size[3], bool add)
{
    int64_t m = size[0], n = size[1], k = size[2], row = k + 3;
    float *a = noise((size_t)(m * row), 1), *b = noise((size_t)(n * k), 2), *across = mem_alloc((size_t)(n * k + 1) * sizeof *across);
    float *c = noise((size_t)(m * n), 3), *plain = mem_alloc((size_t)(m * n) * sizeof *plain);
    memcpy(plain, c, (size_t)(m * n) * sizeof *plain);
    for (int64_t i = 0; i < n * k; i++)
        across[i % k * n + i / k] = b[i];
    GemmView g = {.a = a, .a_row = row, .a_step = 1, .b = b, .b_step = k, .c = c, .c_row = n, .m = m, .n = n, .k = k, .add = add};
    kernel->gemm_turned(&g);
    g.b = across;
    g.b_step = n;
    g.c = plain;
    kernel->gemm(&g);
    test_check(!memcmp(c, plain, (size_t)(m * n) * sizeof *c), __FILE__, __LINE__, "%s %dx%dx%d add %d", kernel->name, (int)m, (int)n,
               (int)k, add);
    mem_free(a);
    mem_free(b);
    mem_free(across);
    mem_free(c);
    mem_free(plain);
}

static void check_turned(void)
{
    TEST("products with a turned b: the same bits as with b the other way round, at all edges of tiles");
    static const int64_t edges[] = {1, 3, 4, 5, 8, 15, 16, 17, 31, 32, 33, 50};
    enum { EDGES = sizeof edges / sizeof *edges };
    for (int i = 0; i < 3; i++) {
        for (size_t s = 0; table(i) && s < sizeof sizes / sizeof *sizes; s++)
            for (int add = 0; add < 2; add++)
                check_turned_size(table(i), sizes[s], add);
        for (size_t s = 0; table(i) && s < EDGES * EDGES * EDGES; s++)
            check_turned_size(table(i), (int64_t[3]){edges[s % EDGES], edges[s / EDGES % EDGES], edges[s / EDGES / EDGES]}, s % 2);
    }
}

/* What threads share out must not show: a product is the same bits when its rows and columns are cut. */
static void check_cuts(void)
{
    TEST("rows and columns of a product can be cut anywhere without a change of bits");
    enum { M = 45, N = 67, K = 530 };
    for (int i = 0; i < 3 && table(i); i++) {
        float *a = noise(M * K, 1), *b = noise(K * N, 2), *whole = noise(M * N, 3), *parts = noise(M * N, 4);
        GemmView g = {.a = a, .a_row = K, .a_step = 1, .b = b, .b_step = N, .c = whole, .c_row = N, .m = M, .n = N, .k = K};
        table(i)->gemm(&g);
        for (int64_t from = 0; from < M; from += 13)
            for (int64_t column = 0; column < N; column += 32) {
                GemmView cut = g;
                cut.a += from * K;
                cut.b += column;
                cut.c = parts + from * N + column;
                cut.m = M - from < 13 ? M - from : 13;
                cut.n = N - column < 32 ? N - column : 32;
                table(i)->gemm(&cut);
            }
        CHECK(!memcmp(whole, parts, sizeof(float) * M * N));
        mem_free(a);
        mem_free(b);
        mem_free(whole);
        mem_free(parts);
    }
}

static void check_products(const size_t size[3])
{
    size_t m = size[0], n = size[1], k = size[2];
    float *a = noise(m * k, 1), *b = noise(k * n, 2), *c = noise(m * n, 3), *turned = mem_alloc(k * n * sizeof *turned);
    GemmView g = {.a = a,
                  .a_row = (int64_t)k,
                  .a_step = 1,
                  .b = b,
                  .b_step = (int64_t)n,
                  .c = c,
                  .c_row = (int64_t)n,
                  .m = (int64_t)m,
                  .n = (int64_t)n,
                  .k = (int64_t)k};
    gemm_nn(a, b, c, size);
    CHECK(gemm_error(&g) < 1e-4);
    for (size_t i = 0; i < k * n; i++)
        turned[i % n * k + i / n] = b[i];
    gemm_nt(a, turned, c, size);
    CHECK(gemm_error(&g) < 1e-4);
    gemm_tn(a, b, c, size);
    g.a_row = 1;
    g.a_step = (int64_t)m;
    CHECK(gemm_error(&g) < 1e-4);
    mem_free(a);
    mem_free(b);
    mem_free(c);
    mem_free(turned);
}

static void check_blas(void)
{
    TEST("the three products of layers: large, and all kinds of few rows, few outputs and few inputs");
    static const size_t shapes[][3] = {{20, 32, 40}, {33, 600, 17}, {5, 7, 3}}, few[] = {1, 2, 3, 16, 17, 33, 64};
    for (size_t s = 0; s < 3; s++)
        check_products(shapes[s]);
    for (size_t i = 0; i < 7 * 7 * 7; i++)
        check_products((size_t[3]){few[i % 7], few[i / 7 % 7], few[i / 49]});
}

/* Two outputs go by BLAS, twenty by tiles: neither may touch what lies between the rows of c. */
static void check_gaps(void)
{
    TEST("a product whose rows of c lie apart: bias and relu stay in its columns");
    enum { ROWS = 5, INPUTS = 7, APART = 24 };
    for (int64_t n = 2; n <= 20; n += 18) {
        float *a = noise(ROWS * INPUTS, 1), *b = noise(INPUTS * 20, 2), *bias = noise(20, 3), c[ROWS * APART];
        for (int i = 0; i < ROWS * APART; i++)
            c[i] = -7;
        gemm_view(&(GemmView){.a = a,
                              .a_row = INPUTS,
                              .a_step = 1,
                              .b = b,
                              .b_step = n,
                              .c = c,
                              .c_row = APART,
                              .m = ROWS,
                              .n = n,
                              .k = INPUTS,
                              .bias = bias,
                              .relu = true});
        for (int64_t i = 0; i < ROWS; i++)
            for (int64_t j = 0; j < APART; j++) {
                double sum = j < n ? (double)bias[j] : -7;
                for (int64_t t = 0; j < n && t < INPUTS; t++)
                    sum += (double)a[i * INPUTS + t] * (double)b[t * n + j];
                CHECK_NEAR(c[i * APART + j], j < n && sum < 0 ? 0 : sum, 1e-5);
            }
        mem_free(a);
        mem_free(b);
        mem_free(bias);
    }
}

static void check_exp(void)
{
    TEST("exp is right to 2e-7 relative; its ends are finite; NaN stays");
    for (int i = 0; i < 3; i++) {
        double worst = 0;
        for (float x = -87; x < 88 && table(i); x += 0.0371F) {
            float y;
            table(i)->exp(&x, &y, 1);
            worst = fmax(worst, fabs((double)y / exp((double)x) - 1));
        }
        CHECK(worst < 2e-7);
        float ends[4] = {-1e30F, 1e30F, NAN, 0};
        if (table(i))
            table(i)->exp(ends, ends, 4);
        CHECK(!table(i) || (ends[0] < 2e-38F && ends[1] > 1e38F && isfinite(ends[1]) && isnan(ends[2]) && ends[3] == 1));
    }
}

enum { N = 16 * 5 + 11, ROWS = 13, WIDTH = 7, COUNT = ROWS * WIDTH };

/* All element-wise passes on the same numbers, into one buffer of results. */
static size_t run_all(const Kernels *k, float *out, double *real)
{
    float *x = noise(COUNT, 1), *y = noise(COUNT, 2), *z = noise(COUNT, 3), *w = noise(COUNT, 4);
    float *at = out;
    const float *parts[2] = {x, y};
#define KEEP(buffer) \
    do { \
        memcpy(at, buffer, COUNT * sizeof *at); \
        at += COUNT; \
    } while (0)
    k->bias(x, w, ROWS, WIDTH, true);
    KEEP(x);
    k->bias_back(y, x, at, ROWS, WIDTH);
    at += WIDTH;
    KEEP(y);
    k->relu(z, at, COUNT);
    at += COUNT;
    k->relu_back(z, x, at, COUNT);
    at += COUNT;
    k->exp(z, at, COUNT);
    at += COUNT;
    DropView d = {.x = x, .y = at, .width = COUNT, .key_low = 77, .key_high = 88, .threshold = 1u << 30, .scale = 2};
    k->drop(&d);
    at += COUNT;
    k->affine(x, y, z, at, ROWS, WIDTH, true);
    at += COUNT;
    k->norm_back(x, y, z, at, ROWS, WIDTH);
    at += COUNT;
    k->gemm_exact(&(GemmView){
        .a = x, .a_row = WIDTH, .a_step = 1, .b = y, .b_step = WIDTH, .c = at, .c_row = WIDTH, .m = ROWS, .n = WIDTH, .k = WIDTH});
    at += COUNT;
    k->column_sums(x, real, ROWS, WIDTH);
    k->column_squares(x, real, real + WIDTH, ROWS, WIDTH);
    k->norm_sums(z, y, x, real, real + 2 * WIDTH, ROWS, WIDTH);
    real[4 * WIDTH] = k->squares(parts, 2, COUNT);
    KEEP(z);
    for (int i = 0; i < 4; i++)
        mem_free((float *[]){x, y, z, w}[i]);
    return (size_t)(at - out);
}

static void check_shared(void)
{
    TEST("products that other threads read give the same bits, wherever their lines begin");
    enum { M = 19, N_ODD = 35, K_LONG = 520 };
    for (int i = 0; i < 3; i++)
        for (int64_t row = N_ODD; table(i) && row <= 48; row += 13) {
            float *a = noise(M * K_LONG, 1), *b = noise(K_LONG * N_ODD, 2);
            _Alignas(64) float alone[M * 48] = {0}, shared[M * 48] = {0};
            GemmView g = {.a = a, .a_row = K_LONG, .a_step = 1, .b = b, .b_step = N_ODD, .c = alone, .c_row = row};
            g.m = M;
            g.n = N_ODD;
            g.k = K_LONG;
            table(i)->gemm(&g);
            g.c = shared;
            g.is_shared = true;
            table(i)->gemm(&g);
            CHECK(!memcmp(alone, shared, sizeof alone));
            mem_free(a);
            mem_free(b);
        }
}

static void check_widths(void)
{
    TEST("element-wise passes and exact products give the same bits at every vector width");
    float first[20 * COUNT], out[20 * COUNT];
    double first_real[4 * WIDTH + 1], real[4 * WIDTH + 1];
    size_t count = run_all(&kernels_portable, first, first_real);
    for (int i = 1; i < 3; i++) {
        if (!table(i))
            continue;
        CHECK_INT(run_all(table(i), out, real), count);
        CHECK(memcmp(out, first, count * sizeof *out) == 0);
        CHECK(memcmp(real, first_real, sizeof real) == 0);
    }
}

static void check_fused_widths(void)
{
    TEST("fused products agree between AVX2 and AVX-512");
    if (!table(1) || !table(2))
        return;
    float *a = noise(N * N, 1), *b = noise(N * N, 2), *c = noise(2 * N * N, 3), *d = c + N * N;
    GemmView g = {.a = a, .a_row = 3, .a_step = 1, .b = b, .b_step = N, .c = c, .c_row = N, .m = N, .n = N, .k = N};
    table(1)->gemm(&g);
    g.c = d;
    table(2)->gemm(&g);
    CHECK(memcmp(c, d, N * N * sizeof *c) == 0);
    mem_free(a);
    mem_free(b);
    mem_free(c);
}

static void check_dropout(void)
{
    TEST("dropout keeps its share, row by row differently");
    enum { WIDE = 20000 };
    float *x = mem_alloc(WIDE * sizeof *x), *y = mem_alloc(WIDE * sizeof *y);
    size_t kept[2] = {0}, both = 0;
    for (int i = 0; i < WIDE; i++)
        x[i] = 1;
    for (uint32_t row = 0; row < 2; row++) {
        DropView d = {.x = x, .y = y, .width = WIDE, .key_low = 123 + row, .key_high = 456, .threshold = 1288490188u, .scale = 1 / 0.7F};
        kernels()->drop(&d);
        for (int i = 0; i < WIDE; i++) {
            kept[row] += y[i] > 0;
            both += row && y[i] > 0 && x[i] > 1;
            x[i] = y[i] > 0 ? 1.5F : 1;
        }
    }
    CHECK_NEAR((double)kept[0] / WIDE, 0.7, 0.015);
    CHECK_NEAR((double)kept[1] / WIDE, 0.7, 0.015);
    CHECK_NEAR((double)both / WIDE, 0.49, 0.02);
    mem_free(x);
    mem_free(y);
}

static void check_nan(void)
{
    TEST("relu lets NaN through, so that a diverged net is seen");
    for (int i = 0; i < 3; i++) {
        float x[3] = {NAN, -1, 2}, y[3];
        if (table(i))
            table(i)->relu(x, y, 3);
        CHECK(!table(i) || (isnan(y[0]) && y[1] == 0 && y[2] == 2));
    }
}

/* Every third mark is off, and lane 5 has none at all. */
static void check_near(void)
{
    TEST("mean squared differences over what both rows have, the same bits at every vector width");
    enum { COLUMNS = 7, KNOWN = 3 };
    static const int32_t columns[KNOWN] = {0, 3, 6};
    float *values = noise(COLUMNS * NEAR_BLOCK, 4), *row = noise(KNOWN, 5), marks[COLUMNS * NEAR_BLOCK], plain[NEAR_BLOCK];
    for (size_t i = 0; i < COLUMNS * NEAR_BLOCK; i++) {
        marks[i] = i % 3 != 0 && i % NEAR_BLOCK != 5;
        values[i] *= marks[i];
    }
    float least = (float)INFINITY;
    for (size_t j = 0; j < NEAR_BLOCK; j++) {
        float sum = 0, count = 0;
        for (size_t k = 0; k < KNOWN; k++) {
            size_t at = (size_t)columns[k] * NEAR_BLOCK + j;
            sum += marks[at] > 0 ? (row[k] - values[at]) * (row[k] - values[at]) : 0;
            count += marks[at];
        }
        plain[j] = count > 0 ? sum / count : (float)INFINITY;
        least = plain[j] < least ? plain[j] : least;
    }
    CHECK(isinf(plain[5]));
    for (int i = 0; i < 3; i++) {
        float means[NEAR_BLOCK];
        NearView view = {row, columns, KNOWN, values, marks, means};
        CHECK(!table(i) || table(i)->near(&view) == least);
        CHECK(!table(i) || memcmp(means, plain, sizeof plain) == 0);
    }
    mem_free(values);
    mem_free(row);
}

/* By hand: l = {{2}, {6, 1}, {-8, 5, 3}} of Wikipedia's example, and b = l l' {1, 2, 3}. */
static void check_cholesky(void)
{
    TEST("Cholesky's factors of a known matrix; one that is not positive definite is refused");
    double a[] = {4, 0, 0, 12, 37, 0, -16, -43, 98}, b[] = {4 + 24 - 48, 12 + 74 - 129, -16 - 86 + 294}, flat[] = {1, 1, 1, 1};
    CHECK(cholesky_solve(a, b, 3));
    for (int i = 0; i < 3; i++)
        CHECK_NEAR(b[i], i + 1, 1e-12);
    CHECK_NEAR(a[7], 5, 1e-12);
    CHECK(!cholesky_solve(flat, b, 2));
}

void unit_kernels(void);
void unit_kernels(void)
{
    check_gemm();
    check_finish();
    check_turned();
    check_cuts();
    check_blas();
    check_gaps();
    check_exp();
    check_shared();
    check_widths();
    check_fused_widths();
    check_dropout();
    check_nan();
    check_near();
    check_cholesky();
}
