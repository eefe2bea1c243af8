/* The check of a layer: L = sum of v * y for random v, so that dy = v. The inputs of a row lie on a shuffled grid whose points keep a
 * distance from zero and from each other: no step of the differences crosses a kink of relu or max_pool. Grid and steps are binary
 * fractions, so that a step in float is as long as it says. */
#include <math.h>
#include <string.h>

#include "net/gradient.h"

enum { ROWS = 8, FIRST = 3, JOINED = 3 };
static const double STEP = 1.0 / 16, GRID = 1.0 / 4;
enum { HALVINGS = 8 };

typedef struct Probe {
    const Layer *layer;
    void *params;
    Shape in, out;
    Arena arena;
    LayerTensor declared[LAYER_TENSORS];
    float *tensors[LAYER_TENSORS], *gradients[2][LAYER_TENSORS];
    size_t tensor_count, sizes[LAYER_TENSORS];
    size_t inputs; /* one behind the other in x and dx */
    float *x, *y, *v, *dy, *dx, *scratch[2];
    const float *xs[2][JOINED]; /* of each slice */
    float *dxs[2][JOINED];
    Shape ins[JOINED];
    double *stats[2], *back_stats[2];
    uint64_t row_ids[ROWS];
} Probe;

static float *floats(Probe *p, size_t count, Error *e)
{
    return arena_alloc(&p->arena, count + 1, sizeof(float), e);
}

static void fill_normal(Rng *r, float *x, size_t count)
{
    for (size_t i = 0; i < count; i++)
        x[i] = (float)rng_normal(r);
}

static bool make_tensors(Probe *p, Rng *r, Error *e)
{
    p->tensor_count = p->layer->tensors ? p->layer->tensors(p->params, p->in, p->declared) : 0;
    for (size_t i = 0; i < p->tensor_count; i++) {
        p->sizes[i] = 1;
        for (int d = 0; d < p->declared[i].rank; d++)
            p->sizes[i] *= (size_t)p->declared[i].dims[d];
        p->tensors[i] = floats(p, p->sizes[i], e);
        p->gradients[0][i] = floats(p, p->sizes[i], e);
        p->gradients[1][i] = floats(p, p->sizes[i], e);
        if (!p->tensors[i] || !p->gradients[0][i] || !p->gradients[1][i])
            return false;
        if (p->declared[i].is_trained)
            fill_normal(r, p->tensors[i], p->sizes[i]);
        double sd = p->declared[i].rank > 1 ? 1 / sqrt((double)p->declared[i].dims[0]) : 0.5; /* larger ones bend gates too sharply */
        for (size_t k = 0; k < p->sizes[i]; k++)
            p->tensors[i][k] *= (float)sd;
    }
    return true;
}

static bool make_slices(Probe *p, Error *e)
{
    size_t scratch = p->layer->scratch ? p->layer->scratch(p->params, p->in) : 0;
    size_t stats = p->layer->stats ? p->layer->stats(p->params, p->in) : 0;
    for (int s = 0; s < 2; s++) {
        p->scratch[s] = floats(p, scratch, e);
        p->stats[s] = arena_alloc(&p->arena, stats + 1, sizeof(double), e);
        p->back_stats[s] = arena_alloc(&p->arena, stats + 1, sizeof(double), e);
        if (!p->scratch[s] || !p->stats[s] || !p->back_stats[s])
            return false;
    }
    return true;
}

static void fill_row(Rng *r, float *x, uint32_t *order, size_t count)
{
    for (uint32_t i = 0; i < count; i++)
        order[i] = i;
    rng_shuffle(r, order, count);
    for (size_t i = 0; i < count; i++)
        x[i] = (float)(GRID * ((double)order[i] - (double)(count / 2) + 0.5));
}

