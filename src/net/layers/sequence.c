/* sequence: layers one after the other, as one. For branches of parallel, and for names of groups of layers. */
#include "net/build.h"

typedef struct Sequence {
    LayerPlace place;
    SpecList layers;
} Sequence;

static const Field fields[] = {
    {SPECS_FIELD(Sequence, layers), .doc = "layers in order; none: what comes in goes out", .def = "", .family = "layer",
     .positional = true},
    LAYER_PLACE(Sequence),
    {.name = NULL},
};

static bool sequence_expand(const void *params, NetBuilder *b, size_t in, size_t *out, Error *e)
{
    return build_list(b, &((const Sequence *)params)->layers, in, out, e);
}

extern const Layer layer_sequence;
const Layer layer_sequence = {
    .spec = {.name = "sequence",
             .doc = "layers one after the other, as one",
             .group = LAYER_BLOCKS,
             .params = fields,
             .params_size = sizeof(Sequence)},
    .expand = sequence_expand,
};
