/* residual: layers whose value is added to what they read: y = F(x) + x (He, Zhang, Ren, Sun 2016). Where shapes differ, x goes through
 * a projection: a dense layer, or a convolution of kernel 1 with the stride that F has. */
#include "net/build.h"

typedef struct Residual {
    LayerPlace place;
    SpecList layers;
    bool norm;
} Residual;

static const Field fields[] = {
    {SPECS_FIELD(Residual, layers), .doc = "layers in order", .def = "", .family = "layer", .positional = true},
    {FLAG_FIELD(Residual, norm), .doc = "batch_norm behind the projection, where one is needed", .def = "false"},
    LAYER_PLACE(Residual),
    {.name = NULL},
};

static int64_t stride_between(int64_t in, int64_t out)
{
    return out > 0 ? (in + out - 1) / out : 1;
}

static Value *projection_settings(Shape in, Shape out)
{
    Value *v = value_map();
    if (shape_is_vector(out)) {
        value_set(v, "width", value_int(out.length));
        value_set(v, "bias", value_flag(false));
        return v;
    }
    value_set(v, "filters", value_int(out.channels));
    value_set(v, "bias", value_flag(false));
    value_set(v, "stride", value_int(stride_between(in.length, out.length)));
    value_set(v, "kernel", value_int(1));
    return v;
}

static const char *projection_of(Shape out)
{
    return shape_is_vector(out) ? "dense" : out.rank == 2 ? "conv1d" : "conv2d";
}

static bool project(const Residual *r, NetBuilder *b, Shape due, size_t *value, Error *e)
{
    Shape in = build_shape(b, *value);
    if (shape_is_vector(in) != shape_is_vector(due) || (!shape_is_vector(in) && in.rank != due.rank)) {
        char *from = shape_text(in), *to = shape_text(due);
        error_set(e, ERROR_USAGE, "residual: its layers make %s of %s; no projection leads from one to the other", to, from);
        mem_free(from);
        mem_free(to);
        return false;
    }
    if (!build_layer(b, "shortcut", projection_of(due), projection_settings(in, due), value, e))
        return false;
    return !r->norm || build_layer(b, "shortcut_norm", "batch_norm", NULL, value, e);
}

static bool residual_expand(const void *params, NetBuilder *b, size_t in, size_t *out, Error *e)
{
    const Residual *r = params;
    size_t end, shortcut = in;
    if (!r->layers.count)
        return error_set(e, ERROR_USAGE, "residual: it has no layers; put some into it");
    if (!build_list(b, &r->layers, in, &end, e))
        return false;
    Shape before = build_shape(b, in), due = build_shape(b, end);
    bool same = before.height == due.height && before.length == due.length && before.channels == due.channels;
    if (!same && !project(r, b, due, &shortcut, e))
        return false;
    return build_joined(b, "add", "add", (ValueList){(size_t[]){end, shortcut}, 2}, out, e);
}

extern const Layer layer_residual;
const Layer layer_residual = {
    .spec = {.name = "residual",
             .doc = "layers whose value is added to what they read",
             .group = LAYER_BLOCKS,
             .params = fields,
             .params_size = sizeof(Residual)},
    .expand = residual_expand,
};
