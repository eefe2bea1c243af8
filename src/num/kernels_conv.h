/* Convolutions in register tiles: see ConvView and ConvSums. Part of a kernel file: no guard. */

/* Rows of a tile: the sums of two vectors each, and what is multiplied, fill the registers. */
#if WIDTH == 16
enum { CONV_ROWS = 12 };
#define CONV_HEIGHTS(f) f(1) f(2) f(3) f(4) f(5) f(6) f(7) f(8) f(9) f(10) f(11) f(12)
#elif WIDTH == 8
enum { CONV_ROWS = 6 };
#define CONV_HEIGHTS(f) f(1) f(2) f(3) f(4) f(5) f(6)
#else
enum { CONV_ROWS = 4 };
#define CONV_HEIGHTS(f) f(1) f(2) f(3) f(4)
#endif

/* Rows in tiles of nearly the same height, so that none is left with a few. */
INLINE int even_height(int64_t left)
{
    int64_t tiles = (left + CONV_ROWS - 1) / CONV_ROWS;
    return (int)((left + tiles - 1) / tiles);
}

/* Where masks cost next to nothing, the code for some lanes serves for all, but in the innermost loops. */
#if WIDTH == 16
enum { MASKS_ARE_FREE = 1 };
#else
enum { MASKS_ARE_FREE = 0 };
#endif

/* whole: all lanes are there; else the first n, at most WIDTH. */
INLINE vf some_take(const float *p, size_t n, const bool whole)
{
    return whole ? vf_load(p) : vf_load_some(p, n);
}

INLINE size_t lanes_of(int64_t left)
{
    return left < WIDTH ? (size_t)left : WIDTH;
}

INLINE vf conv_step(vf x, vf w, vf sum, const bool exact)
{
    return exact ? x * w + sum : FUSED(x, w, sum);
}

/* What stands behind the sums of one place: bias and relu. A missing bias is zero: sums begin at zero and are never -0. */
typedef struct ConvEnd {
    vf bias[2];
    vi keeps; /* relu is off */
} ConvEnd;

INLINE ConvEnd conv_end(const ConvView *v, size_t at, const int vectors)
{
    ConvEnd e = {.keeps = (vi){0} - (v->relu ? 0 : 1)};
    UNROLL
    for (int j = 0; j < vectors; j++)
        e.bias[j] = v->bias ? vf_take(v->bias + at + j * WIDTH, (size_t)v->n - at - (size_t)j * WIDTH) : vf_all(0);
    return e;
}

INLINE vf conv_finished(const ConvEnd *e, vf sum, const int j)
{
    vf y = sum + e->bias[j];
    return vf_where(~(y <= 0) | e->keeps, y);
}

/* Rows of whole vectors, or of some lanes in the last one. */
INLINE void conv_put(const ConvView *v, float *c, vf sum[CONV_ROWS][2], size_t at, const int rows, const int vectors)
{
    ConvEnd e = conv_end(v, at, vectors);
    size_t n = (size_t)v->n - at, last = lanes_of((int64_t)n - (vectors - 1) * WIDTH);
    if (MASKS_ARE_FREE || n >= (size_t)vectors * WIDTH) {
        UNROLL
        for (int r = 0; r < rows; r++)
            UNROLL
        for (int j = 0; j < vectors; j++) {
            float *to = c + r * v->c_place + j * WIDTH;
            vf y = conv_finished(&e, sum[r][j], j);
            if (MASKS_ARE_FREE && j == vectors - 1)
                vf_store_some(to, y, last);
            else
                vf_store(to, y);
        }
        return;
    }
    _Alignas(64) float whole[CONV_ROWS][2 * WIDTH];
    UNROLL
    for (int r = 0; r < rows; r++)
        UNROLL
    for (int j = 0; j < vectors; j++)
        vf_store(whole[r] + j * WIDTH, conv_finished(&e, sum[r][j], j));
    for (int r = 0; r < rows; r++)
        memcpy(c + r * v->c_place, whole[r], n * sizeof(float));
}

INLINE void conv_tile(const ConvView *v, const float *a, float *c, const int rows, const int vectors, const bool exact)
{
    vf sum[CONV_ROWS][2] = {{{0}}};
    const float *b = v->b;
    for (int64_t s = 0; s < v->segments; s++) {
        const float *at = a + v->offsets[s], *end = at + v->length;
        for (; at < end; at++, b += v->b_step) {
            vf column[2];
            UNROLL
            for (int j = 0; j < vectors; j++)
                column[j] = vf_load(b + j * WIDTH);
            UNROLL
            for (int r = 0; r < rows; r++) {
                vf x = vf_all(at[r * v->a_place]);
                UNROLL
                for (int j = 0; j < vectors; j++)
                    sum[r][j] = conv_step(x, column[j], sum[r][j], exact);
            }
        }
    }
    conv_put(v, c, sum, 0, rows, vectors);
}

