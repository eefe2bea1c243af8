/* periodic: each number becomes `width` numbers by way of cosines whose frequencies are learned.
 * pbld (Holzmueller, Grinsztajn, Steinwart 2024): [x, cos(2 pi f x + p) W + b], each number with frequencies f, phases p and weights of
 * its own. plr (Gorishniy, Rubachev, Babenko 2022): relu([cos(2 pi f x), sin(2 pi f x)] W + b).
 * All of them are cosines of whole turns, f x + shift, so that far from zero only the part of a turn that is left counts; the shift is
 * p / 2 pi, or 0 and a quarter back. Columns that the input knows to be true or false pass as they are, behind the others. */
#include <string.h>

#include "net/layers/number_columns.h"
#include "num/lanes_math.h"

typedef struct Periodic {
    LayerPlace place;
    int64_t width, frequencies;
    double sd;
    int form;
    NumberList flags;
} Periodic;

enum { PBLD, PLR };
static const char *const forms[] = {"pbld", "plr", NULL};

static const Field fields[] = {
    {INT_FIELD(Periodic, width), .doc = "numbers made of each", .def = "16", .min = 2, .max = 1024, .soft_min = 4, .soft_max = 32,
     .positional = true},
    {INT_FIELD(Periodic, frequencies), .doc = "waves of each", .def = "16", .min = 1, .max = 1024, .soft_min = 8, .soft_max = 64,
     .scale = SCALE_LOG},
    {REAL_FIELD(Periodic, sd), .doc = "of the frequencies at the start: waves in a unit of the number", .def = "0.1", .min = 1e-6,
     .max = 1000, .soft_min = 0.01, .soft_max = 1, .scale = SCALE_LOG},
    {CHOICE_FIELD(Periodic, form), .doc = "the number and cosines with phases, or cosines, sines and relu", .def = "pbld",
     .choices = forms},
    NUMBER_FLAGS_ROW(Periodic),
    LAYER_PLACE(Periodic),
    {.name = NULL},
};

enum { FREQUENCIES, WEIGHT, BIAS, PHASES };
static const float TURN = 6.28318530717958648F;

/* Half a turn further on a cosine is its own opposite: what is computed lies within a quarter of a turn. */
#define WAVES(TARGET, VF, ...) \
    static TARGET void waves_##VF(const float *turns, float *out, size_t count) \
    { \
        for (size_t i = 0; i < count; i += sizeof(VF) / sizeof(float)) { \
            const VF x = lanes_take_##VF(turns + i, count - i), part = lanes_size_##VF(x - ((x + 12582912.0f) - 12582912.0f)); \
            const VF wave = lanes_cosine_##VF(lanes_pick_##VF(part > 0.25f, 0.5f - part, part) * 6.28318531f); \
            lanes_put_##VF(out + i, lanes_pick_##VF(part > 0.25f, -wave, wave), count - i); \
        } \
    }
LANES_ALL(WAVES, )
static void (*const cosines[KERNEL_LEVELS])(const float *turns, float *out, size_t count) = LANES_LEVELS(waves);

static void periodic_settle(void *params, const NetInput *input)
{
    net_input_flags(input, &((Periodic *)params)->flags);
}

static bool periodic_shape(const void *params, Shape in, Shape *out, Error *e)
{
    const Periodic *l = params;
    return number_columns_shape(&l->flags, l->width, in, out, e);
}

static int64_t waves_of(const Periodic *l)
{
    return l->form == PLR ? 2 * l->frequencies : l->frequencies;
}

static int64_t mixed_of(const Periodic *l)
{
    return l->form == PLR ? l->width : l->width - 1;
}

static size_t periodic_tensors(const void *params, Shape in, LayerTensor out[LAYER_TENSORS])
{
    const Periodic *l = params;
    int64_t numbers = number_columns_count(&l->flags, in), mixed = mixed_of(l);
    out[FREQUENCIES] = (LayerTensor){.name = "periodic.weight", .rank = 2, .dims = {numbers, l->frequencies}, .is_trained = true};
    out[WEIGHT] =
        (LayerTensor){.name = "linear.weight", .rank = 3, .dims = {numbers, waves_of(l), mixed}, .is_trained = true, .is_penalized = true};
    out[BIAS] = (LayerTensor){.name = "linear.bias", .rank = 2, .dims = {numbers, mixed}, .is_trained = true};
    out[PHASES] = (LayerTensor){.name = "periodic.bias", .rank = 2, .dims = {numbers, l->frequencies}, .is_trained = true};
    return !numbers ? 0 : l->form == PLR ? PHASES : PHASES + 1;
}

