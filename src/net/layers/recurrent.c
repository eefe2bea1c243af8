/* Rows are taken in blocks, so that what is kept of each place stays small; the way back makes it again. Of a block: products with the
 * input of all places are one, those with the state one a place. */
#include "net/layers/recurrent.h"

#include <string.h>

#include "num/gemm.h"

enum { BLOCK = 16, WEIGHT_IN = 0, WEIGHT_STATE, BIAS_IN, BIAS_STATE, OF_DIRECTION };

const char *const recurrent_outputs[] = {"last", "all", NULL};

void cell_sigmoid(float *x, size_t count)
{
    for (size_t i = 0; i < count; i++)
        x[i] = -x[i];
    kernels()->exp(x, x, count);
    for (size_t i = 0; i < count; i++)
        x[i] = 1 / (1 + x[i]);
}

/* By the same exp: 1 - 2 / (exp(2 x) + 1). */
void cell_tanh(float *x, size_t count)
{
    for (size_t i = 0; i < count; i++)
        x[i] *= 2;
    kernels()->exp(x, x, count);
    for (size_t i = 0; i < count; i++)
        x[i] = 1 - 2 / (x[i] + 1);
}

static size_t directions_of(const Recurrent *r)
{
    return r->bidirectional ? 2 : 1;
}

static Shape sequence_of(Shape in)
{
    return shape_is_vector(in) ? shape_sequence(in.length, 1) : in;
}

bool recurrent_shape(const void *params, Shape in, Shape *out, Error *e)
{
    const Recurrent *r = params;
    Shape sequence;
    if (!shape_as_sequence(in, &sequence, e))
        return false;
    int64_t numbers = r->width * (int64_t)directions_of(r);
    *out = r->output == OUTPUT_ALL ? shape_sequence(sequence.length, numbers) : shape_vector(numbers);
    return true;
}

size_t recurrent_tensors(const Cell *cell, const void *params, Shape in, LayerTensor out[LAYER_TENSORS])
{
    static const char *const names[2][OF_DIRECTION] = {
        {"weight_ih_l0", "weight_hh_l0", "bias_ih_l0", "bias_hh_l0"},
        {"weight_ih_l0_reverse", "weight_hh_l0_reverse", "bias_ih_l0_reverse", "bias_hh_l0_reverse"},
    };
    const Recurrent *r = params;
    int64_t channels = sequence_of(in).channels, gates = (int64_t)cell->gates * r->width;
    for (size_t d = 0; d < directions_of(r); d++)
        for (int k = 0; k < OF_DIRECTION; k++) {
            bool is_weight = k <= WEIGHT_STATE;
            LayerTensor *t = &out[d * OF_DIRECTION + (size_t)k];
            *t = (LayerTensor){.name = names[d][k], .rank = is_weight ? 2 : 1, .is_trained = true, .is_penalized = is_weight};
            t->dims[0] = k == WEIGHT_IN ? channels : k == WEIGHT_STATE ? r->width : gates;
            t->dims[1] = is_weight ? gates : 0;
            if (is_weight)
                memcpy(t->axes, (int8_t[LAYER_DIMS]){1, 0, 2, 3}, sizeof t->axes);
        }
    return directions_of(r) * OF_DIRECTION;
}

/* +- 1 / sqrt(width), biases too, as torch does. */
void recurrent_init(const Cell *cell, const void *params, Shape in, Rng *rng, float *const *tensors)
{
    const Recurrent *r = params;
    LayerTensor declared[LAYER_TENSORS];
    Fan fan = {r->width, r->width};
    size_t count = recurrent_tensors(cell, params, in, declared);
    for (size_t i = 0; i < count; i++)
        layer_init_weights(INIT_UNIFORM, rng, fan, tensors[i], declared[i].dims[0] * (declared[i].rank == 2 ? declared[i].dims[1] : 1));
}

int64_t recurrent_macs(const Cell *cell, const void *params, Shape in)
{
    const Recurrent *r = params;
    Shape s = sequence_of(in);
    return s.length * (s.channels + r->width) * (int64_t)cell->gates * r->width * (int64_t)directions_of(r);
}

/* Of a block; [row][place]: as rows lie, [place][row]: as steps need them. */
typedef struct Work {
    size_t length, channels, width, gates; /* gates: numbers of all gates */
    float *input;                          /* [row][place][gates]: W x + b, then its gradient */
    float *hidden;                         /* [row][gates] of one place */
    float *bent;                           /* [place][row][gates] */
    float *d_hidden;                       /* [place][row][gates] */
    float *extra;                          /* [place][row][width] */
    float *states, *memories;              /* [place + 1][row][width] */
    float *dh, *dc, *d_before;             /* [row][width] */
    float *sums;                           /* a gradient of weights */
    float *dx;                             /* [row][place][channels] of the second direction */
} Work;

static float *take(float **at, size_t count)
{
    float *p = *at;
    *at += (count + 15) / 16 * 16;
    return p;
}

