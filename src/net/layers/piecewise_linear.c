/* piecewise_linear: each number becomes `width` numbers that are a continuous function of it with a bend at each quantile of the training
 * rows (Gorishniy, Rubachev, Babenko 2022; version B): y = x w + b + code(x) W, where code(x)[t] is how much of bin t lies below x: 1 for
 * all bins below, a share of the one that x is in, 0 above. W begins at zero. Since W has one row a bin, code(x) W is the sum of the rows
 * below and a share of one row: the cost does not depend on the number of bins. Outside the training range the first and the last bin
 * go on. Columns of no more than two values have no bins, and those that the input knows to be true or false pass as they are, behind the
 * others. */
#include <string.h>

#include "base/sort.h"
#include "net/layers/number_columns.h"

typedef struct Piecewise {
    LayerPlace place;
    int64_t width, bins;
    NumberList flags;
} Piecewise;

static const Field fields[] = {
    {INT_FIELD(Piecewise, width), .doc = "numbers made of each", .def = "16", .min = 1, .max = 1024, .soft_min = 4, .soft_max = 32,
     .positional = true},
    {INT_FIELD(Piecewise, bins), .doc = "most bins of a number, cut at quantiles", .def = "48", .min = 1, .max = 4096, .soft_min = 8,
     .soft_max = 128, .scale = SCALE_LOG},
    NUMBER_FLAGS_ROW(Piecewise),
    LAYER_PLACE(Piecewise),
    {.name = NULL},
};

enum { LINEAR, BIAS, CODE, EDGES, COUNTS, TENSORS };

static void piecewise_settle(void *params, const NetInput *input)
{
    net_input_flags(input, &((Piecewise *)params)->flags);
}

static bool piecewise_shape(const void *params, Shape in, Shape *out, Error *e)
{
    const Piecewise *l = params;
    return number_columns_shape(&l->flags, l->width, in, out, e);
}

static size_t piecewise_tensors(const void *params, Shape in, LayerTensor out[LAYER_TENSORS])
{
    const Piecewise *l = params;
    int64_t numbers = number_columns_count(&l->flags, in);
    out[LINEAR] = (LayerTensor){.name = "linear0.weight", .rank = 2, .dims = {numbers, l->width}, .is_trained = true};
    out[BIAS] = (LayerTensor){.name = "linear0.bias", .rank = 2, .dims = {numbers, l->width}, .is_trained = true};
    out[CODE] =
        (LayerTensor){.name = "linear.weight", .rank = 3, .dims = {numbers, l->bins, l->width}, .is_trained = true, .is_penalized = true};
    out[EDGES] = (LayerTensor){.name = "edges", .rank = 2, .dims = {numbers, l->bins + 1}};
    out[COUNTS] = (LayerTensor){.name = "counts", .rank = 1, .dims = {numbers}};
    return numbers ? TENSORS : 0;
}

static void piecewise_init(const void *params, Shape in, Rng *rng, float *const *tensors)
{
    const Piecewise *l = params;
    int64_t numbers = number_columns_count(&l->flags, in);
    for (int i = LINEAR; i <= BIAS && numbers; i++)
        layer_init_weights(INIT_UNIFORM, rng, (Fan){l->width, l->width}, tensors[i], numbers * l->width);
}

/* Edges at evenly spaced ranks, each once. */
static size_t cut(const double *sorted, size_t rows, size_t bins, float *edges)
{
    size_t count = 0, distinct = 1;
    for (size_t i = 1; i < rows && distinct < 3; i++)
        distinct += sorted[i] > sorted[i - 1];
    for (size_t b = 0; b <= bins && distinct > 2; b++) {
        float edge = (float)sorted[(b * (rows - 1) + bins / 2) / bins];
        if (count == 0 || edge > edges[count - 1])
            edges[count++] = edge;
    }
    return count > 1 ? count - 1 : 0;
}

static bool piecewise_fit(const void *params, const LayerRows *in, float *const *tensors, Error *e)
{
    const Piecewise *l = params;
    size_t width = (size_t)shape_size(in->shape), bins = (size_t)l->bins;
    double *sorted = mem_try_alloc(in->rows + 1, sizeof *sorted, e);
    bool ok = sorted != NULL;
    for (NumberColumn c = number_column_before_first(); ok && number_column_next(&l->flags, in->shape, &c);) {
        for (size_t r = 0; r < in->rows; r++)
            sorted[r] = (double)in->x[r * width + (size_t)c.place];
        ok = sort_reals(sorted, in->rows, e);
        if (ok)
            tensors[COUNTS][c.at] = (float)cut(sorted, in->rows, bins, tensors[EDGES] + c.at * (bins + 1));
    }
    mem_free(sorted);
    return ok;
}

static size_t piecewise_scratch(const void *params, Shape in)
{
    const Piecewise *l = params;
    return (size_t)(number_columns_count(&l->flags, in) * l->bins * l->width);
}

/* A column of a pass: what of its tensors belongs to it, and where it lies in the rows. */
typedef struct Part {
    const float *linear, *bias, *code, *edges, *x;
    float *sums; /* of the rows of code below each bin */
    size_t bins, width, from;
} Part;

static Part part_of(const LayerPass *p, const NumberColumn *c)
{
    const Piecewise *l = p->params;
    size_t width = (size_t)l->width, bins = (size_t)l->bins, at = c->at;
    return (Part){.linear = p->tensors[LINEAR] + at * width,
                  .bias = p->tensors[BIAS] + at * width,
                  .code = p->tensors[CODE] + at * bins * width,
                  .edges = p->tensors[EDGES] + at * (bins + 1),
                  .x = p->x + c->place,
                  .sums = p->scratch + at * bins * width,
                  .bins = (size_t)p->tensors[COUNTS][at],
                  .width = width,
                  .from = at * width};
}

