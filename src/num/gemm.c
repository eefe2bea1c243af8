/* The only caller of BLAS, and the one place that knows which product suits which sizes. The library is held to one thread: our own
 * pool shares out the work. Measured on Zen 4 with AVX-512 over layers of 8 to 2048 units and 16 to 256 rows: while lanes are full our
 * tiles do 0.95 to 1.7 times as much as BLAS; above a million weights BLAS does up to 1.15 times as much, but not where b is turned. */
#include "num/gemm.h"

#include <cblas.h>
#include <pthread.h>

enum { LANES = 16, LEAST_TURNED = 32, MOST_WEIGHTS = 1 << 20, FEW_INPUTS = 8, TURNED_FLOATS = 4096 };

static bool fills_lanes(int64_t n)
{
    return 8 * n >= 7 * ((n + LANES - 1) / LANES * LANES);
}

static bool has_tiles(void)
{
    return kernels() != &kernels_portable;
}

static bool fits_tiles(const GemmView *g)
{
    return has_tiles() && fills_lanes(g->n) && g->n * g->k <= MOST_WEIGHTS && (g->a_step == 1 || g->m * g->n <= MOST_WEIGHTS);
}

/* There lanes are rows of a. */
static bool fits_turned(const GemmView *g)
{
    return has_tiles() && fills_lanes(g->m) && g->n >= LEAST_TURNED;
}

static void hold_to_one_thread(void)
{
    openblas_set_num_threads(1);
}

static void blas(const GemmView *g, CBLAS_TRANSPOSE tb)
{
    static pthread_once_t once = PTHREAD_ONCE_INIT;
    pthread_once(&once, hold_to_one_thread);
    CBLAS_TRANSPOSE ta = g->a_step == 1 ? CblasNoTrans : CblasTrans;
    int64_t a_row = g->a_row < g->k ? g->k : g->a_row; /* of a single row; BLAS asks for its length */
    blasint lda = (blasint)(g->a_step == 1 ? a_row : g->a_step);
    cblas_sgemm(CblasRowMajor, ta, tb, (blasint)g->m, (blasint)g->n, (blasint)g->k, 1, g->a, lda, g->b, (blasint)g->b_step, 0, g->c,
                (blasint)g->c_row);
}

static void finish(const GemmView *g)
{
    bool is_whole = g->c_row == g->n; /* rows side by side are one */
    int64_t parts = is_whole ? 1 : g->m;
    size_t rows = is_whole ? (size_t)g->m : 1, width = (size_t)g->n;
    for (int64_t i = 0; i < parts; i++) {
        float *c = g->c + i * g->c_row;
        if (g->bias)
            kernels()->bias(c, g->bias, rows, width, g->relu);
        else if (g->relu)
            kernels()->relu(c, c, rows * width);
    }
}

void gemm_view(const GemmView *g)
{
    if (fits_tiles(g)) {
        kernels()->gemm(g);
        return;
    }
    blas(g, CblasNoTrans);
    finish(g);
}

/* So few inputs that turning b beforehand costs less than turning a and c. */
static void turn_first(const GemmView *whole)
{
    float turned[TURNED_FLOATS];
    GemmView g = *whole;
    for (int64_t j = 0; j < g.n; j++)
        for (int64_t t = 0; t < g.k; t++)
            turned[t * g.n + j] = g.b[j * g.b_step + t];
    g.b = turned;
    g.b_step = g.n;
    kernels()->gemm(&g);
}

void gemm_view_nt(const GemmView *g)
{
    if (has_tiles() && g->k < FEW_INPUTS && g->n * g->k <= TURNED_FLOATS)
        turn_first(g);
    else if (!fits_turned(g))
        blas(g, CblasTrans);
    else
        kernels()->gemm_turned(g);
}

static GemmView view_of(const float *a, const float *b, float *c, const size_t size[3])
{
    int64_t m = (int64_t)size[0], n = (int64_t)size[1], k = (int64_t)size[2];
    return (GemmView){.a = a, .a_row = k, .a_step = 1, .b = b, .b_step = n, .c = c, .c_row = n, .m = m, .n = n, .k = k};
}

void gemm_nn(const float *a, const float *b, float *c, const size_t size[3])
{
    GemmView g = view_of(a, b, c, size);
    gemm_view(&g);
}

void gemm_nt(const float *a, const float *b, float *c, const size_t size[3])
{
    GemmView g = view_of(a, b, c, size);
    g.b_step = g.k;
    gemm_view_nt(&g);
}

void gemm_tn(const float *a, const float *b, float *c, const size_t size[3])
{
    GemmView g = view_of(a, b, c, size);
    g.a_row = 1;
    g.a_step = g.m;
    gemm_view(&g);
}

const char *gemm_kernel_name(void)
{
    return openblas_get_corename();
}

const char *gemm_config(void)
{
    return openblas_get_config();
}