/* start NULL: only how many floats there are. */
static size_t lay_out(const Cell *cell, const Recurrent *r, Shape in, float *start, Work *w)
{
    Shape s = sequence_of(in);
    size_t length = (size_t)s.length, channels = (size_t)s.channels, width = (size_t)r->width, gates = cell->gates * width;
    float *at = start;
    *w = (Work){.length = length, .channels = channels, .width = width, .gates = gates};
    w->input = take(&at, BLOCK * length * gates);
    w->hidden = take(&at, BLOCK * gates);
    w->bent = take(&at, BLOCK * length * gates);
    w->d_hidden = take(&at, BLOCK * length * gates);
    w->extra = take(&at, BLOCK * length * width);
    w->states = take(&at, BLOCK * (length + 1) * width);
    w->memories = take(&at, BLOCK * (length + 1) * width);
    w->dh = take(&at, BLOCK * width);
    w->dc = take(&at, BLOCK * width);
    w->d_before = take(&at, BLOCK * width);
    w->sums = take(&at, (channels > width ? channels : width) * gates);
    w->dx = take(&at, BLOCK * length * channels);
    return (size_t)(at - start);
}

size_t recurrent_scratch(const Cell *cell, const void *params, Shape in)
{
    static float nowhere;
    Work w;
    return lay_out(cell, params, in, &nowhere, &w);
}

typedef struct Run {
    const Cell *cell;
    const LayerPass *p;
    Work w;
    size_t direction, from, rows; /* rows of the block */
    float *const *tensors;        /* of the direction */
    float *const *gradients;
    bool exact;
} Run;

static void product(const Run *run, const GemmView *g)
{
    if (run->exact)
        kernels()->gemm_exact(g);
    else
        kernels()->gemm(g);
}

static size_t place_of(const Run *run, size_t step)
{
    return run->direction ? run->w.length - 1 - step : step;
}

static void weigh_input(const Run *run)
{
    const Work *w = &run->w;
    product(run, &(GemmView){.a = run->p->x + run->from * w->length * w->channels,
                             .a_row = (int64_t)w->channels,
                             .a_step = 1,
                             .b = run->tensors[WEIGHT_IN],
                             .b_step = (int64_t)w->gates,
                             .c = w->input,
                             .c_row = (int64_t)w->gates,
                             .m = (int64_t)(run->rows * w->length),
                             .n = (int64_t)w->gates,
                             .k = (int64_t)w->channels,
                             .bias = run->tensors[BIAS_IN]});
}

static void weigh_state(const Run *run, size_t step)
{
    const Work *w = &run->w;
    product(run, &(GemmView){.a = w->states + step * BLOCK * w->width,
                             .a_row = (int64_t)w->width,
                             .a_step = 1,
                             .b = run->tensors[WEIGHT_STATE],
                             .b_step = (int64_t)w->gates,
                             .c = w->hidden,
                             .c_row = (int64_t)w->gates,
                             .m = (int64_t)run->rows,
                             .n = (int64_t)w->gates,
                             .k = (int64_t)w->width,
                             .bias = run->tensors[BIAS_STATE]});
}

static void walk(const Run *run)
{
    const Work *w = &run->w;
    memset(w->states, 0, BLOCK * w->width * sizeof(float));
    memset(w->memories, 0, BLOCK * w->width * sizeof(float));
    weigh_input(run);
    for (size_t step = 0; step < w->length; step++) {
        weigh_state(run, step);
        for (size_t row = 0; row < run->rows; row++) {
            size_t at = step * BLOCK + row;
            run->cell->forward(&(CellStep){.width = w->width,
                                           .input = w->input + (row * w->length + place_of(run, step)) * w->gates,
                                           .hidden = w->hidden + row * w->gates,
                                           .before = w->states + at * w->width,
                                           .memory = w->memories + at * w->width,
                                           .gates = w->bent + at * w->gates,
                                           .extra = w->extra + at * w->width,
                                           .after = w->states + (at + BLOCK) * w->width,
                                           .kept = w->memories + (at + BLOCK) * w->width});
        }
    }
}

/* Where the state of a step lies in a row of y; NULL: it is not given out. */
static size_t place_in_y(const Run *run, size_t row, size_t step)
{
    const Recurrent *r = run->p->params;
    size_t numbers = run->w.width * directions_of(r), side = run->direction * run->w.width;
    size_t place = r->output == OUTPUT_ALL ? (run->from + row) * run->w.length + place_of(run, step) : run->from + row;
    return place * numbers + side;
}

static bool is_given(const Run *run, size_t step)
{
    return ((const Recurrent *)run->p->params)->output == OUTPUT_ALL || step + 1 == run->w.length;
}

static void give_out(const Run *run)
{
    const Work *w = &run->w;
    for (size_t step = 0; step < w->length; step++)
        for (size_t row = 0; is_given(run, step) && row < run->rows; row++)
            memcpy(run->p->y + place_in_y(run, row, step), w->states + ((step + 1) * BLOCK + row) * w->width, w->width * sizeof(float));
}

static Run begin_block(const Cell *cell, const LayerPass *p, size_t from, size_t direction)
{
    Run run = {.cell = cell, .p = p, .from = from, .direction = direction};
    run.rows = p->rows - from < BLOCK ? p->rows - from : BLOCK;
    run.tensors = p->tensors + direction * OF_DIRECTION;
    lay_out(cell, p->params, p->in, p->scratch, &run.w);
    return run;
}