static void periodic_init(const void *params, Shape in, Rng *rng, float *const *tensors)
{
    const Periodic *l = params;
    int64_t numbers = number_columns_count(&l->flags, in), count = numbers * l->frequencies;
    Fan fan = {waves_of(l), mixed_of(l)};
    for (int64_t i = 0; i < count; i++)
        tensors[FREQUENCIES][i] = (float)(l->sd * rng_normal(rng));
    if (!numbers)
        return;
    layer_init_weights(INIT_UNIFORM, rng, fan, tensors[WEIGHT], numbers * fan.in * fan.out);
    layer_init_weights(INIT_UNIFORM, rng, fan, tensors[BIAS], numbers * fan.out);
    for (int64_t i = 0; l->form == PBLD && i < count; i++)
        tensors[PHASES][i] = ((float)rng_uniform(rng) - 0.5F) * TURN;
}

/* Turns of each wave, its cosine, and what the loss asks of it. */
enum { ROOMS = 3 };

static size_t periodic_scratch(const void *params, Shape in)
{
    (void)in;
    return (size_t)(ROOMS * waves_of(params));
}

/* A column of a pass: what of its tensors belongs to it, and where it lies in the rows. */
typedef struct Part {
    const float *frequencies, *weight, *bias, *phases, *x;
    float *turns, *waves, *asked;
    size_t count, each, mixed, skip, from;
} Part;

static Part part_of(const LayerPass *p, const NumberColumn *c)
{
    const Periodic *l = p->params;
    size_t count = (size_t)waves_of(l), each = (size_t)l->frequencies, mixed = (size_t)mixed_of(l);
    return (Part){.frequencies = p->tensors[FREQUENCIES] + c->at * each,
                  .weight = p->tensors[WEIGHT] + c->at * count * mixed,
                  .bias = p->tensors[BIAS] + c->at * mixed,
                  .phases = l->form == PBLD ? p->tensors[PHASES] + c->at * each : NULL,
                  .x = p->x + c->place,
                  .turns = p->scratch,
                  .waves = p->scratch + count,
                  .asked = p->scratch + 2 * count,
                  .count = count,
                  .each = each,
                  .mixed = mixed,
                  .skip = (size_t)l->width - mixed,
                  .from = c->at * (size_t)l->width};
}

static void make_waves(const Part *c, float x)
{
    for (size_t w = 0; w < c->each; w++)
        c->turns[w] = c->frequencies[w] * x + (c->phases ? c->phases[w] / TURN : 0);
    for (size_t w = c->each; w < c->count; w++)
        c->turns[w] = c->turns[w - c->each] - 0.25F;
    cosines[kernels()->level](c->turns, c->waves, c->count);
}

static void forward_row(const Part *c, float x, float *y)
{
    float *mixed = y + c->skip;
    make_waves(c, x);
    if (c->skip)
        *y = x;
    memcpy(mixed, c->bias, c->mixed * sizeof(float));
    for (size_t w = 0; w < c->count; w++)
        for (size_t k = 0; k < c->mixed; k++)
            mixed[k] += c->waves[w] * c->weight[w * c->mixed + k];
    for (size_t k = 0; !c->skip && k < c->mixed; k++)
        mixed[k] = mixed[k] <= 0 ? 0 : mixed[k];
}

static void periodic_forward(const LayerPass *p)
{
    const Periodic *l = p->params;
    size_t in = (size_t)shape_size(p->in), out = (size_t)shape_size(p->out);
    for (NumberColumn c = number_column_before_first(); number_column_next(&l->flags, p->in, &c);) {
        Part part = part_of(p, &c);
        for (size_t r = 0; r < p->rows; r++)
            forward_row(&part, part.x[r * in], p->y + r * out + part.from);
    }
    number_columns_pass_flags(&l->flags, p);
}

