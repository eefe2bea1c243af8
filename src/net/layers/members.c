/* members: k nets in one, which share all weights but a vector of their own that scales what they read (TabM-mini: Gorishniy, Kotelnikov,
 * Babenko 2024). A vector of features becomes k places of as many channels: y[m][j] = x[j] * weight[m][j]. Layers behind it work on each
 * place; the head then has weights of its own for each member, the loss is the mean of the members' losses, and what the net says is the
 * mean of what they say. */
#include "net/layer.h"

typedef struct Members {
    LayerPlace place;
    int64_t count, group, alone;
} Members;

static const Field fields[] = {
    {INT_FIELD(Members, count), .doc = "how many", .def = "16", .min = 1, .max = 256, .soft_min = 4, .soft_max = 32, .scale = SCALE_LOG,
     .positional = true},
    {INT_FIELD(Members, group), .doc = "neighbors that begin with the same factor: the width of an embedding", .def = "1", .min = 1,
     .max = 65536, .soft_min = 1, .soft_max = 64},
    {INT_FIELD(Members, alone), .doc = "at the end: so many begin with factors of their own", .def = "0", .min = 0, .max = 1 << 28,
     .is_sparse = true},
    LAYER_PLACE(Members),
    {.name = NULL},
};

static bool members_shape(const void *params, Shape in, Shape *out, Error *e)
{
    if (!shape_is_vector(in)) {
        char *text = shape_text(in);
        error_set(e, ERROR_USAGE, "members reads a vector, but its input is %s; put a flatten before it", text);
        mem_free(text);
        return false;
    }
    *out = shape_sequence(((const Members *)params)->count, in.length);
    return true;
}

static size_t members_tensors(const void *params, Shape in, LayerTensor out[LAYER_TENSORS])
{
    out[0] = (LayerTensor){.name = "weight", .rank = 2, .dims = {((const Members *)params)->count, shape_size(in)}, .is_trained = true};
    return 1;
}

static void members_init(const void *params, Shape in, Rng *rng, float *const *tensors)
{
    const Members *m = params;
    float *at = tensors[0], factor = 0;
    for (int64_t k = 0; k < m->count; k++)
        for (int64_t j = 0; j < shape_size(in); j++) {
            if (j % m->group == 0 || j >= shape_size(in) - m->alone)
                factor = (float)rng_normal(rng);
            *at++ = factor;
        }
}

static MembersView view_of(const LayerPass *p)
{
    return (MembersView){.x = p->x,
                         .scale = p->tensors[0],
                         .y = p->y,
                         .dy = p->dy,
                         .dx = p->dx,
                         .rows = p->rows,
                         .members = (size_t)p->out.length,
                         .width = (size_t)shape_size(p->in)};
}

static void members_forward(const LayerPass *p)
{
    MembersView v = view_of(p);
    kernels()->members(&v);
}

static void members_backward(const LayerPass *p)
{
    MembersView v = view_of(p);
    v.d_scale = p->gradients[0];
    kernels()->members_back(&v);
}

extern const Layer layer_members;
const Layer layer_members = {
    .spec = {.name = "members",
             .doc = "several nets in one that share all weights but factors and head",
             .group = "ensemble",
             .params = fields,
             .params_size = sizeof(Members)},
    .shape = members_shape,
    .tensors = members_tensors,
    .init = members_init,
    .forward = members_forward,
    .backward = members_backward,
    .infer = members_forward,
};