void recurrent_forward(const Cell *cell, const LayerPass *p, bool exact)
{
    for (size_t from = 0; from < p->rows; from += BLOCK)
        for (size_t d = 0; d < directions_of(p->params); d++) {
            Run run = begin_block(cell, p, from, d);
            run.exact = exact;
            walk(&run);
            give_out(&run);
        }
}

static void add_to(float *sum, const float *x, size_t count)
{
    for (size_t i = 0; i < count; i++)
        sum[i] += x[i];
}

/* The gradient of the state after a step: what comes from later steps, and from y. */
static void collect_dh(const Run *run, size_t step)
{
    const Work *w = &run->w;
    for (size_t row = 0; is_given(run, step) && row < run->rows; row++)
        add_to(w->dh + row * w->width, run->p->dy + place_in_y(run, row, step), w->width);
}

/* Through W h: dh before = d_before + d_hidden W'. */
static void pass_back(const Run *run, size_t step)
{
    const Work *w = &run->w;
    gemm_nt(w->d_hidden + step * BLOCK * w->gates, run->tensors[WEIGHT_STATE], w->dh, (size_t[3]){run->rows, w->width, w->gates});
    add_to(w->dh, w->d_before, run->rows * w->width);
}

static void walk_back(const Run *run)
{
    const Work *w = &run->w;
    memset(w->dh, 0, BLOCK * w->width * sizeof(float));
    memset(w->dc, 0, BLOCK * w->width * sizeof(float));
    for (size_t step = w->length; step-- > 0;) {
        collect_dh(run, step);
        for (size_t row = 0; row < run->rows; row++) {
            size_t at = step * BLOCK + row;
            run->cell->backward(&(CellBack){.width = w->width,
                                            .gates = w->bent + at * w->gates,
                                            .extra = w->extra + at * w->width,
                                            .before = w->states + at * w->width,
                                            .memory = w->memories + at * w->width,
                                            .dh = w->dh + row * w->width,
                                            .dc = w->dc + row * w->width,
                                            .d_input = w->input + (row * w->length + place_of(run, step)) * w->gates,
                                            .d_hidden = w->d_hidden + at * w->gates,
                                            .d_before = w->d_before + row * w->width});
        }
        pass_back(run, step);
    }
}

/* gradient (+)= a' b over count rows. */
static void sum_products(const Run *run, float *gradient, const float *a, const float *b, const size_t size[3])
{
    bool is_first = run->from == 0;
    gemm_tn(a, b, is_first ? gradient : run->w.sums, size);
    if (!is_first)
        add_to(gradient, run->w.sums, size[0] * size[1]);
}

static void sum_rows(const Run *run, float *gradient, const float *x, size_t rows)
{
    size_t gates = run->w.gates;
    if (run->from == 0)
        memset(gradient, 0, gates * sizeof *gradient);
    for (size_t i = 0; i < rows; i++)
        add_to(gradient, x + i * gates, gates);
}

/* Rows of a short block lie BLOCK apart in steps; what lies between them is zero. */
static void clear_rest(const Run *run)
{
    const Work *w = &run->w;
    for (size_t step = 0; run->rows < BLOCK && step < w->length; step++)
        memset(w->d_hidden + (step * BLOCK + run->rows) * w->gates, 0, (BLOCK - run->rows) * w->gates * sizeof(float));
}

static void weights_back(const Run *run)
{
    const Work *w = &run->w;
    size_t places = run->rows * w->length, steps = BLOCK * w->length;
    const float *x = run->p->x + run->from * w->length * w->channels;
    float *const *g = run->p->gradients + run->direction * OF_DIRECTION;
    clear_rest(run);
    sum_products(run, g[WEIGHT_IN], x, w->input, (size_t[3]){w->channels, w->gates, places});
    sum_products(run, g[WEIGHT_STATE], w->states, w->d_hidden, (size_t[3]){w->width, w->gates, steps});
    sum_rows(run, g[BIAS_IN], w->input, places);
    sum_rows(run, g[BIAS_STATE], w->d_hidden, steps);
}

static void inputs_back(const Run *run)
{
    const Work *w = &run->w;
    size_t numbers = run->rows * w->length * w->channels;
    float *dx = run->p->dx ? run->p->dx + run->from * w->length * w->channels : NULL;
    if (!dx)
        return;
    gemm_nt(w->input, run->tensors[WEIGHT_IN], run->direction ? w->dx : dx, (size_t[3]){run->rows * w->length, w->channels, w->gates});
    if (run->direction)
        add_to(dx, w->dx, numbers);
}

void recurrent_backward(const Cell *cell, const LayerPass *p)
{
    for (size_t from = 0; from < p->rows; from += BLOCK)
        for (size_t d = 0; d < directions_of(p->params); d++) {
            Run run = begin_block(cell, p, from, d);
            walk(&run);
            walk_back(&run);
            weights_back(&run);
            inputs_back(&run);
        }
}
