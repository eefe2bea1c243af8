/* Pooling, and batch norm, relu and pooling in one pass each way: see PoolPass. Part of a kernel file: no guard. */

enum { POOL_FORWARD, POOL_BACK, NORM_POOL, NORM_POOL_SUMS, NORM_POOL_BACK };

/* Windows of fixed sizes are unrolled. */
#define WINDOW_CASES(w, f) \
    if ((w)->lines == 2 && (w)->places == 2) \
        f(2, 2); \
    else if ((w)->lines == 1 && (w)->places == 2) \
        f(1, 2); \
    else if ((w)->lines == 1 && (w)->places == 1) \
        f(1, 1); \
    else \
        f((w)->lines, (w)->places)

/* One window, cut at the edges, and some channels of it. */
typedef struct Window {
    const float *x, *dy; /* of its first place; of the output */
    float *y, *dx;
    int64_t lines, places;
} Window;

/* Some channels of a line of outputs. */
typedef struct PoolLanes {
    size_t n;
    int64_t line, place; /* floats between neighbors of x */
    vf scale, shift, center;
    vi keeps; /* relu is off */
    vf a, b, c;
    vd sum, product;
} PoolLanes;

INLINE PoolLanes pool_lanes(const PoolPass *v, size_t channel, const int kind)
{
    const Pooling *p = v->pool;
    PoolLanes m = {.n = (size_t)p->channels - channel, .line = p->size[1] * p->channels, .place = p->channels};
    m.keeps = (vi){0} - (v->relu && kind >= NORM_POOL ? 0 : 1);
    if (kind >= NORM_POOL) {
        m.scale = vf_take(v->scale + channel, m.n);
        m.shift = vf_take(v->shift + channel, m.n);
    }
    if (kind == NORM_POOL_SUMS) {
        m.center = vf_take(v->center + channel, m.n);
        m.sum = vd_take(v->sums + channel, m.n);
        m.product = vd_take(v->sums + p->channels + channel, m.n);
    }
    if (kind == NORM_POOL_BACK) {
        m.a = vf_take(v->coefficients + channel, m.n);
        m.b = vf_take(v->coefficients + p->channels + channel, m.n);
        m.c = vf_take(v->coefficients + 2 * p->channels + channel, m.n);
    }
    return m;
}

INLINE vf pool_relu(const PoolLanes *m, vf v)
{
    return vf_where(~(v <= 0) | m->keeps, v);
}

/* The largest of a window, the x that it comes from, and its number. The first of equals; in the forward pass NaN wins. */
typedef struct PoolBest {
    vf value, x;
    vi at;
} PoolBest;

INLINE PoolBest pool_best(const PoolLanes *m, const float *from, const int64_t lines, const int64_t places, const int kind)
{
    PoolBest b = {.x = vf_take(from, m->n)};
    b.value = kind >= NORM_POOL ? b.x * m->scale + m->shift : b.x;
    UNROLL
    for (int64_t y = 0; y < lines; y++)
        UNROLL
    for (int64_t x = 0; x < places; x++) {
        vf other = vf_take(from + y * m->line + x * m->place, m->n), value = kind >= NORM_POOL ? other * m->scale + m->shift : other;
        MASK stays = MASK_LE(value, b.value);
        if (kind == POOL_FORWARD || kind == NORM_POOL)
            stays |= MASK_NAN(b.value);
        b.value = MASK_PICK(stays, b.value, value);
        b.x = MASK_PICK(stays, b.x, other);
        b.at = (vi)MASK_PICK(stays, (vf)b.at, (vf)((vi){0} + (int32_t)(y * places + x)));
    }
    return b;
}

/* The gradient of the number that was taken; none where relu cut it. */
INLINE vf pool_gradient(const PoolLanes *m, const PoolBest *b, const Window *w)
{
    return vf_where((b->value > 0) | m->keeps, vf_take(w->dy, m->n));
}

/* Each place of a window: the gradient where the largest is, and what was there before or what the batch's mean and variance add. */
INLINE void pool_put(const PoolLanes *m, const PoolBest *b, const Window *w, const int64_t lines, const int64_t places, const int kind)
{
    vf gradient = pool_gradient(m, b, w);
    gradient = kind == NORM_POOL_BACK ? m->a * gradient : gradient;
    UNROLL
    for (int64_t y = 0; y < lines; y++)
        UNROLL
    for (int64_t x = 0; x < places; x++) {
        int64_t at = y * m->line + x * m->place;
        vf rest = kind == NORM_POOL_BACK ? m->b * vf_take(w->x + at, m->n) + m->c : vf_take(w->dx + at, m->n);
        vf_put(w->dx + at, vf_where(b->at == (int32_t)(y * places + x), gradient) + rest, m->n);
    }
}

INLINE void pool_largest(PoolLanes *m, const Window *w, const int64_t lines, const int64_t places, const int kind)
{
    PoolBest b = pool_best(m, w->x, lines, places, kind);
    if (kind == POOL_FORWARD || kind == NORM_POOL) {
        vf_put(w->y, pool_relu(m, b.value), m->n);
    } else if (kind == NORM_POOL_SUMS) {
        vf gradient = pool_gradient(m, &b, w);
        m->sum = vd_add(m->sum, vd_from(gradient));
        m->product = vd_add(m->product, vd_from(gradient * (b.x - m->center)));
    } else {
        pool_put(m, &b, w, lines, places, kind);
    }
}

