/* Layers that are random in training: expectations, and that a draw is a function of layer, epoch and row. */
#include <math.h>

#include "tests/unit/layer_help.h"

enum { CHANNELS = 25, PLACES = 8, ROWS = 4000 }; /* 1e5 channels of rows */

static bool noise_bench(Bench *b, const char *layer, const char *settings, uint64_t epoch)
{
    static uint64_t ids[ROWS];
    if (!bench_make(b, layer, settings, shape_sequence(PLACES, CHANNELS), ROWS))
        return false;
    for (uint64_t i = 0; i < ROWS; i++)
        ids[i] = 3 * i + 1;
    b->pass.row_ids = ids;
    b->pass.noise = rng_child(rng_key(5, "dropout"), epoch);
    for (size_t i = 0; i < (size_t)ROWS * PLACES * CHANNELS; i++)
        b->x[i] = 1;
    b->layer->forward(&b->pass);
    return true;
}

static double mean_of(const float *v, size_t count)
{
    double sum = 0;
    for (size_t i = 0; i < count; i++)
        sum += (double)v[i];
    return sum / (double)count;
}

static void check_expectation(void)
{
    TEST("dropout keeps the expectation, over 1e5 draws");
    static const struct {
        const char *layer, *settings;
        double zeros;
    } cases[] = {{"dropout", "{\"rate\":0.2}", 0.2}, {"dropout", "{\"rate\":0.5}", 0.5}, {"spatial_dropout", "{\"rate\":0.3}", 0.3}};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        Bench b;
        size_t count = (size_t)ROWS * PLACES * CHANNELS, zeros = 0;
        if (!noise_bench(&b, cases[i].layer, cases[i].settings, 0))
            continue;
        for (size_t k = 0; k < count; k++)
            zeros += b.y[k] == 0;
        CHECK_NEAR(mean_of(b.y, count), 1, 0.01);
        CHECK_NEAR((double)zeros / (double)count, cases[i].zeros, 0.01 * cases[i].zeros);
        bench_done(&b);
    }
}

static void check_channels(void)
{
    TEST("spatial_dropout takes whole channels, others in other rows");
    Bench b;
    if (!noise_bench(&b, "spatial_dropout", "{\"rate\":0.5}", 0))
        return;
    bool whole = true;
    size_t differs = 0;
    for (size_t r = 0; r < ROWS; r++)
        for (size_t c = 0; c < CHANNELS; c++) {
            const float *row = b.y + r * PLACES * CHANNELS + c;
            for (size_t k = 1; k < PLACES; k++)
                whole = whole && row[k * CHANNELS] == row[0];
            differs += r && row[0] != *(row - (ptrdiff_t)PLACES * CHANNELS);
        }
    CHECK(whole);
    CHECK(differs > (size_t)ROWS * CHANNELS * 2 / 5);
    bench_done(&b);
}

static void check_normal(void)
{
    TEST("gaussian_noise has mean 0 and its sd, and the shares of a normal distribution");
    Bench b;
    if (!noise_bench(&b, "gaussian_noise", "{\"sd\":0.5}", 0))
        return;
    size_t count = (size_t)ROWS * PLACES * CHANNELS, below[3] = {0};
    double squares = 0, mean = mean_of(b.y, count) - 1;
    static const double at[3] = {-1, 0.5, 2}, shares[3] = {0.158655, 0.691462, 0.977250};
    for (size_t k = 0; k < count; k++) {
        double z = ((double)b.y[k] - 1) / 0.5;
        squares += z * z;
        for (int i = 0; i < 3; i++)
            below[i] += z < at[i];
    }
    CHECK_NEAR(mean, 0, 0.005);
    CHECK_NEAR(squares / (double)count, 1, 0.01);
    for (int i = 0; i < 3; i++)
        CHECK_NEAR((double)below[i] / (double)count, shares[i], 0.003);
    bench_done(&b);
}

/* The same rows in another order, at another time; another epoch; and not in training. */
static void check_keys(void)
{
    TEST("draws belong to layer, epoch and row, and there are none outside training");
    static const char *const layers[] = {"dropout", "spatial_dropout", "gaussian_noise"};
    const size_t row = (size_t)PLACES * CHANNELS;
    for (int i = 0; i < 3; i++) {
        Bench a, b;
        if (!noise_bench(&a, layers[i], "{}", 0) || !noise_bench(&b, layers[i], "{}", 1))
            continue;
        CHECK(memcmp(a.y, b.y, ROWS * row * sizeof(float)) != 0);
        LayerPass p = a.pass;
        p.rows = 1;
        p.row_ids = a.pass.row_ids + 17;
        p.y = b.y;
        a.layer->forward(&p);
        CHECK(!memcmp(b.y, a.y + 17 * row, row * sizeof(float)));
        p.is_training = false;
        a.layer->forward(&p);
        CHECK(!memcmp(b.y, a.x, row * sizeof(float)));
        bench_done(&a);
        bench_done(&b);
    }
}

void unit_noise(void);
void unit_noise(void)
{
    net_register();
    check_expectation();
    check_channels();
    check_normal();
    check_keys();
}
