/* reshape: the numbers of a row in another shape, in the order in which they lie: places, then channels. With `partial` only some of
 * them: that is how a layer reads a part of the input by its name. */
#include <string.h>

#include "net/layer.h"

typedef struct Reshape {
    LayerPlace place;
    NumberList shape;
    int64_t first;
    bool partial;
} Reshape;

static const Field fields[] = {
    {NUMBERS_FIELD(Reshape, shape), .doc = "one to three sizes, channels last; none: one vector", .def = "", .min = 1, .max = 1 << 28,
     .positional = true},
    {FLAG_FIELD(Reshape, partial), .doc = "leave out the numbers before and behind", .def = "false"},
    {INT_FIELD(Reshape, first), .doc = "number of the row with which it begins", .def = "0", .min = 0, .max = 1 << 28,
     .when = "partial=true"},
    LAYER_PLACE(Reshape),
    {.name = NULL},
};

static bool wanted_shape(const Reshape *r, Shape in, Shape *out, Error *e)
{
    Value *sizes = value_list();
    for (size_t i = 0; i < r->shape.count; i++)
        value_add(sizes, value_int((int64_t)r->shape.items[i]));
    bool ok = r->shape.count ? shape_from_value(out, sizes, e) : true;
    if (!r->shape.count)
        *out = shape_vector(shape_size(in));
    value_free(sizes);
    return ok;
}

static bool reshape_shape(const void *params, Shape in, Shape *out, Error *e)
{
    const Reshape *r = params;
    if (!wanted_shape(r, in, out, e))
        return false;
    if (r->partial ? r->first + shape_size(*out) <= shape_size(in) : shape_size(*out) == shape_size(in))
        return true;
    char *from = shape_text(in), *to = shape_text(*out);
    error_set(e, ERROR_USAGE, "its input is %s, %lld numbers a row, but %s takes %lld%s", from, (long long)shape_size(in), to,
              (long long)shape_size(*out), r->partial ? " from where it begins" : "");
    mem_free(from);
    mem_free(to);
    return false;
}

static bool reshape_is_alias(const void *params, Shape in)
{
    (void)in;
    return !((const Reshape *)params)->partial;
}

static void reshape_forward(const LayerPass *p)
{
    size_t in = (size_t)shape_size(p->in), out = (size_t)shape_size(p->out), first = (size_t)((const Reshape *)p->params)->first;
    for (size_t r = 0; r < p->rows; r++)
        memcpy(p->y + r * out, p->x + r * in + first, out * sizeof(float));
}

static void reshape_backward(const LayerPass *p)
{
    size_t in = (size_t)shape_size(p->in), out = (size_t)shape_size(p->out), first = (size_t)((const Reshape *)p->params)->first;
    if (!p->dx)
        return;
    memset(p->dx, 0, p->rows * in * sizeof(float));
    for (size_t r = 0; r < p->rows; r++)
        memcpy(p->dx + r * in + first, p->dy + r * out, out * sizeof(float));
}

extern const Layer layer_reshape;
const Layer layer_reshape = {
    .spec = {.name = "reshape",
             .doc = "the numbers of a row in another shape",
             .group = "shape",
             .params = fields,
             .params_size = sizeof(Reshape)},
    .shape = reshape_shape,
    .is_alias = reshape_is_alias,
    .forward = reshape_forward,
    .backward = reshape_backward,
    .infer = reshape_forward,
};
