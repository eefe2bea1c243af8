/* How many places of the input a number of a layer sees: its receptive field. */
#include "net/model.h"

/* Along lines and along a line. Joined values see what the widest of them sees. */
typedef struct Reach {
    int64_t span[2], step[2]; /* places of the input; from one output to the next */
    bool sees_all;
} Reach;

static void join(Reach *r, const Reach *other)
{
    for (int axis = 0; axis < 2; axis++) {
        r->span[axis] = r->span[axis] > other->span[axis] ? r->span[axis] : other->span[axis];
        r->step[axis] = r->step[axis] > other->step[axis] ? r->step[axis] : other->step[axis];
    }
    r->sees_all = r->sees_all || other->sees_all;
}

/* Without windows: what weighs the features of a vector, runs along a length or makes one number of all places sees all of them. */
static bool sees_all(const ModelLayer *l)
{
    if (text_equal(l->layer->spec.group, LAYER_RECURRENT))
        return true;
    if (shape_is_vector(l->in))
        return l->layer->macs != NULL;
    return shape_places(l->in) != shape_places(l->out) && shape_size(l->in) != shape_size(l->out);
}

static void pass(const ModelLayer *l, Reach *r)
{
    LayerWindow w = {{1, 1}, {1, 1}};
    if (!l->layer->window) {
        r->sees_all = r->sees_all || sees_all(l);
        return;
    }
    l->layer->window(l->params, l->in, &w);
    for (int axis = 0; axis < 2; axis++) {
        r->span[axis] += (w.span[axis] - 1) * r->step[axis];
        r->step[axis] *= w.stride[axis];
    }
}

bool model_has_windows(const Model *m)
{
    for (size_t i = 0; i < m->count; i++)
        if (m->items[i].layer->window)
            return true;
    return false;
}

void model_reach(const Model *m, size_t value, int64_t reach[2])
{
    Shape in = m->input.shape;
    int64_t most[2] = {in.height, in.length};
    Reach *all = mem_alloc((m->count + 1) * sizeof *all);
    all[0] = (Reach){{1, 1}, {1, 1}, false};
    for (size_t i = 0; i < value; i++) {
        const ModelLayer *l = &m->items[i];
        all[i + 1] = all[l->from[0]];
        for (size_t k = 1; k < l->inputs; k++)
            join(&all[i + 1], &all[l->from[k]]);
        pass(l, &all[i + 1]);
    }
    for (int axis = 0; axis < 2; axis++)
        reach[axis] = all[value].sees_all || all[value].span[axis] > most[axis] ? most[axis] : all[value].span[axis];
    mem_free(all);
}
