/* The kernels for any processor: 4-wide vectors that the compiler maps on what there is. */
#include "num/kernels.h"

#define TARGET
#define WIDTH 4
#define TILE_ROWS 4
#define FUSED(a, b, c) ((a) * (b) + (c))
#define WIDE_LOW(v) ((vh){(double)(v)[0], (double)(v)[1]})
#define WIDE_HIGH(v) ((vh){(double)(v)[2], (double)(v)[3]})
#define TABLE kernels_portable
#define TABLE_NAME "portable"
#define TABLE_LEVEL KERNEL_PORTABLE

#include "num/kernels_vector.h"

#include "num/kernels_gemm.h"
#include "num/kernels_turned.h"
#include "num/kernels_near.h"
#include "num/kernels_conv.h"
#include "num/kernels_pool.h"
#include "num/kernels_net.h"
