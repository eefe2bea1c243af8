/* part: some numbers of the net's input, in a shape of their own. Added where a layer reads a part by its name; not in the family. */
#include <string.h>

#include "net/layer.h"

typedef struct Part {
    LayerPlace place;
    int64_t first;
    Value *shape;
} Part;

static const Field fields[] = {
    {INT_FIELD(Part, first), .doc = "number of the row with which it begins", .def = NULL},
    {VALUE_FIELD(Part, shape), .doc = "its sizes", .def = NULL},
    LAYER_PLACE(Part),
    {.name = NULL},
};

static bool part_shape(const void *params, Shape in, Shape *out, Error *e)
{
    const Part *part = params;
    if (!shape_from_value(out, part->shape, e))
        return false;
    return (part->first >= 0 && part->first <= shape_size(in) - shape_size(*out)) ||
           error_set(e, ERROR_FAILED, "it ends behind the row, which has %lld numbers", (long long)shape_size(in));
}

static void part_forward(const LayerPass *p)
{
    size_t in = (size_t)shape_size(p->in), out = (size_t)shape_size(p->out);
    for (size_t r = 0; r < p->rows; r++)
        memcpy(p->y + r * out, p->x + r * in + ((const Part *)p->params)->first, out * sizeof(float));
}

static void part_backward(const LayerPass *p)
{
    size_t in = (size_t)shape_size(p->in), out = (size_t)shape_size(p->out);
    if (!p->dx)
        return;
    memset(p->dx, 0, p->rows * in * sizeof(float));
    for (size_t r = 0; r < p->rows; r++)
        memcpy(p->dx + r * in + ((const Part *)p->params)->first, p->dy + r * out, out * sizeof(float));
}

extern const Layer layer_part;
const Layer layer_part = {
    .spec = {.name = "part", .doc = "a part of the input", .group = "shape", .params = fields, .params_size = sizeof(Part)},
    .shape = part_shape,
    .forward = part_forward,
    .backward = part_backward,
    .infer = part_forward,
};
