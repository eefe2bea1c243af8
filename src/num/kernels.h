/* Arithmetic on float arrays that is not a big matrix product: fused element-wise passes and a small strided matrix kernel. Each
 * exists for AVX-512, AVX2 and plain C; one table is chosen at the first use (LIMBECK_CPU=portable|avx2|avx512 forces one).
 * Element-wise passes and gemm_exact give the same bits in all tables: lanes are columns, or sums run in 16 fixed lanes. gemm
 * uses fused multiply-add where the processor has it: AVX2 and AVX-512 agree, plain C differs in the last bits. */
#ifndef NUM_KERNELS_H
#define NUM_KERNELS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* c[i][j] (+)= sum over t of a[i * a_row + t * a_step] * b[t * b_step + j], summed in the order of t: the bits do not depend on how
 * rows and columns are cut. Rows of a may overlap. c must
 * not overlap a or b. */
typedef struct GemmView {
    const float *a, *b;
    float *c;
    int64_t a_row, a_step, b_step, c_row;
    int64_t m, n, k;
    bool add;          /* false: c is overwritten */
    const float *bias; /* n of them, added to the sums; NULL: none */
    bool relu;         /* then negative ones become zero */
    bool is_shared;    /* other threads read c */
} GemmView;

enum { KERNEL_SLICES = 8 };

typedef enum KernelLevel { KERNEL_PORTABLE, KERNEL_AVX2, KERNEL_AVX512, KERNEL_LEVELS } KernelLevel;

/* to[j * to_row + i] = from[i * from_row + j] */
typedef struct TurnView {
    const float *from;
    float *to;
    int64_t from_row, to_row;
    int64_t rows, columns; /* of from */
} TurnView;

/* Keep a unit when hash(key of its row, unit) >= threshold; kept values times scale. */
typedef struct DropView {
    const float *x;
    float *y;
    size_t width;
    uint32_t key_low, key_high, threshold;
    float scale;
} DropView;

/* y[row][m][j] = x[row][j] * scale[m][j]; back: d_scale[m][j] = sum over rows of dy x, dx[row][j] = sum over m of dy scale. */
typedef struct MembersView {
    const float *x, *scale; /* rows * width, members * width */
    float *y;
    const float *dy;
    float *d_scale, *dx; /* dx NULL: not needed */
    size_t rows, members, width;
} MembersView;

/* Sums over a window at places in lines: c[y][x][j] = sum over s and t < length of a[y][x][offsets[s] + t] * b[s * length + t][j], in this
 * order, for j < n: at most two vectors of lanes; b has readable rows of whole vectors. depth: length is 1, and c[y][x][j] = sum over s of
 * a[y][x][offsets[s] + j] * b[s][j], for any n. */
typedef struct ConvView {
    const float *a, *b;
    float *c;
    const int64_t *offsets; /* of the segments of a window from its place */
    int64_t segments, length;
    int64_t a_place, a_line, b_step, c_place, c_line; /* floats between neighbors */
    int64_t places, lines, n;
    const float *bias; /* n of them, or NULL */
    bool relu;
} ConvView;

/* Sums over all places of some rows: c[i][j] (+)= sum over row, line, place of a[...][offsets[i]] * b[...][j], in this order. depth: of
 * a[...][offsets[i] + j] * b[...][j]. */
typedef struct ConvSums {
    const float *a, *b;
    float *c;
    const int64_t *offsets;                 /* k of them */
    int64_t count[3], a_step[3], b_step[3]; /* rows, lines, places; floats between neighbors */
    int64_t k, n, c_row;
    bool add;
} ConvSums;

/* Windows over a row of height x width x channels: the largest of each, or the mean. Pairs are height, width. Windows end inside the zeros
 * of padding, which are no candidates; before and after are less than kernel. */
typedef struct Pooling {
    int64_t size[2], channels;
    int64_t kernel[2], stride[2], before[2], after[2];
    bool is_mean;
    bool counts_zeros; /* a mean is over all places of the kernel, those of padding too */
} Pooling;

static inline int64_t pooling_places(const Pooling *p, int axis) /* outputs; what does not fill a window is left out */
{
    int64_t left = p->before[axis] + p->size[axis] + p->after[axis] - p->kernel[axis];
    return left < 0 ? 0 : left / p->stride[axis] + 1;
}

/* A pass over rows. scale and shift, where not NULL, come first: the window sees x * scale + shift, and relu of it. norm_pool_*: for
 * windows of the largest that lie side by side (kernel = stride, no padding). */
