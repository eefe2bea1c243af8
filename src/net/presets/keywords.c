/* Nets for spoken words, as published; they read features of sound as frames x coefficients.
 * res8: Tang, Lin 2018, "Deep Residual Learning for Small-Footprint Keyword Spotting" (norms here have a scale and a shift).
 * ds_cnn: Zhang, Suda, Lai, Chandra 2017, "Hello Edge: Keyword Spotting on Microcontrollers", DS-CNN.
 * tc_resnet8: Choi et al. 2019, "Temporal Convolution for Real-time Keyword Spotting on Mobile Devices" (projections have no relu). */
#include <math.h>

#include "net/preset.h"

typedef struct Res8 {
    int64_t filters;
} Res8;

static const Field res8_fields[] = {
    {INT_FIELD(Res8, filters), .doc = "filters of each convolution; 19: res8-narrow", .def = "45", .min = 1, .max = 4096, .soft_min = 19,
     .soft_max = 64, .scale = SCALE_LOG, .positional = true},
    {.name = NULL},
};

#define RES8_CONV "{\"layer\":\"conv2d\",\"filters\":%lld,\"bias\":false},{\"layer\":\"relu\"}"
#define RES8_BLOCK RES8_CONV ",{\"layer\":\"batch_norm\"}," RES8_CONV

/* What is added is not normed: each block but the first norms what it reads. */
static bool res8_make(const void *params, SpecList *layers, Error *e)
{
    long long n = ((const Res8 *)params)->filters;
    return preset_add(layers, e,
                      "[" RES8_CONV ",{\"layer\":\"average_pool\",\"size\":4,\"size_width\":3},"
                      "{\"layer\":\"residual\",\"layers\":[" RES8_BLOCK "]},"
                      "{\"layer\":\"times\",\"n\":2,\"layers\":[{\"layer\":\"residual\",\"layers\":[{\"layer\":\"batch_norm\"}," RES8_BLOCK
                      "]}]},{\"layer\":\"batch_norm\"},{\"layer\":\"global_pool\"}]",
                      n, n, n, n, n);
}

typedef struct DsCnn {
    int64_t filters, depth;
    double dropout;
} DsCnn;

static const Field ds_cnn_fields[] = {
    {INT_FIELD(DsCnn, filters), .doc = "filters; 64, 172 and 276 in the paper", .def = "64", .min = 1, .max = 4096, .soft_min = 16,
     .soft_max = 276, .scale = SCALE_LOG, .positional = true},
    {INT_FIELD(DsCnn, depth), .doc = "pairs of a convolution of each channel and one of each place", .def = "4", .min = 1, .max = 50,
     .soft_min = 1, .soft_max = 6, .positional = true},
    {REAL_FIELD(DsCnn, dropout), .doc = "dropout before the head", .def = "0", .min = 0, .max = 0.95, .soft_min = 0, .soft_max = 0.5},
    {.name = NULL},
};

static bool ds_cnn_make(const void *params, SpecList *layers, Error *e)
{
    const DsCnn *d = params;
    long long n = d->filters;
    return preset_add(
               layers, e,
               "[{\"layer\":\"conv2d\",\"filters\":%lld,\"kernel\":10,\"kernel_width\":4,\"stride\":2,\"bias\":false},"
               "{\"layer\":\"batch_norm\"},{\"layer\":\"relu\"},{\"layer\":\"times\",\"n\":%lld,\"layers\":["
               "{\"layer\":\"conv2d\",\"filters\":%lld,\"groups\":%lld,\"bias\":false},{\"layer\":\"batch_norm\"},{\"layer\":\"relu\"},"
               "{\"layer\":\"conv2d\",\"filters\":%lld,\"kernel\":1,\"bias\":false},{\"layer\":\"batch_norm\"},{\"layer\":\"relu\"}]},"
               "{\"layer\":\"global_pool\"}]",
               n, (long long)d->depth, n, n, n) &&
           preset_add_dropout(layers, d->dropout, e);
}

typedef struct TcResnet {
    double factor, dropout;
    int64_t kernel;
} TcResnet;

static const Field tc_resnet_fields[] = {
    {REAL_FIELD(TcResnet, factor), .doc = "of the channels 16, 24, 32 and 48", .def = "1", .min = 0.1, .max = 64, .soft_min = 0.5,
     .soft_max = 2, .positional = true},
    {INT_FIELD(TcResnet, kernel), .doc = "places that the filters of blocks see", .def = "9", .min = 1, .max = 4096, .soft_min = 3,
     .soft_max = 15},
    {REAL_FIELD(TcResnet, dropout), .doc = "dropout before the head", .def = "0.5", .min = 0, .max = 0.95, .soft_min = 0, .soft_max = 0.5},
    {.name = NULL},
};

static bool tc_resnet8_make(const void *params, SpecList *layers, Error *e)
{
    static const double channels[] = {24, 32, 48};
    const TcResnet *t = params;
    double first = fmax(1, round(16 * t->factor));
    long long k = t->kernel;
    bool ok = preset_add(layers, e, "[{\"layer\":\"conv1d\",\"filters\":%.0f,\"kernel\":3,\"bias\":false}]", first);
    for (int i = 0; ok && i < 3; i++) {
        double n = fmax(1, round(channels[i] * t->factor));
        ok = preset_add(layers, e,
                        "[{\"layer\":\"residual\",\"norm\":true,\"layers\":["
                        "{\"layer\":\"conv1d\",\"filters\":%.0f,\"kernel\":%lld,\"stride\":2,\"bias\":false},{\"layer\":\"batch_norm\"},"
                        "{\"layer\":\"relu\"},{\"layer\":\"conv1d\",\"filters\":%.0f,\"kernel\":%lld,\"bias\":false},"
                        "{\"layer\":\"batch_norm\"}]},{\"layer\":\"relu\"}]",
                        n, k, n, k);
    }
    return ok && preset_add(layers, e, "[{\"layer\":\"global_pool\"}]") && preset_add_dropout(layers, t->dropout, e);
}

extern const Preset preset_res8, preset_ds_cnn, preset_tc_resnet8;
const Preset preset_res8 = {
    .spec = {.name = "res8",
             .doc = "spoken words: residual blocks over frames and coefficients",
             .group = "net",
             .params = res8_fields,
             .params_size = sizeof(Res8)},
    .make = res8_make,
};
const Preset preset_ds_cnn = {
    .spec = {.name = "ds_cnn",
             .doc = "spoken words: convolutions of channels and places apart",
             .group = "net",
             .params = ds_cnn_fields,
             .params_size = sizeof(DsCnn)},
    .make = ds_cnn_make,
};
const Preset preset_tc_resnet8 = {
    .spec = {.name = "tc_resnet8",
             .doc = "spoken words: residual blocks along the time alone",
             .group = "net",
             .params = tc_resnet_fields,
             .params_size = sizeof(TcResnet)},
    .make = tc_resnet8_make,
};
