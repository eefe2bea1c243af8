/* Products with a turned b: c = a b'. Both a and c are turned on their way, in squares of registers, so that lanes are rows of a and
 * the tiles of the plain product do the work: c' = b a'. Part of a kernel file: no guard. */

enum { STRIP = 48 }; /* rows of b whose sums wait to be turned; whole tiles of each width */

/* a0 b0 a1 b1 ...: the first half in low, the other in high. */
INLINE void interleave(vf a, vf b, vf *low, vf *high)
{
#if WIDTH == 16
    *low = __builtin_shufflevector(a, b, 0, 16, 1, 17, 2, 18, 3, 19, 4, 20, 5, 21, 6, 22, 7, 23);
    *high = __builtin_shufflevector(a, b, 8, 24, 9, 25, 10, 26, 11, 27, 12, 28, 13, 29, 14, 30, 15, 31);
#elif WIDTH == 8
    *low = __builtin_shufflevector(a, b, 0, 8, 1, 9, 2, 10, 3, 11);
    *high = __builtin_shufflevector(a, b, 4, 12, 5, 13, 6, 14, 7, 15);
#else
    *low = __builtin_shufflevector(a, b, 0, 4, 1, 5);
    *high = __builtin_shufflevector(a, b, 2, 6, 3, 7);
#endif
}

/* log2(WIDTH) perfect shuffles turn a square. */
INLINE void turn(vf square[WIDTH])
{
    UNROLL
    for (int step = 1; step < WIDTH; step *= 2) {
        vf next[WIDTH];
        UNROLL
        for (int i = 0; i < WIDTH / 2; i++)
            interleave(square[i], square[i + WIDTH / 2], &next[2 * i], &next[2 * i + 1]);
        UNROLL
        for (int i = 0; i < WIDTH; i++)
            square[i] = next[i];
    }
}

INLINE void turn_whole(const TurnView *s)
{
    vf square[WIDTH];
    UNROLL
    for (int i = 0; i < WIDTH; i++)
        square[i] = vf_load(s->from + i * s->from_row);
    turn(square);
    UNROLL
    for (int j = 0; j < WIDTH; j++)
        vf_store(s->to + j * s->to_row, square[j]);
}

INLINE void turn_part(const TurnView *s)
{
    for (int64_t i = 0; i < s->rows; i++)
        for (int64_t j = 0; j < s->columns; j++)
            s->to[j * s->to_row + i] = s->from[i * s->from_row + j];
}

INLINE void turn_all(const TurnView *whole)
{
    for (int64_t i = 0; i < whole->rows; i += WIDTH)
        for (int64_t j = 0; j < whole->columns; j += WIDTH) {
            TurnView s = *whole;
            s.from += i * s.from_row + j;
            s.to += j * s.to_row + i;
            s.rows = whole->rows - i < WIDTH ? whole->rows - i : WIDTH;
            s.columns = whole->columns - j < WIDTH ? whole->columns - j : WIDTH;
            if (s.rows == WIDTH && s.columns == WIDTH)
                turn_whole(&s);
            else
                turn_part(&s);
        }
}

static TARGET void kernel_turn(const TurnView *t)
{
    turn_all(t);
}

/* Some rows of a, side by side; lanes without a row are zero. */
INLINE void turned_panel(const GemmView *g, float *panel, const int lanes)
{
    if (g->m < lanes)
        memset(panel, 0, (size_t)(g->k * lanes) * sizeof *panel);
    turn_all(&(TurnView){.from = g->a, .to = panel, .from_row = g->a_row, .to_row = lanes, .rows = g->m, .columns = g->k});
}

/* At most 2 * WIDTH rows of a. What is added to begins the sums: a cut of k leaves no trace in the bits. */
INLINE void turned_rows(const GemmView *g, float *panel, const int vectors)
{
    _Alignas(64) float strip[STRIP * 2 * WIDTH];
    const int lanes = vectors * WIDTH;
    turned_panel(g, panel, lanes);
    for (int64_t j = 0; j < g->n; j += STRIP) {
        GemmView t = {.a = g->b + j * g->b_step, .a_row = g->b_step, .a_step = 1, .b = panel, .b_step = lanes, .k = g->k, .add = g->add};
        t.c = strip;
        t.c_row = t.n = lanes;
        t.m = g->n - j < STRIP ? g->n - j : STRIP;
        if (g->add)
            turn_all(&(TurnView){.from = g->c + j, .to = strip, .from_row = g->c_row, .to_row = lanes, .rows = g->m, .columns = t.m});
        column_block(&t, vectors, false);
        turn_all(&(TurnView){.from = strip, .to = g->c + j, .from_row = lanes, .to_row = g->c_row, .rows = t.m, .columns = g->m});
    }
}

static TARGET void kernel_gemm_turned(const GemmView *whole)
{
    _Alignas(64) float panel[CHUNK * 2 * WIDTH];
    for (int64_t from = 0; from < whole->k || from == 0; from += CHUNK)
        for (int64_t i = 0; i < whole->m; i += 2 * WIDTH) {
            GemmView g = *whole;
            g.k = whole->k - from < CHUNK ? whole->k - from : CHUNK;
            g.m = whole->m - i < 2 * WIDTH ? whole->m - i : 2 * WIDTH;
            g.a += i * g.a_row + from;
            g.b += from;
            g.c += i * g.c_row;
            g.add = whole->add || from > 0;
            if (g.m > WIDTH)
                turned_rows(&g, panel, 2);
            else
                turned_rows(&g, panel, 1);
        }
}