static bool make_probe(Probe *p, Error *e)
{
    size_t in = p->inputs * ROWS * (size_t)shape_size(p->in), out = ROWS * (size_t)shape_size(p->out);
    Rng r = rng_begin(rng_key(1, "gradient"));
    uint32_t *order = arena_alloc(&p->arena, in, sizeof *order, e);
    p->x = floats(p, in, e);
    p->dx = floats(p, in, e);
    p->y = floats(p, out, e);
    p->v = floats(p, out, e);
    p->dy = floats(p, out, e);
    if (!order || !p->x || !p->dx || !p->y || !p->v || !p->dy || !make_tensors(p, &r, e) || !make_slices(p, e))
        return false;
    for (size_t i = 0; i < p->inputs * ROWS; i++)
        fill_row(&r, p->x + i * (size_t)shape_size(p->in), order, (size_t)shape_size(p->in));
    fill_normal(&r, p->v, out);
    for (uint64_t i = 0; i < ROWS; i++)
        p->row_ids[i] = 10 * i;
    for (size_t k = 0; k < p->inputs; k++)
        for (int s = 0; s < 2; s++) {
            size_t from = (k * ROWS + (s ? FIRST : 0)) * (size_t)shape_size(p->in);
            p->xs[s][k] = p->x + from;
            p->dxs[s][k] = p->dx + from;
        }
    return true;
}

/* From points in the middle between those of the grid: bends there are not crossed either. */
static bool fit_probe(Probe *p, Error *e)
{
    size_t count = ROWS * (size_t)shape_size(p->in);
    LayerRows rows = {.shape = p->in, .x = p->x, .rows = ROWS};
    if (!p->layer->fit)
        return true;
    for (size_t i = 0; i < count; i++)
        p->x[i] -= (float)(GRID / 2);
    bool ok = p->layer->fit(p->params, &rows, p->tensors, e);
    for (size_t i = 0; i < count; i++)
        p->x[i] += (float)(GRID / 2);
    return ok;
}

static LayerPass slice_pass(const Probe *p, int s)
{
    size_t from = s ? FIRST : 0, in = (size_t)shape_size(p->in), out = (size_t)shape_size(p->out);
    LayerPass l = {.params = p->params, .in = p->in, .out = p->out, .rows = s ? ROWS - FIRST : FIRST, .is_training = true};
    l.tensors = p->tensors;
    l.gradients = p->gradients[s];
    l.inputs = p->inputs;
    l.ins = p->ins;
    l.xs = p->xs[s];
    l.dxs = p->dxs[s];
    l.x = p->x + from * in;
    l.y = p->y + from * out;
    l.dy = p->dy + from * out;
    l.dx = p->dx + from * in;
    l.scratch = p->scratch[s];
    l.stats = p->stats[0];
    l.back_stats = p->back_stats[0];
    l.row_ids = p->row_ids + from;
    return l;
}

static LayerJoin join_of(const Probe *p, double *const parts[2])
{
    LayerJoin j = {.params = p->params,
                   .in = p->in,
                   .slices = 2,
                   .forward = p->stats[0],
                   .rows = {FIRST, ROWS - FIRST},
                   .parts = {parts[0], parts[1]}};
    j.tensors = p->tensors;
    j.gradients = p->gradients[0];
    return j;
}

static double forward(const Probe *p)
{
    for (int s = 0; s < 2 && p->layer->stats; s++) {
        LayerPass l = slice_pass(p, s);
        l.stats = p->stats[s];
        p->layer->forward_stats(&l);
    }
    if (p->layer->stats) {
        LayerJoin j = join_of(p, p->stats);
        p->layer->forward_join(&j);
    }
    for (int s = 0; s < 2; s++) {
        LayerPass l = slice_pass(p, s);
        p->layer->forward(&l);
    }
    double sum = 0;
    for (size_t i = 0; i < ROWS * (size_t)shape_size(p->out); i++)
        sum += (double)p->v[i] * (double)p->y[i];
    return sum;
}

