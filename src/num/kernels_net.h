/* The element-wise passes of training, and the table. Part of a kernel file: no guard. */
#include "num/lanes_math.h"

static TARGET void kernel_bias(float *y, const float *bias, size_t rows, size_t width, bool relu)
{
    for (size_t r = 0; r < rows; r++)
        for (size_t j = 0; j < width; j += WIDTH) {
            float *at = y + r * width + j;
            vf v = vf_take(at, width - j) + vf_take(bias + j, width - j);
            vf_put(at, relu ? vf_relu(v) : v, width - j);
        }
}

INLINE vf masked(float *dy, const float *y, size_t n)
{
    vf v = vf_take(dy, n);
    if (y) {
        v = vf_where(vf_take(y, n) > 0, v);
        vf_put(dy, v, n);
    }
    return v;
}

INLINE void back_columns(float *dy, const float *y, float *db, const size_t rows, const size_t width, const int vectors)
{
    vf sum[4] = {0};
    for (size_t r = 0; r < rows; r++)
        UNROLL
    for (int v = 0; v < vectors; v++) {
        size_t at = r * width + (size_t)v * WIDTH;
        sum[v] += masked(dy + at, y ? y + at : NULL, WIDTH);
    }
    UNROLL
    for (int v = 0; v < vectors; v++)
        vf_store(db + v * WIDTH, sum[v]);
}

static TARGET void kernel_bias_back(float *dy, const float *y, float *db, size_t rows, size_t width)
{
    size_t j = 0;
    for (; j + 4 * WIDTH <= width; j += 4 * WIDTH)
        back_columns(dy + j, y ? y + j : NULL, db + j, rows, width, 4);
    for (; j + WIDTH <= width; j += WIDTH)
        back_columns(dy + j, y ? y + j : NULL, db + j, rows, width, 1);
    if (j == width)
        return;
    vf sum = {0};
    for (size_t r = 0; r < rows; r++)
        sum += masked(dy + r * width + j, y ? y + r * width + j : NULL, width - j);
    vf_store_some(db + j, sum, width - j);
}

static TARGET void kernel_relu(const float *x, float *y, size_t count)
{
    for (size_t i = 0; i < count; i += WIDTH)
        vf_put(y + i, vf_relu(vf_take(x + i, count - i)), count - i);
}

static TARGET void kernel_relu_back(const float *dy, const float *y, float *dx, size_t count)
{
    for (size_t i = 0; i < count; i += WIDTH)
        vf_put(dx + i, vf_where(vf_take(y + i, count - i) > 0, vf_take(dy + i, count - i)), count - i);
}

static TARGET void kernel_exp(const float *x, float *y, size_t count)
{
    for (size_t i = 0; i < count; i += WIDTH)
        vf_put(y + i, lanes_exp(vf_take(x + i, count - i)), count - i);
}

static TARGET double kernel_squares(const float *const *parts, int slices, size_t count)
{
    double total = 0;
    for (size_t from = 0; from < count; from += 4096) {
        size_t end = count - from < 4096 ? count : from + 4096;
        vf sum[PARTS] = {0};
        for (size_t i = from; i < end; i += WIDTH) {
            vf g = vf_take(parts[0] + i, end - i);
            for (int s = 1; s < slices; s++)
                g += vf_take(parts[s] + i, end - i);
            sum[(i - from) / WIDTH % PARTS] += g * g;
        }
        total += (double)lanes_sum(sum);
    }
    return total;
}

static TARGET void kernel_add(const float *const *parts, int slices, float *y, size_t count)
{
    for (size_t i = 0; i < count; i += WIDTH) {
        vf sum = vf_take(parts[0] + i, count - i);
        for (int s = 1; s < slices; s++)
            sum += vf_take(parts[s] + i, count - i);
        vf_put(y + i, sum, count - i);
    }
}

static TARGET void kernel_approach(float *y, const float *x, float share, size_t count)
{
    for (size_t i = 0; i < count; i += WIDTH) {
        vf at = vf_take(y + i, count - i);
        vf_put(y + i, at + share * (vf_take(x + i, count - i) - at), count - i);
    }
}

static TARGET void kernel_drop(const DropView *d)
{
    vu unit;
    for (unsigned i = 0; i < WIDTH; i++)
        unit[i] = i;
    for (size_t j = 0; j < d->width; j += WIDTH, unit += WIDTH)
        vf_put(d->y + j, vf_where(lanes_hash(unit, d->key_low, d->key_high) >= d->threshold, vf_take(d->x + j, d->width - j)) * d->scale,
               d->width - j);
}

static TARGET void kernel_members(const MembersView *v)
{
    float *y = v->y;
    for (size_t r = 0; r < v->rows; r++)
        for (size_t m = 0; m < v->members; m++, y += v->width)
            for (size_t j = 0; j < v->width; j += WIDTH) {
                size_t n = v->width - j;
                vf_put(y + j, vf_take(v->x + r * v->width + j, n) * vf_take(v->scale + m * v->width + j, n), n);
            }
}

