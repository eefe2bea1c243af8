/* The kernels for any processor: 4-wide vectors that the compiler maps on what there is. */
#include "num/kernels.h"

#define TARGET
#define WIDTH 4
#define TILE_ROWS 4
#define FUSED(a, b, c) ((a) * (b) + (c))
#define ROOT(v) portable_root(v)
#define TABLE kernels_portable
#define TABLE_NAME "portable"

#include "num/kernels_vector.h"

static inline vf portable_root(vf v)
{
    for (int i = 0; i < WIDTH; i++)
        v[i] = __builtin_sqrtf(v[i]);
    return v;
}

#include "num/kernels_gemm.h"
#include "num/kernels_turned.h"
#include "num/kernels_near.h"
#include "num/kernels_net.h"
