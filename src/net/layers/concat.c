/* concat: channels of several values side by side; their places must agree. Vectors are joined as they are. */
#include "net/layers/joined.h"

static bool concat_shape(const void *params, const Shape *in, size_t count, Shape *out, Error *e)
{
    (void)params;
    if (!joined_check_count(count, e))
        return false;
    int64_t channels = shape_channels(in[0]);
    for (size_t k = 1; k < count; k++) {
        bool same = shape_is_vector(in[0]) == shape_is_vector(in[k]) && shape_places(in[0]) == shape_places(in[k]) &&
                    (shape_is_vector(in[0]) || in[0].length == in[k].length);
        if (!same)
            return joined_differ(in, k, "they can lie side by side only with the same places", e);
        channels += shape_channels(in[k]);
    }
    *out = shape_with_channels(in[0], channels);
    return true;
}

/* Channels of value k of each place: between the plane of the joined value and its own. */
static void copy_channels(const LayerPass *p, size_t k, size_t first, bool back)
{
    size_t places = p->rows * (size_t)shape_places(p->out), all = (size_t)shape_channels(p->out), own = (size_t)shape_channels(p->ins[k]);
    for (size_t i = 0; i < places; i++)
        if (back)
            memcpy(p->dxs[k] + i * own, p->dy + i * all + first, own * sizeof(float));
        else
            memcpy(p->y + i * all + first, p->xs[k] + i * own, own * sizeof(float));
}

static void copy_all(const LayerPass *p, bool back)
{
    size_t first = 0;
    for (size_t k = 0; k < p->inputs; k++) {
        if (!back || p->dxs[k])
            copy_channels(p, k, first, back);
        first += (size_t)shape_channels(p->ins[k]);
    }
}

static void concat_forward(const LayerPass *p)
{
    copy_all(p, false);
}

static void concat_backward(const LayerPass *p)
{
    copy_all(p, true);
}

extern const Layer layer_concat;
const Layer layer_concat = {
    .spec = {.name = "concat",
             .doc = "channels of several values side by side",
             .group = LAYER_JOINS,
             .params = layer_plain_fields,
             .params_size = sizeof(PlainLayer)},
    .shapes = concat_shape,
    .forward = concat_forward,
    .backward = concat_backward,
    .infer = concat_forward,
};