/* The bin that x lies in. */
static size_t bin_of(const Part *c, float x)
{
    size_t low = 0, high = c->bins - 1;
    while (low < high) {
        size_t middle = (low + high + 1) / 2;
        if (c->edges[middle] <= x)
            low = middle;
        else
            high = middle - 1;
    }
    return low;
}

static float share_of(const Part *c, size_t bin, float x)
{
    return (x - c->edges[bin]) / (c->edges[bin + 1] - c->edges[bin]);
}

static void add_up(const Part *c)
{
    if (c->bins)
        memset(c->sums, 0, c->width * sizeof(float));
    for (size_t i = 0; c->bins && i < (c->bins - 1) * c->width; i++)
        c->sums[c->width + i] = c->sums[i] + c->code[i];
}

static void forward_row(const Part *c, float x, float *y)
{
    for (size_t k = 0; k < c->width; k++)
        y[k] = x * c->linear[k] + c->bias[k];
    if (!c->bins)
        return;
    size_t bin = bin_of(c, x);
    float share = share_of(c, bin, x);
    const float *sum = c->sums + bin * c->width, *code = c->code + bin * c->width;
    for (size_t k = 0; k < c->width; k++)
        y[k] += sum[k] + share * code[k];
}

static void piecewise_forward(const LayerPass *p)
{
    const Piecewise *l = p->params;
    size_t in = (size_t)shape_size(p->in), out = (size_t)shape_size(p->out);
    for (NumberColumn c = number_column_before_first(); number_column_next(&l->flags, p->in, &c);) {
        Part part = part_of(p, &c);
        add_up(&part);
        for (size_t r = 0; r < p->rows; r++)
            forward_row(&part, part.x[r * in], p->y + r * out + part.from);
    }
    number_columns_pass_flags(&l->flags, p);
}

typedef struct PartGradients {
    float *linear, *bias, *code;
} PartGradients;

/* What the bins below it get of a row stands in sums, at the row's own bin, until all rows have been. */
static float backward_row(const Part *c, const PartGradients *g, float x, const float *dy)
{
    float dx = 0;
    for (size_t k = 0; k < c->width; k++) {
        g->linear[k] += x * dy[k];
        g->bias[k] += dy[k];
        dx += dy[k] * c->linear[k];
    }
    if (!c->bins)
        return dx;
    size_t bin = bin_of(c, x);
    float share = share_of(c, bin, x), slope = 0, *sum = c->sums + bin * c->width, *code = g->code + bin * c->width;
    for (size_t k = 0; k < c->width; k++) {
        sum[k] += dy[k];
        code[k] += share * dy[k];
        slope += dy[k] * c->code[bin * c->width + k];
    }
    return dx + slope / (c->edges[bin + 1] - c->edges[bin]);
}

/* From the last bin to the first: each gets what all above it hold. */
static void hand_down(const Part *c, float *code)
{
    for (size_t bin = c->bins; bin-- > 1;)
        for (size_t k = 0; k < c->width; k++) {
            code[(bin - 1) * c->width + k] += c->sums[bin * c->width + k];
            c->sums[(bin - 1) * c->width + k] += c->sums[bin * c->width + k];
        }
}

static void backward_column(const LayerPass *p, const NumberColumn *column)
{
    Part c = part_of(p, column);
    size_t most = (size_t)((const Piecewise *)p->params)->bins, in = (size_t)shape_size(p->in), out = (size_t)shape_size(p->out);
    PartGradients g = {p->gradients[LINEAR] + c.from, p->gradients[BIAS] + c.from, p->gradients[CODE] + c.from * most};
    memset(g.linear, 0, c.width * sizeof(float));
    memset(g.bias, 0, c.width * sizeof(float));
    memset(g.code, 0, most * c.width * sizeof(float));
    memset(c.sums, 0, c.bins * c.width * sizeof(float));
    for (size_t r = 0; r < p->rows; r++) {
        float dx = backward_row(&c, &g, c.x[r * in], p->dy + r * out + c.from);
        if (p->dx)
            p->dx[r * in + (size_t)column->place] = dx;
    }
    hand_down(&c, g.code);
}

static void piecewise_backward(const LayerPass *p)
{
    const Piecewise *l = p->params;
    for (NumberColumn c = number_column_before_first(); number_column_next(&l->flags, p->in, &c);)
        backward_column(p, &c);
    number_columns_flags_back(&l->flags, p);
}

static int64_t piecewise_macs(const void *params, Shape in)
{
    const Piecewise *l = params;
    return 2 * number_columns_count(&l->flags, in) * l->width;
}

extern const Layer layer_piecewise_linear;
const Layer layer_piecewise_linear = {
    .spec = {.name = "piecewise_linear",
             .doc = "each number as a function of it that bends at quantiles",
             .group = "embedding",
             .params = fields,
             .params_size = sizeof(Piecewise)},
    .settle = piecewise_settle,
    .shape = piecewise_shape,
    .tensors = piecewise_tensors,
    .init = piecewise_init,
    .fit = piecewise_fit,
    .macs = piecewise_macs,
    .scratch = piecewise_scratch,
    .forward = piecewise_forward,
    .backward = piecewise_backward,
    .infer = piecewise_forward,
};
