/* limbeck bench conv: what the convolutions of two small nets reach on one thread, beside what fused multiply-adds alone reach. A net
 * on a length of 128 (1 -> 32, kernel 5; 32 -> 64, 5; 64 -> 128, 3; halved between) and one on 40 x 49 (1 -> 32 -> 64 -> 64, 3 x 3). */
#include "base/clock.h"
#include "base/io.h"
#include "base/json.h"
#include "base/rng.h"
#include "cli/bench.h"
#include "num/convolution.h"

typedef struct BenchLayer {
    const char *name;
    Convolution conv;
    int64_t rows; /* as many as a slice of a batch has */
} BenchLayer;

static const BenchLayer layers[] = {
    {"1d.1", {{1, 128}, 1, 32, 1, {1, 5}, {1, 1}, {1, 1}, {0, 2}, {0, 2}}, 16},
    {"1d.2", {{1, 64}, 32, 64, 1, {1, 5}, {1, 1}, {1, 1}, {0, 2}, {0, 2}}, 16},
    {"1d.3", {{1, 32}, 64, 128, 1, {1, 3}, {1, 1}, {1, 1}, {0, 1}, {0, 1}}, 16},
    {"2d.1", {{40, 49}, 1, 32, 1, {3, 3}, {1, 1}, {1, 1}, {1, 1}, {1, 1}}, 8},
    {"2d.2", {{20, 24}, 32, 64, 1, {3, 3}, {1, 1}, {1, 1}, {1, 1}, {1, 1}}, 8},
    {"2d.3", {{10, 12}, 64, 64, 1, {3, 3}, {1, 1}, {1, 1}, {1, 1}, {1, 1}}, 8},
};
enum { LAYERS = sizeof layers / sizeof *layers, PASSES = 4, TIMES = 11 };
static const char *const passes[PASSES] = {"forward", "dx", "dw", "infer"};

/* Billions of operations a second; of several times the one in the middle. */
static double speed_of(void (*pass)(const ConvolutionPass *), const ConvolutionPass *p)
{
    double operations = 2 * (double)p->rows * (double)convolution_macs(p->conv), times[TIMES];
    int repeats = 1 + (int)(2e7 / operations);
    for (int i = 0; i < TIMES; i++) {
        double start = clock_now();
        for (int r = 0; r < repeats; r++)
            pass(p);
        double seconds = (clock_now() - start) / repeats;
        int at = i;
        for (; at > 0 && times[at - 1] > seconds; at--)
            times[at] = times[at - 1];
        times[at] = seconds;
    }
    return operations / times[TIMES / 2] * 1e-9;
}

/* Planes of one layer; each begins on a line of the cache. */
typedef struct BenchPlanes {
    float *x, *y, *dy, *dx, *weights, *dw, *bias, *scratch;
} BenchPlanes;

static bool planes_make(const Convolution *c, int64_t rows, BenchPlanes *b, Error *e)
{
    size_t in = (size_t)(rows * c->size[0] * c->size[1] * c->channels), weights = (size_t)convolution_weights(c);
    size_t out = (size_t)(rows * convolution_places(c, 0) * convolution_places(c, 1) * c->filters), filters = (size_t)c->filters;
    float **const all[] = {&b->x, &b->dx, &b->y, &b->dy, &b->weights, &b->dw, &b->bias, &b->scratch};
    const size_t sizes[] = {in, in, out, out, weights, weights, filters, convolution_scratch(c)};
    Rng r = rng_begin(rng_key(1, "bench"));
    for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++) {
        *all[i] = mem_try_aligned(sizes[i], sizeof(float), e);
        for (size_t j = 0; *all[i] && j < sizes[i]; j++)
            (*all[i])[j] = (float)rng_uniform(&r) - 0.5F;
        if (!*all[i])
            return false;
    }
    return true;
}

static void planes_done(BenchPlanes *b)
{
    float *const all[] = {b->x, b->y, b->dy, b->dx, b->weights, b->dw, b->bias, b->scratch};
    for (size_t i = 0; i < sizeof all / sizeof *all; i++)
        mem_free(all[i]);
}

