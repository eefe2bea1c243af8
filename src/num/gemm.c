/* The only caller of BLAS. The library is held to one thread: our own pool shares out the work. Products as small as the layers of a
 * tabular net go through our own tiles, which are 5 to 20 % faster there. */
#include "num/gemm.h"

#include <cblas.h>
#include <pthread.h>

/* Whole tiles only, and panels that stay in the cache. */
static bool fits_tiles(const GemmView *g)
{
    bool has_fused = kernels() != &kernels_portable;
    return has_fused && g->n % 32 == 0 && g->n <= 512 && g->k <= 512 && (g->m <= 512 || g->a_step == 1);
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

void gemm_view(const GemmView *g)
{
    if (fits_tiles(g))
        kernels()->gemm(g);
    else
        blas(g, CblasNoTrans);
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
    blas(&g, CblasTrans);
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