INLINE void conv_line(const ConvView *v, const float *a, float *c, const int vectors, const bool exact)
{
    for (int64_t left = v->places; left > 0;) {
        int height = even_height(left);
        switch (height) {
#define HEIGHT(h) \
    case h: conv_tile(v, a, c, h, vectors, exact); break;
            CONV_HEIGHTS(HEIGHT)
#undef HEIGHT
        default: break;
        }
        left -= height;
        a += height * v->a_place;
        c += height * v->c_place;
    }
}

INLINE void conv_lines(const ConvView *v, const bool exact)
{
    for (int64_t y = 0; y < v->lines; y++) {
        const float *a = v->a + y * v->a_line;
        float *c = v->c + y * v->c_line;
        if (v->n > WIDTH)
            conv_line(v, a, c, 2, exact);
        else
            conv_line(v, a, c, 1, exact);
    }
}

static TARGET void kernel_conv(const ConvView *v)
{
    conv_lines(v, false);
}
static TARGET void kernel_conv_exact(const ConvView *v)
{
    conv_lines(v, true);
}

/* Each channel has its own filter: lanes are channels. whole: all of them are there. */
INLINE void depth_tile(const ConvView *v, const float *a, float *c, const int rows, size_t at, const bool exact, const bool whole)
{
    vf sum[CONV_ROWS][2] = {{{0}}};
    size_t n = lanes_of(v->n - (int64_t)at);
    const float *b = v->b + at;
    for (int64_t s = 0; s < v->segments; s++, b += v->b_step) {
        const float *x = a + v->offsets[s];
        vf w = some_take(b, n, whole);
        UNROLL
        for (int r = 0; r < rows; r++)
            sum[r][0] = conv_step(some_take(x + r * v->a_place, n, whole), w, sum[r][0], exact);
    }
    conv_put(v, c, sum, at, rows, 1);
}

INLINE void depth_line(const ConvView *v, const float *a, float *c, size_t at, const bool exact, const bool whole)
{
    for (int64_t left = v->places; left > 0;) {
        int height = even_height(left);
        switch (height) {
#define HEIGHT(h) \
    case h: depth_tile(v, a + at, c + at, h, at, exact, whole); break;
            CONV_HEIGHTS(HEIGHT)
#undef HEIGHT
        default: break;
        }
        left -= height;
        a += height * v->a_place;
        c += height * v->c_place;
    }
}

INLINE void depth_lines(const ConvView *v, const bool exact)
{
    for (int64_t y = 0; y < v->lines; y++)
        for (size_t at = 0; at < (size_t)v->n; at += WIDTH)
            if (!MASKS_ARE_FREE && at + WIDTH <= (size_t)v->n)
                depth_line(v, v->a + y * v->a_line, v->c + y * v->c_line, at, exact, true);
            else
                depth_line(v, v->a + y * v->a_line, v->c + y * v->c_line, at, exact, false);
}

static TARGET void kernel_depth(const ConvView *v)
{
    depth_lines(v, false);
}
static TARGET void kernel_depth_exact(const ConvView *v)
{
    depth_lines(v, true);
}

typedef struct SumsTile { /* some rows of c, some columns */
    const int64_t *offsets;
    const float *a, *b;
    float *c;
    size_t n; /* columns */
} SumsTile;

INLINE void sums_line(const ConvSums *v, const SumsTile *t, vf sum[CONV_ROWS][2], const int rows, const int vectors, const bool whole)
{
    const float *a = t->a, *b = t->b;
    size_t last = t->n - (size_t)(vectors - 1) * WIDTH;
    for (int64_t x = 0; x < v->count[2]; x++, a += v->a_step[2], b += v->b_step[2]) {
        vf column[2];
        UNROLL
        for (int j = 0; j < vectors; j++)
            column[j] = some_take(b + j * WIDTH, last, whole || j < vectors - 1);
        UNROLL
        for (int r = 0; r < rows; r++) {
            vf value = vf_all(a[t->offsets[r]]);
            UNROLL
            for (int j = 0; j < vectors; j++)
                sum[r][j] = FUSED(value, column[j], sum[r][j]);
        }
    }
}