static void backward(const Probe *p)
{
    memcpy(p->dy, p->v, ROWS * (size_t)shape_size(p->out) * sizeof(float));
    for (int s = 0; s < 2 && p->layer->stats; s++) {
        LayerPass l = slice_pass(p, s);
        l.back_stats = p->back_stats[s];
        p->layer->backward_stats(&l);
    }
    if (p->layer->stats) {
        LayerJoin j = join_of(p, p->back_stats);
        p->layer->backward_join(&j);
    }
    for (int s = 0; s < 2; s++) {
        LayerPass l = slice_pass(p, s);
        p->layer->backward(&l);
    }
}

/* What rounding of y can change of L, of the numbers that are not as they were. */
static double noise_of(const Probe *p)
{
    double sum = 0;
    for (size_t i = 0; i < ROWS * (size_t)shape_size(p->out); i++)
        if (p->y[i] != p->dy[i])
            sum += (double)p->v[i] * (double)p->y[i] * (double)p->v[i] * (double)p->y[i];
    return sqrt(sum) / (1 << 24);
}

typedef struct Slope {
    double value, noise;
} Slope;

/* Differences of fourth order: (8 (f(h) - f(-h)) - (f(2h) - f(-2h))) / 12 h. dy is used up: it keeps y of the first step. */
static Slope slope_by(const Probe *p, float *at, double step)
{
    float kept = *at;
    double f[4];
    static const double away[4] = {1, -1, 2, -2};
    for (int i = 0; i < 4; i++) {
        *at = (float)((double)kept + away[i] * step);
        f[i] = forward(p);
        if (i == 0)
            memcpy(p->dy, p->y, ROWS * (size_t)shape_size(p->out) * sizeof(float));
    }
    *at = kept;
    return (Slope){(8 * (f[0] - f[1]) - (f[2] - f[3])) / (12 * step), noise_of(p) / step};
}

/* Of the step at which halving it changes least: long ones miss curves, in short ones floats are lost. */
static double slope(const Probe *p, float *at)
{
    double step = STEP, least = INFINITY;
    Slope before = slope_by(p, at, step), best = before;
    for (int i = 0; i < HALVINGS && least > 2 * before.noise; i++) {
        Slope found = slope_by(p, at, step /= 2);
        double doubt = fabs(found.value - before.value) + before.noise;
        if (doubt < least) {
            least = doubt;
            best = before;
        }
        before = found;
    }
    return best.value;
}

static double worst_of(const Probe *p, float *values, const float *first, const float *second, size_t count)
{
    double worst = 0, largest = 1e-3;
    for (size_t i = 0; i < count; i++) {
        double expected = slope(p, values + i), found = (double)first[i] + (second ? (double)second[i] : 0);
        largest = fmax(largest, fabs(expected));
        worst = isfinite(found) ? fmax(worst, fabs(found - expected)) : INFINITY;
    }
    return worst / largest;
}

static double check_probe(const Probe *p)
{
    forward(p);
    backward(p);
    double worst = worst_of(p, p->x, p->dx, NULL, p->inputs * ROWS * (size_t)shape_size(p->in));
    for (size_t i = 0; i < p->tensor_count; i++)
        if (p->declared[i].is_trained)
            worst = fmax(worst, worst_of(p, p->tensors[i], p->gradients[0][i], p->gradients[1][i], p->sizes[i]));
    return worst;
}

bool gradient_check_layer(const Layer *layer, const Value *settings, Shape in, double *worst, Error *e)
{
    Probe p = {.layer = layer,
               .in = in,
               .inputs = layer->shapes ? JOINED : 1,
               .ins = {in, in, in},
               .params = params_from_value(&layer->spec, settings, e)};
    bool ok = p.params && (layer->shapes ? layer->shapes(p.params, p.ins, p.inputs, &p.out, e) : layer->shape(p.params, in, &p.out, e)) &&
              make_probe(&p, e) && fit_probe(&p, e);
    if (ok)
        *worst = check_probe(&p);
    arena_done(&p.arena);
    params_free(&layer->spec, p.params);
    return ok;
}
