/* parallel: several branches that all read the same value, and are joined behind. */
#include <stdio.h>

#include "net/build.h"

typedef struct Parallel {
    LayerPlace place;
    SpecList branches;
    int join;
} Parallel;

static const char *const joins[] = {"concat", "add", "multiply", NULL};

static const Field fields[] = {
    {SPECS_FIELD(Parallel, branches), .doc = "a layer each; a list is a sequence", .def = "", .family = "layer", .positional = true,
     .lists_as = "sequence"},
    {CHOICE_FIELD(Parallel, join), .doc = "how their values become one", .def = "concat", .choices = joins},
    LAYER_PLACE(Parallel),
    {.name = NULL},
};

static bool parallel_expand(const void *params, NetBuilder *b, size_t in, size_t *out, Error *e)
{
    const Parallel *p = params;
    size_t ends[LAYER_INPUTS];
    if (p->branches.count < 2 || p->branches.count > LAYER_INPUTS)
        return error_set(e, ERROR_USAGE, "parallel: %zu branch%s; give 2 to %d", p->branches.count, p->branches.count == 1 ? "" : "es",
                         LAYER_INPUTS);
    for (size_t i = 0; i < p->branches.count; i++) {
        char number[24];
        SpecList one = {&p->branches.items[i], 1};
        snprintf(number, sizeof number, "%zu", i);
        if (!build_part(b, number, &one, in, &ends[i], e))
            return false;
    }
    return build_joined(b, joins[p->join], joins[p->join], (ValueList){ends, p->branches.count}, out, e);
}

extern const Layer layer_parallel;
const Layer layer_parallel = {
    .spec = {.name = "parallel",
             .doc = "branches that read the same value, joined behind",
             .group = LAYER_BLOCKS,
             .params = fields,
             .params_size = sizeof(Parallel)},
    .expand = parallel_expand,
};