/* Some columns of one row, all members. */
INLINE void members_back_columns(const MembersView *v, size_t row, size_t j)
{
    size_t n = v->width - j;
    const float *dy = v->dy + row * v->members * v->width + j;
    vf x = vf_take(v->x + row * v->width + j, n), sum = {0};
    for (size_t m = 0; m < v->members; m++) {
        vf d = vf_take(dy + m * v->width, n);
        float *at = v->d_scale + m * v->width + j;
        vf_put(at, vf_take(at, n) + d * x, n);
        sum += d * vf_take(v->scale + m * v->width + j, n);
    }
    if (v->dx)
        vf_put(v->dx + row * v->width + j, sum, n);
}

static TARGET void kernel_members_back(const MembersView *v)
{
    memset(v->d_scale, 0, v->members * v->width * sizeof(float));
    for (size_t r = 0; r < v->rows; r++)
        for (size_t j = 0; j < v->width; j += WIDTH)
            members_back_columns(v, r, j);
}

static TARGET void kernel_affine(const float *x, const float *scale, const float *shift, float *y, size_t rows, size_t width, bool relu)
{
    for (size_t r = 0; r < rows; r++)
        for (size_t j = 0; j < width; j += WIDTH) {
            size_t at = r * width + j, n = width - j;
            vf v = vf_take(x + at, n) * vf_take(scale + j, n) + vf_take(shift + j, n);
            vf_put(y + at, relu ? vf_relu(v) : v, n);
        }
}

static TARGET void kernel_column_sums(const float *x, double *sums, size_t rows, size_t width)
{
    for (size_t j = 0; j < width; j += WIDTH) {
        vd sum = {{0}, {0}};
        for (size_t r = 0; r < rows; r++)
            sum = vd_add(sum, vd_from(vf_take(x + r * width + j, width - j)));
        vd_put(sums + j, sum, width - j);
    }
}

static TARGET void kernel_column_squares(const float *x, const double *mean, double *m2, size_t rows, size_t width)
{
    for (size_t j = 0; j < width; j += WIDTH) {
        vd sum = {{0}, {0}}, center = vd_take(mean + j, width - j);
        for (size_t r = 0; r < rows; r++) {
            vd d = vd_less(vd_from(vf_take(x + r * width + j, width - j)), center);
            sum = vd_add(sum, vd_times(d, d));
        }
        vd_put(m2 + j, sum, width - j);
    }
}

static TARGET void kernel_norm_sums(float *dy, const float *y, const float *x, const double *mean, double *sums_products, size_t rows,
                                    size_t width)
{
    for (size_t j = 0; j < width; j += WIDTH) {
        size_t n = width - j;
        vd sum = {{0}, {0}}, product = sum, center = vd_take(mean + j, n);
        for (size_t r = 0; r < rows; r++) {
            size_t at = r * width + j;
            vd d = vd_from(masked(dy + at, y ? y + at : NULL, n));
            sum = vd_add(sum, d);
            product = vd_add(product, vd_times(d, vd_less(vd_from(vf_take(x + at, n)), center)));
        }
        vd_put(sums_products + j, sum, n);
        vd_put(sums_products + width + j, product, n);
    }
}

static TARGET void kernel_norm_back(const float *dy, const float *x, const float *coefficients, float *dx, size_t rows, size_t width)
{
    const float *a = coefficients, *b = a + width, *c = b + width;
    for (size_t r = 0; r < rows; r++)
        for (size_t j = 0; j < width; j += WIDTH) {
            size_t at = r * width + j, n = width - j;
            vf_put(dx + at, vf_take(a + j, n) * vf_take(dy + at, n) + vf_take(b + j, n) * vf_take(x + at, n) + vf_take(c + j, n), n);
        }
}

const Kernels TABLE = {
    .name = TABLE_NAME,
    .level = TABLE_LEVEL,
    .lanes = WIDTH,
    .gemm = kernel_gemm,
    .gemm_turned = kernel_gemm_turned,
    .gemm_exact = kernel_gemm_exact,
    .bias = kernel_bias,
    .bias_back = kernel_bias_back,
    .relu = kernel_relu,
    .relu_back = kernel_relu_back,
    .exp = kernel_exp,
    .squares = kernel_squares,
    .add = kernel_add,
    .approach = kernel_approach,
    .drop = kernel_drop,
    .members = kernel_members,
    .members_back = kernel_members_back,
    .affine = kernel_affine,
    .column_sums = kernel_column_sums,
    .column_squares = kernel_column_squares,
    .norm_sums = kernel_norm_sums,
    .near = kernel_near,
    .turn = kernel_turn,
    .conv = kernel_conv,
    .conv_exact = kernel_conv_exact,
    .conv_sums = kernel_conv_sums,
    .depth = kernel_depth,
    .depth_exact = kernel_depth_exact,
    .depth_sums = kernel_depth_sums,
    .pool_windows = kernel_pool_windows,
    .pool_windows_back = kernel_pool_windows_back,
    .norm_pool_sums = kernel_norm_pool_sums,
    .norm_pool_back = kernel_norm_pool_back,
    .norm_back = kernel_norm_back,
};
