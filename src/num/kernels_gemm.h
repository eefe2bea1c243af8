/* The strided matrix kernel in register tiles. Part of a kernel file: no guard. */

enum { CHUNK = 512, PACK_FROM = 16, NEAR_FLOATS = 1 << 16, MOST_ROWS = 8, MOST_VECTORS = 4 };

/* Sums of one tile: rows x (vectors * WIDTH) outputs, each in the order of t. */
INLINE void tile_sum(const GemmView *g, vf sum[MOST_ROWS][MOST_VECTORS], const int rows, const int vectors, const bool exact)
{
    const float *a = g->a, *b = g->b;
    for (int64_t t = 0; t < g->k; t++, a += g->a_step, b += g->b_step) {
        vf column[MOST_VECTORS];
        UNROLL
        for (int v = 0; v < vectors; v++)
            column[v] = vf_load(b + v * WIDTH);
        UNROLL
        for (int r = 0; r < rows; r++) {
            vf x = vf_all(a[r * g->a_row]);
            UNROLL
            for (int v = 0; v < vectors; v++)
                sum[r][v] = exact ? x * column[v] + sum[r][v] : FUSED(x, column[v], sum[r][v]);
        }
    }
}

/* What stands behind the sum: a bias of the column, and relu. */
INLINE vf finished(const GemmView *g, vf sum, size_t at)
{
    vf v = g->bias ? sum + vf_take(g->bias + at, (size_t)g->n - at) : sum;
    return g->relu ? vf_relu(v) : v;
}

INLINE void tile(const GemmView *g, const int rows, const int vectors, const bool exact)
{
    vf sum[MOST_ROWS][MOST_VECTORS];
    size_t n = (size_t)g->n;
    UNROLL
    for (int r = 0; r < rows; r++)
        UNROLL
    for (int v = 0; v < vectors; v++) {
        size_t at = (size_t)v * WIDTH;
        sum[r][v] = !g->add ? vf_all(0) : vf_take(g->c + r * g->c_row + at, n - at);
    }
    tile_sum(g, sum, rows, vectors, exact);
    UNROLL
    for (int r = 0; r < rows; r++)
        UNROLL
    for (int v = 0; v < vectors; v++) {
        size_t at = (size_t)v * WIDTH;
        if (g->is_shared)
            vf_stream(g->c + r * g->c_row + at, finished(g, sum[r][v], at), n - at);
        else
            vf_put(g->c + r * g->c_row + at, finished(g, sum[r][v], at), n - at);
    }
}

/* All rows of a block of columns: whole tiles, then 4, 2 and 1 rows, so that nothing behind the last row of a is read. */
INLINE void column_block(const GemmView *whole, const int vectors, const bool exact)
{
    GemmView g = *whole;
    int64_t left = g.m;
#define ROW_STEP(count) \
    for (; left >= (count); left -= (count), g.a += (count)*g.a_row, g.c += (count)*g.c_row) \
    tile(&g, (count), vectors, exact)
    ROW_STEP(TILE_ROWS);
    ROW_STEP(4);
    ROW_STEP(2);
    ROW_STEP(1);
#undef ROW_STEP
}

/* The columns of b side by side; columns behind the last are zero. */
INLINE void pack_panel(GemmView *g, float *panel, const int vectors)
{
    size_t n = (size_t)g->n;
    for (int64_t t = 0; t < g->k; t++)
        for (int v = 0; v < vectors; v++) {
            size_t at = (size_t)v * WIDTH;
            vf_store(panel + ((size_t)t * (size_t)vectors) * WIDTH + at, vf_take(g->b + t * g->b_step + at, n - at));
        }
    g->b = panel;
    g->b_step = vectors * WIDTH;
}

INLINE void gemm_chunk(const GemmView *whole, float *panel, const bool exact)
{
    GemmView g = *whole;
    for (int64_t j = 0; j < whole->n; j += g.n) {
        int64_t left = whole->n - j;
        int vectors = whole->m == 1 && left >= 4 * WIDTH ? 4 : left > WIDTH ? 2 : 1;
        g.n = left < vectors * WIDTH ? left : vectors * WIDTH;
        g.b = whole->b + j;
        g.b_step = whole->b_step;
        g.c = whole->c + j;
        g.bias = whole->bias ? whole->bias + j : NULL;
        bool is_far = whole->m >= PACK_FROM && whole->k * whole->b_step > NEAR_FLOATS;
        if (is_far || g.n < vectors * WIDTH)
            pack_panel(&g, panel, vectors);
        if (vectors == 4)
            tile(&g, 1, 4, exact);
        else if (vectors == 2)
            column_block(&g, 2, exact);
        else
            column_block(&g, 1, exact);
    }
}

INLINE void gemm_all(const GemmView *whole, const bool exact)
{
    _Alignas(64) float panel[CHUNK * 2 * WIDTH];
    GemmView g = *whole;
    for (int64_t from = 0; from < whole->k || from == 0; from += CHUNK) {
        g.k = whole->k - from < CHUNK ? whole->k - from : CHUNK;
        g.a = whole->a + from * g.a_step;
        g.b = whole->b + from * g.b_step;
        g.add = whole->add || from > 0;
        bool is_last = from + g.k == whole->k;
        g.bias = is_last ? whole->bias : NULL;
        g.relu = is_last && whole->relu;
        g.is_shared = is_last && whole->is_shared;
        gemm_chunk(&g, panel, exact);
    }
    if (whole->is_shared)
        finish_stream();
}

static TARGET void kernel_gemm(const GemmView *g)
{
    gemm_all(g, false);
}
static TARGET void kernel_gemm_exact(const GemmView *g)
{
    gemm_all(g, true);
}