typedef struct PartGradients {
    float *frequencies, *weight, *bias, *phases;
} PartGradients;

/* Of what was mixed: gradients of weights and bias, and what is asked of each wave. */
static void unmix(const Part *c, const PartGradients *g, const float *dy)
{
    for (size_t k = 0; k < c->mixed; k++)
        g->bias[k] += dy[k];
    for (size_t w = 0; w < c->count; w++) {
        float sum = 0;
        for (size_t k = 0; k < c->mixed; k++) {
            g->weight[w * c->mixed + k] += c->waves[w] * dy[k];
            sum += dy[k] * c->weight[w * c->mixed + k];
        }
        c->asked[w] = sum;
    }
}

/* The slope of a cosine is the cosine a quarter further on. */
static float backward_row(const Part *c, const PartGradients *g, float x, float *dy)
{
    float dx = c->skip ? dy[0] : 0;
    make_waves(c, x);
    unmix(c, g, dy + c->skip);
    for (size_t w = 0; w < c->count; w++)
        c->turns[w] += 0.25F;
    cosines[kernels()->level](c->turns, c->waves, c->count);
    for (size_t w = 0; w < c->count; w++) {
        float slope = c->asked[w] * c->waves[w];
        size_t f = w % c->each;
        g->frequencies[f] += slope * TURN * x;
        dx += slope * TURN * c->frequencies[f];
        if (g->phases)
            g->phases[f] += slope;
    }
    return dx;
}

static void backward_column(const LayerPass *p, const NumberColumn *column)
{
    Part c = part_of(p, column);
    size_t in = (size_t)shape_size(p->in), out = (size_t)shape_size(p->out);
    PartGradients g = {p->gradients[FREQUENCIES] + column->at * c.each, p->gradients[WEIGHT] + column->at * c.count * c.mixed,
                       p->gradients[BIAS] + column->at * c.mixed, c.phases ? p->gradients[PHASES] + column->at * c.each : NULL};
    memset(g.frequencies, 0, c.each * sizeof(float));
    memset(g.weight, 0, c.count * c.mixed * sizeof(float));
    memset(g.bias, 0, c.mixed * sizeof(float));
    if (g.phases)
        memset(g.phases, 0, c.each * sizeof(float));
    for (size_t r = 0; r < p->rows; r++) {
        float *dy = p->dy + r * out + c.from;
        const float *y = p->y + r * out + c.from;
        for (size_t k = 0; !c.skip && k < c.mixed; k++)
            dy[k] = y[k] > 0 ? dy[k] : 0;
        float dx = backward_row(&c, &g, c.x[r * in], dy);
        if (p->dx)
            p->dx[r * in + (size_t)column->place] = dx;
    }
}

static void periodic_backward(const LayerPass *p)
{
    const Periodic *l = p->params;
    for (NumberColumn c = number_column_before_first(); number_column_next(&l->flags, p->in, &c);)
        backward_column(p, &c);
    number_columns_flags_back(&l->flags, p);
}

static int64_t periodic_macs(const void *params, Shape in)
{
    const Periodic *l = params;
    return number_columns_count(&l->flags, in) * waves_of(l) * (mixed_of(l) + 1);
}

static const char *const notes[] = {
    "A function that goes up and down within the range of a number is learned from fewer rows than by hidden layers alone. Numbers should "
    "be of one scale (robust_scale and smooth_clip, or quantile_transform to a normal): sd is in waves a unit.",
    NULL};

extern const Layer layer_periodic;
const Layer layer_periodic = {
    .spec = {.name = "periodic",
             .doc = "each number as a sum of waves whose frequencies are learned",
             .group = "embedding",
             .params = fields,
             .params_size = sizeof(Periodic),
             .notes = notes},
    .settle = periodic_settle,
    .shape = periodic_shape,
    .tensors = periodic_tensors,
    .init = periodic_init,
    .macs = periodic_macs,
    .scratch = periodic_scratch,
    .forward = periodic_forward,
    .backward = periodic_backward,
    .infer = periodic_forward,
};