INLINE void sums_tile(const ConvSums *v, const SumsTile *whole_tile, const int rows, const int vectors, const bool whole)
{
    SumsTile t = *whole_tile;
    vf sum[CONV_ROWS][2] = {{{0}}};
    for (int r = 0; r < rows && v->add; r++)
        for (int j = 0; j < vectors; j++)
            sum[r][j] = vf_take(t.c + r * v->c_row + j * WIDTH, t.n - (size_t)j * WIDTH);
    for (int64_t i = 0; i < v->count[0]; i++)
        for (int64_t y = 0; y < v->count[1]; y++) {
            t.a = whole_tile->a + i * v->a_step[0] + y * v->a_step[1];
            t.b = whole_tile->b + i * v->b_step[0] + y * v->b_step[1];
            sums_line(v, &t, sum, rows, vectors, whole);
        }
    UNROLL
    for (int r = 0; r < rows; r++)
        UNROLL
    for (int j = 0; j < vectors; j++)
        vf_put(t.c + r * v->c_row + j * WIDTH, sum[r][j], t.n - (size_t)j * WIDTH);
}

INLINE void sums_rows(const ConvSums *v, SumsTile t, const int vectors, const bool whole)
{
    for (int64_t left = v->k; left > 0;) {
        int height = even_height(left);
        switch (height) {
#define HEIGHT(h) \
    case h: sums_tile(v, &t, h, vectors, whole); break;
            CONV_HEIGHTS(HEIGHT)
#undef HEIGHT
        default: break;
        }
        left -= height;
        t.offsets += height;
        t.c += height * v->c_row;
    }
}

static TARGET void kernel_conv_sums(const ConvSums *v)
{
    for (int64_t j = 0; j < v->n; j += 2 * WIDTH) {
        SumsTile t = {v->offsets, v->a, v->b + j, v->c + j, (size_t)(v->n - j < 2 * WIDTH ? v->n - j : 2 * WIDTH)};
        if (t.n == 2 * WIDTH)
            sums_rows(v, t, 2, true);
        else if (!MASKS_ARE_FREE && t.n == WIDTH)
            sums_rows(v, t, 1, true);
        else if (t.n > WIDTH)
            sums_rows(v, t, 2, false);
        else
            sums_rows(v, t, 1, false);
    }
}

/* The same where lanes are channels, each with its own filter. */
INLINE void depth_sums_tile(const ConvSums *v, const SumsTile *t, const int rows, const bool whole)
{
    vf sum[CONV_ROWS] = {{0}};
    for (int r = 0; r < rows && v->add; r++)
        sum[r] = some_take(t->c + r * v->c_row, t->n, whole);
    for (int64_t line = 0; line < v->count[0] * v->count[1]; line++) {
        int64_t i = line / v->count[1], y = line % v->count[1];
        const float *a = t->a + i * v->a_step[0] + y * v->a_step[1];
        const float *b = t->b + i * v->b_step[0] + y * v->b_step[1];
        for (int64_t x = 0; x < v->count[2]; x++, a += v->a_step[2], b += v->b_step[2]) {
            vf dy = some_take(b, t->n, whole);
            UNROLL
            for (int r = 0; r < rows; r++)
                sum[r] = FUSED(some_take(a + t->offsets[r], t->n, whole), dy, sum[r]);
        }
    }
    UNROLL
    for (int r = 0; r < rows; r++)
        vf_put(t->c + r * v->c_row, sum[r], t->n);
}

INLINE void depth_sums_rows(const ConvSums *v, SumsTile t, const bool whole)
{
    for (int64_t left = v->k; left > 0;) {
        int height = even_height(left);
        switch (height) {
#define HEIGHT(h) \
    case h: depth_sums_tile(v, &t, h, whole); break;
            CONV_HEIGHTS(HEIGHT)
#undef HEIGHT
        default: break;
        }
        left -= height;
        t.offsets += height;
        t.c += height * v->c_row;
    }
}

static TARGET void kernel_depth_sums(const ConvSums *v)
{
    for (int64_t j = 0; j < v->n; j += WIDTH) {
        SumsTile t = {v->offsets, v->a + j, v->b + j, v->c + j, lanes_of(v->n - j)};
        if (!MASKS_ARE_FREE && t.n == WIDTH)
            depth_sums_rows(v, t, true);
        else
            depth_sums_rows(v, t, false);
    }
}
