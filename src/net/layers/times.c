/* times: the same layers n times over, each time with weights of their own. */
#include <stdio.h>

#include "net/build.h"

typedef struct Times {
    LayerPlace place;
    int64_t n;
    SpecList layers;
} Times;

static const Field fields[] = {
    {INT_FIELD(Times, n), .doc = "how many times", .def = NULL, .min = 1, .max = 1000, .soft_min = 1, .soft_max = 8, .positional = true},
    {SPECS_FIELD(Times, layers), .doc = "layers in order", .def = "", .family = "layer", .positional = true},
    LAYER_PLACE(Times),
    {.name = NULL},
};

static bool times_expand(const void *params, NetBuilder *b, size_t in, size_t *out, Error *e)
{
    const Times *t = params;
    *out = in;
    for (int64_t i = 0; i < t->n; i++) {
        char number[24];
        snprintf(number, sizeof number, "%lld", (long long)i);
        if (!build_part(b, number, &t->layers, *out, out, e))
            return false;
    }
    return true;
}

extern const Layer layer_times;
const Layer layer_times = {
    .spec = {.name = "times",
             .doc = "the same layers n times over, each with its own weights",
             .group = LAYER_BLOCKS,
             .params = fields,
             .params_size = sizeof(Times)},
    .expand = times_expand,
};
