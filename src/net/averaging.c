/* Averages of the weights over time, and what is other for one layer: two small families of a training. */
#include <math.h>

#include "net/update.h"

typedef struct Ema {
    double memory;
    int64_t from_epoch;
} Ema;

static const Field ema_fields[] = {
    {REAL_FIELD(Ema, memory), .doc = "share of the average that an update leaves", .def = "0.999", .min = 0, .max = 0.999999,
     .soft_min = 0.9, .soft_max = 0.9999},
    {INT_FIELD(Ema, from_epoch), .doc = "epoch in which it begins", .unit = "epochs", .def = "1", .min = 1, .max = 100000, .soft_min = 1,
     .soft_max = 20},
    {.name = NULL},
};

static const char *const ema_notes[] = {
    "The first updates leave less of it, (1 + n) / (10 + n) after n of them, so that a short training is not held by where it began. "
    "Running statistics of batch_norm are averaged as weights are.",
    NULL};

static double ema_share(const void *params, const AveragePlace *place)
{
    const Ema *a = params;
    if (place->is_epoch_end || place->epoch < a->from_epoch)
        return 0;
    double n = (double)place->averaged;
    return place->averaged ? 1 - fmin(a->memory, (1 + n) / (10 + n)) : 1;
}

static const Averaging ema = {
    .spec = {.name = "ema",
             .doc = "a running average of the weights over updates",
             .group = "averaging",
             .params = ema_fields,
             .params_size = sizeof(Ema),
             .notes = ema_notes},
    .share = ema_share,
};

typedef struct Swa {
    int64_t from_epoch, every;
} Swa;

static const Field swa_fields[] = {
    {INT_FIELD(Swa, from_epoch), .doc = "the first epoch whose end counts", .unit = "epochs", .def = "10", .min = 1, .max = 100000,
     .soft_min = 5, .soft_max = 100},
    {INT_FIELD(Swa, every), .doc = "epochs between two that count", .unit = "epochs", .def = "1", .min = 1, .max = 100000, .soft_min = 1,
     .soft_max = 5},
    {.name = NULL},
};

static const char *const swa_notes[] = {
    "Stochastic weight averaging (Izmailov et al. 2018). Running statistics of batch_norm are made anew for the averaged weights, by a "
    "pass over the training part, before they are evaluated.",
    NULL};

static double swa_share(const void *params, const AveragePlace *place)
{
    const Swa *a = params;
    bool counts = place->is_epoch_end && place->epoch >= a->from_epoch && (place->epoch - a->from_epoch) % a->every == 0;
    return counts ? 1 / (double)(place->averaged + 1) : 0;
}

static const Averaging swa = {
    .spec = {.name = "swa",
             .doc = "the mean of the weights at the ends of late epochs",
             .group = "averaging",
             .params = swa_fields,
             .params_size = sizeof(Swa),
             .notes = swa_notes},
    .share = swa_share,
    .needs_statistics = true,
};

static const Field rule_fields[] = {
    {TEXT_FIELD(LayerRule, layer), .doc = "its number or id, or \"head\"; a block: all in it", .def = NULL, .positional = true},
    {REAL_FIELD(LayerRule, rate_factor), .doc = "times the learning rate; 0: frozen", .def = "1", .min = 0, .max = 1000, .soft_min = 0,
     .soft_max = 10},
    {REAL_FIELD(LayerRule, bias_factor), .doc = "times that, for what is no weight: biases, norms", .def = "1", .min = 0, .max = 1000,
     .soft_min = 0, .soft_max = 10},
    {INT_FIELD(LayerRule, from_epoch), .doc = "epoch in which it begins to learn", .unit = "epochs", .def = "1", .min = 1, .max = 100000,
     .soft_min = 1, .soft_max = 20},
    {REAL_FIELD(LayerRule, l1), .doc = "penalty on the size of weights; -1: as for all", .def = "-1", .min = -1, .max = 10},
    {REAL_FIELD(LayerRule, l2), .doc = "penalty on the square of weights; -1: as for all", .def = "-1", .min = -1, .max = 10},
    {REAL_FIELD(LayerRule, decay), .doc = "share taken away; -1: as for all", .def = "-1", .min = -1, .max = 100},
    {REAL_FIELD(LayerRule, unit_norm), .doc = "longest weights of a unit, 0: any; -1: as for all", .def = "-1", .min = -1, .max = 1e6},
    {.name = NULL},
};

static const char *const rule_notes[] = {
    "While a layer is frozen its weights keep all their bits; the running statistics of batch_norm go on.",
    "decay of a layer stands instead of the plan's and the optimizer's.", NULL};

static const Spec rule = {
    .name = "for_layer",
    .doc = "another rate or penalty for one layer, or none at all",
    .group = "layer_rule",
    .params = rule_fields,
    .params_size = sizeof(LayerRule),
    .notes = rule_notes,
};

const Family *averaging_family(void)
{
    static const Spec *const members[] = {&ema.spec, &swa.spec};
    static const Family family = {"averaging", "Averages", "Weights averaged over time, which are what is evaluated and kept", members, 2};
    return &family;
}

const Family *layer_rule_family(void)
{
    static const Spec *const members[] = {&rule};
    static const Family family = {"layer_rule", "Layer rules", "What is other for one layer while a net learns", members, 1};
    return &family;
}