typedef struct PoolPass {
    const Pooling *pool;
    int64_t rows;
    const float *x;
    float *y;
    const float *dy;
    float *dx;
    const float *scale, *shift;
    bool relu;
    const float *center;       /* norm_pool_sums */
    double *sums;              /* norm_pool_sums */
    const float *coefficients; /* norm_pool_back: a, b, c of `channels` each */
} PoolPass;

/* One row against NEAR_BLOCK others, over the columns that both have. */
enum { NEAR_BLOCK = 64 };
typedef struct NearView {
    const float *row;       /* what the row has */
    const int32_t *columns; /* of what columns */
    size_t columns_count;
    const float *values, *marks; /* [column][NEAR_BLOCK]: of the others; mark 1: there is a value, 0: there is none, and it is 0 */
    float *means;                /* NEAR_BLOCK: mean of the squared differences; infinite where no column is in both */
} NearView;

typedef struct Kernels {
    const char *name;
    KernelLevel level; /* for rules that are compiled elsewhere (num/lanes.h) */
    int64_t lanes;     /* floats of a vector */
    void (*gemm)(const GemmView *g);
    void (*gemm_turned)(const GemmView *g); /* b is [n][k]: b[j * b_step + t]; a_step is 1; no bias, no relu */
    void (*gemm_exact)(const GemmView *g);  /* multiply and add, each rounded: what plain C code does */
    void (*bias)(float *y, const float *bias, size_t rows, size_t width, bool relu);    /* y += bias, then relu */
    void (*bias_back)(float *dy, const float *y, float *db, size_t rows, size_t width); /* mask where y <= 0 (y NULL: none); column sums */
    void (*relu)(const float *x, float *y, size_t count);
    void (*relu_back)(const float *dy, const float *y, float *dx, size_t count);
    void (*exp)(const float *x, float *y, size_t count);                        /* relative error below 2e-7; y may be x */
    double (*squares)(const float *const *parts, int slices, size_t count);     /* sum over i of (sum of parts)^2 */
    void (*add)(const float *const *parts, int slices, float *y, size_t count); /* y: their sum; it may be one of them */
    void (*approach)(float *y, const float *x, float share, size_t count);      /* y += share * (x - y) */
    void (*drop)(const DropView *d);                                            /* one row */
    void (*members)(const MembersView *v);
    void (*members_back)(const MembersView *v);
    void (*affine)(const float *x, const float *scale, const float *shift, float *y, size_t rows, size_t width, bool relu);
    void (*column_sums)(const float *x, double *sums, size_t rows, size_t width);
    void (*column_squares)(const float *x, const double *mean, double *m2, size_t rows, size_t width);
    /* dy is masked in place where y <= 0 (y NULL: none); sums[j] = sum dy, products[j] = sum dy * (x - mean) */
    void (*norm_sums)(float *dy, const float *y, const float *x, const double *mean, double *sums_products, size_t rows, size_t width);
    float (*near)(const NearView *n); /* returns the least of the means */
    void (*turn)(const TurnView *t);
    void (*conv)(const ConvView *v);
    void (*conv_exact)(const ConvView *v); /* multiply and add, each rounded */
    void (*conv_sums)(const ConvSums *v);
    void (*depth)(const ConvView *v);
    void (*depth_exact)(const ConvView *v);
    void (*depth_sums)(const ConvSums *v);
    void (*pool_windows)(const PoolPass *v);      /* y */
    void (*pool_windows_back)(const PoolPass *v); /* dx, without scale, shift and relu; dy goes to the first of the largest */
    /* With g the gradient that pooling and relu send back: sums[j] += sum g, sums[channels + j] += sum g * (x - center). */
    void (*norm_pool_sums)(const PoolPass *v);
    void (*norm_pool_back)(const PoolPass *v); /* dx = a * g + (b * x + c), column by column */
    /* dx = a * dy + b * x + c, column by column; coefficients: a, b, c of `width` each */
    void (*norm_back)(const float *dy, const float *x, const float *coefficients, float *dx, size_t rows, size_t width);
} Kernels;

const Kernels *kernels(void);
const Kernels *kernels_find(const char *name); /* NULL: unknown, or not on this processor */

#if defined(__x86_64__)
extern const Kernels kernels_avx2, kernels_avx512;
#endif
extern const Kernels kernels_portable;

#endif