static bool measure_layer(const BenchLayer *layer, double speeds[PASSES], Error *e)
{
    BenchPlanes b = {0};
    bool ok = planes_make(&layer->conv, layer->rows, &b, e);
    ConvolutionPass p = {.conv = &layer->conv, .rows = layer->rows, .x = b.x, .weights = b.weights, .scratch = b.scratch};
    ConvolutionPass forward = p, dx = p, dw = p;
    forward.y = b.y;
    forward.bias = b.bias;
    dx.dy = dw.dy = b.dy;
    dx.dx = b.dx;
    dw.dw = b.dw;
    if (ok) {
        speeds[0] = speed_of(convolution_forward, &forward);
        speeds[1] = layer->conv.channels == 1 ? 0 : speed_of(convolution_backward, &dx);
        speeds[2] = speed_of(convolution_backward, &dw);
        speeds[3] = speed_of(convolution_infer, &forward);
    }
    planes_done(&b);
    return ok;
}

/* A window that sees the same numbers again and again, with the same weights: nothing but multiply-adds. */
static double measure_peak(void)
{
    enum { PLACES = 12, LENGTH = 64, SEGMENTS = 1024, FILTERS = 32 };
    static const int64_t offsets[SEGMENTS];
    static float a[PLACES * LENGTH], b[FILTERS], c[PLACES * FILTERS];
    double best = 0;
    ConvView v = {.a = a, .b = b, .c = c, .offsets = offsets, .segments = SEGMENTS, .length = LENGTH};
    v.a_place = LENGTH;
    v.c_place = FILTERS;
    v.places = PLACES;
    v.lines = 1;
    v.n = 2 * kernels()->lanes < FILTERS ? 2 * kernels()->lanes : FILTERS;
    for (int i = 0; i < TIMES; i++) {
        double start = clock_now();
        kernels()->conv(&v);
        double speed = 2.0 * PLACES * LENGTH * SEGMENTS * (double)v.n / (clock_now() - start) * 1e-9;
        best = speed > best ? speed : best;
    }
    return best;
}

static void add_layer(Value *list, const BenchLayer *layer, const double speeds[PASSES])
{
    Value *row = value_map();
    value_set(row, "layer", value_text(layer->name));
    for (int i = 0; i < PASSES; i++)
        if (speeds[i] > 0)
            value_set(row, passes[i], value_real(speeds[i]));
    value_add(list, row);
}

static void add_line(Text *out, const BenchLayer *layer, const double speeds[PASSES], double peak)
{
    text_addf(out, "%-7s", layer->name);
    for (int i = 0; i < PASSES; i++)
        if (speeds[i] > 0)
            text_addf(out, " %6.1f %3.0f %%", speeds[i], 100 * speeds[i] / peak);
        else
            text_addf(out, " %12s", "-"); /* the first layer of a net has no gradient to hand on */
    text_add(out, "\n");
}

bool bench_conv(const CliCall *call, Error *e)
{
    double peak = measure_peak();
    bool ok = true;
    Value *figures = value_map(), *list = value_list();
    Text out = {0};
    text_addf(&out, "one thread, %s: fused multiply-adds reach %.1f GFLOP/s\n%-7s", kernels()->name, peak, "");
    for (int i = 0; i < PASSES; i++)
        text_addf(&out, " %12s", passes[i]);
    text_add(&out, "\n");
    for (size_t i = 0; ok && i < LAYERS; i++) {
        double speeds[PASSES];
        ok = measure_layer(&layers[i], speeds, e);
        if (ok)
            add_layer(list, &layers[i], speeds);
        if (ok)
            add_line(&out, &layers[i], speeds, peak);
    }
    value_set(figures, "kernels", value_text(kernels()->name));
    value_set(figures, "peak", value_real(peak));
    value_set(figures, "layers", list);
    char *json = ((const BenchOptions *)call->params)->json ? json_format(figures, JSON_COMPACT) : NULL;
    if (json) {
        text_done(&out);
        out = (Text){0};
        text_addf(&out, "%s\n", json);
    }
    if (ok)
        io_print(1, text_get(&out));
    mem_free(json);
    value_free(figures);
    text_done(&out);
    return ok;
}