INLINE void pool_mean(const PoolLanes *m, const Window *w, float count, const int kind)
{
    vf sum = {0}, gradient = kind == POOL_BACK ? vf_take(w->dy, m->n) / count : sum;
    for (int64_t y = 0; y < w->lines; y++)
        for (int64_t x = 0; x < w->places; x++) {
            int64_t at = y * m->line + x * m->place;
            if (kind == POOL_BACK)
                vf_put(w->dx + at, vf_take(w->dx + at, m->n) + gradient, m->n);
            else
                sum += vf_take(w->x + at, m->n);
        }
    if (kind == POOL_FORWARD)
        vf_put(w->y, sum / count, m->n);
}

INLINE void pool_window(const PoolPass *v, PoolLanes *m, const Window *w, const int kind)
{
    const Pooling *p = v->pool;
    if (p->is_mean && kind < NORM_POOL) {
        pool_mean(m, w, (float)(p->counts_zeros ? p->kernel[0] * p->kernel[1] : w->lines * w->places), kind);
        return;
    }
#define LARGEST(lines, places) pool_largest(m, w, lines, places, kind)
    WINDOW_CASES(w, LARGEST);
#undef LARGEST
}

/* Where a window begins on an axis, and how much of it is inside. */
INLINE int64_t window_axis(const Pooling *p, const int axis, int64_t output, int64_t *count)
{
    int64_t begin = output * p->stride[axis] - p->before[axis], end = begin + p->kernel[axis], from = begin < 0 ? 0 : begin;
    *count = (end < p->size[axis] ? end : p->size[axis]) - from;
    return from;
}

/* Places that no window has. */
INLINE void norm_pool_rest(const PoolPass *v, const PoolLanes *m, int64_t at, int64_t places)
{
    for (int64_t x = 0; x < places; x++, at += m->place)
        vf_put(v->dx + at, m->b * vf_take(v->x + at, m->n) + m->c, m->n);
}

/* Some channels of line `line` of row `row` of the outputs. */
INLINE void pool_line(const PoolPass *v, int64_t row, int64_t line, size_t channel, const int kind)
{
    const Pooling *p = v->pool;
    const int64_t lines = pooling_places(p, 0), places = pooling_places(p, 1);
    PoolLanes m = pool_lanes(v, channel, kind);
    Window w;
    int64_t in = (row * p->size[0] + window_axis(p, 0, line, &w.lines)) * m.line + (int64_t)channel;
    int64_t out = (row * lines + line) * places * m.place + (int64_t)channel;
    for (int64_t x = 0; x < places; x++, out += m.place) {
        int64_t at = in + window_axis(p, 1, x, &w.places) * m.place;
        w.x = v->x + at;
        w.y = v->y + out;
        w.dy = v->dy + out;
        w.dx = v->dx + at;
        pool_window(v, &m, &w, kind);
    }
    if (kind == NORM_POOL_SUMS) {
        vd_put(v->sums + channel, m.sum, m.n);
        vd_put(v->sums + p->channels + channel, m.product, m.n);
    }
    for (int64_t y = 0; y < w.lines && kind == NORM_POOL_BACK; y++) {
        int64_t covered = places * p->kernel[1];
        norm_pool_rest(v, &m, in + y * m.line + covered * m.place, p->size[1] - covered);
    }
}

INLINE void pool_lines(const PoolPass *v, const int kind)
{
    const Pooling *p = v->pool;
    const int64_t lines = pooling_places(p, 0), covered = lines * p->kernel[0];
    for (int64_t row = 0; row < v->rows; row++)
        for (int64_t line = 0; line < lines; line++)
            for (size_t c = 0; c < (size_t)p->channels; c += WIDTH)
                pool_line(v, row, line, c, kind);
    for (int64_t row = 0; row < v->rows && kind == NORM_POOL_BACK; row++)
        for (size_t c = 0; c < (size_t)p->channels; c += WIDTH) {
            PoolLanes m = pool_lanes(v, c, kind);
            norm_pool_rest(v, &m, (row * p->size[0] + covered) * m.line + (int64_t)c, (p->size[0] - covered) * p->size[1]);
        }
}

static TARGET void kernel_pool_windows(const PoolPass *v)
{
    if (v->scale)
        pool_lines(v, NORM_POOL);
    else
        pool_lines(v, POOL_FORWARD);
}

/* Windows may overlap: gradients are added. */
static TARGET void kernel_pool_windows_back(const PoolPass *v)
{
    const Pooling *p = v->pool;
    memset(v->dx, 0, (size_t)(v->rows * p->size[0] * p->size[1] * p->channels) * sizeof(float));
    pool_lines(v, POOL_BACK);
}

static TARGET void kernel_norm_pool_sums(const PoolPass *v)
{
    pool_lines(v, NORM_POOL_SUMS);
}

static TARGET void kernel_norm_pool_back(const PoolPass *v)
{
    pool_lines(v, NORM_POOL_BACK);
}
