/* cnn1d, cnn2d: convolutions, each with a norm, an activation, pooling and dropout behind it. */
#include <math.h>

#include "net/preset.h"

typedef struct Cnn {
    int64_t filters, kernel, depth, pool;
    double growth, dropout;
    SpecUse activation;
    int norm, end;
} Cnn;

static const char *const ends[] = {"flatten", "average", "max", NULL};
enum { FLATTEN };

static const Field fields[] = {
    {INT_FIELD(Cnn, filters), .doc = "filters of the first convolution", .def = "16", .min = 1, .max = 65536, .soft_min = 8,
     .soft_max = 128, .scale = SCALE_LOG, .positional = true},
    {INT_FIELD(Cnn, kernel), .doc = "places a filter sees", .def = "3", .min = 1, .max = 4096, .soft_min = 3, .soft_max = 9,
     .positional = true},
    {INT_FIELD(Cnn, depth), .doc = "convolutions", .def = "2", .min = 1, .max = 100, .soft_min = 1, .soft_max = 6, .positional = true},
    {INT_FIELD(Cnn, pool), .doc = "max_pool of this size behind each; 1: none", .def = "2", .min = 1, .max = 65536, .soft_min = 1,
     .soft_max = 4},
    {REAL_FIELD(Cnn, growth), .doc = "filters of a convolution against the one before", .def = "1", .min = 0.1, .max = 16, .soft_min = 1,
     .soft_max = 2},
    PRESET_NORM(Cnn),
    PRESET_ACTIVATION(Cnn),
    PRESET_DROPOUT(Cnn),
    {CHOICE_FIELD(Cnn, end), .doc = "what the head sees: all places, or their mean or largest", .def = "flatten", .choices = ends},
    {.name = NULL},
};

static bool cnn_make(const Cnn *c, const char *preset, const char *conv, SpecList *layers, Error *e)
{
    bool ok = true;
    for (int64_t i = 0; ok && i < c->depth; i++) {
        double filters = round((double)c->filters * pow(c->growth, (double)i));
        ok = preset_add(layers, e, "[{\"layer\":\"%s\",\"filters\":%.0f,\"kernel\":%lld}]", conv, filters < 1 ? 1 : filters,
                        (long long)c->kernel) &&
             preset_add_norm(layers, c->norm, e) && preset_add_activation(layers, &c->activation, preset, e) &&
             (c->pool == 1 || preset_add(layers, e, "[{\"layer\":\"max_pool\",\"size\":%lld}]", (long long)c->pool)) &&
             preset_add_dropout(layers, c->dropout, e);
    }
    return ok && (c->end == FLATTEN ? preset_add(layers, e, "[{\"layer\":\"flatten\"}]")
                                    : preset_add(layers, e, "[{\"layer\":\"global_pool\",\"kind\":\"%s\"}]", ends[c->end]));
}

static bool cnn1d_make(const void *params, SpecList *layers, Error *e)
{
    return cnn_make(params, "cnn1d", "conv1d", layers, e);
}

static bool cnn2d_make(const void *params, SpecList *layers, Error *e)
{
    return cnn_make(params, "cnn2d", "conv2d", layers, e);
}

extern const Preset preset_cnn1d, preset_cnn2d;
const Preset preset_cnn1d = {
    .spec =
        {.name = "cnn1d", .doc = "convolutions along a length, with pooling", .group = "net", .params = fields, .params_size = sizeof(Cnn)},
    .make = cnn1d_make,
};
const Preset preset_cnn2d = {
    .spec =
        {.name = "cnn2d", .doc = "convolutions over pictures, with pooling", .group = "net", .params = fields, .params_size = sizeof(Cnn)},
    .make = cnn2d_make,
};
