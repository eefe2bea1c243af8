/* The only caller of BLAS. The library is held to one thread: our own pool shares out the work. Products as small as the layers of a
 * tabular net go through our own tiles, which are 5 to 20 % faster there. */
#include "num/gemm.h"

#include <cblas.h>
#include <pthread.h>

#include "num/kernels.h"

/* Whole tiles only, and a panel of b that stays in the cache. */
static bool fits_tiles(size_t n, size_t k)
{
    return n % 32 == 0 && n <= 512 && k <= 512;
}

static void hold_to_one_thread(void)
{
    openblas_set_num_threads(1);
}

static void product(CBLAS_TRANSPOSE ta, CBLAS_TRANSPOSE tb, const float *a, const float *b, float *c, const size_t size[3])
{
    static pthread_once_t once = PTHREAD_ONCE_INIT;
    pthread_once(&once, hold_to_one_thread);
    blasint m = (blasint)size[0], n = (blasint)size[1], k = (blasint)size[2];
    cblas_sgemm(CblasRowMajor, ta, tb, m, n, k, 1, a, ta == CblasTrans ? m : k, b, tb == CblasTrans ? k : n, 0, c, n);
}

void gemm_nn(const float *a, const float *b, float *c, size_t m, size_t n, size_t k)
{
    if (fits_tiles(n, k))
        kernels()->gemm(&(GemmView){.a = a, .a_row = (int64_t)k, .a_step = 1, .b = b, .b_step = (int64_t)n, .c = c, .c_row = (int64_t)n,
                                    .m = (int64_t)m, .n = (int64_t)n, .k = (int64_t)k});
    else
        product(CblasNoTrans, CblasNoTrans, a, b, c, (size_t[3]){m, n, k});
}

void gemm_nt(const float *a, const float *b, float *c, size_t m, size_t n, size_t k)
{
    product(CblasNoTrans, CblasTrans, a, b, c, (size_t[3]){m, n, k});
}

void gemm_tn(const float *a, const float *b, float *c, size_t m, size_t n, size_t k)
{
    if (fits_tiles(n, k))
        kernels()->gemm(&(GemmView){.a = a, .a_row = 1, .a_step = (int64_t)m, .b = b, .b_step = (int64_t)n, .c = c, .c_row = (int64_t)n,
                                    .m = (int64_t)m, .n = (int64_t)n, .k = (int64_t)k});
    else
        product(CblasTrans, CblasNoTrans, a, b, c, (size_t[3]){m, n, k});
}

const char *gemm_kernel_name(void)
{
    return openblas_get_corename();
}

const char *gemm_config(void)
{
    return openblas_get_config();
}
