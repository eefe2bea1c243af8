/* Inference: blocks of rows through all layers, by kernels whose order over k is fixed for each output. */
#include <string.h>

#include "net/model.h"

enum { BLOCK = 64 };

struct ModelScratch {
    Arena arena;
    float **values; /* of each layer: where it writes; aliases: NULL. The head writes to the caller's logits, if it has no members */
    float **layers; /* scratch of each layer */
};

static size_t row_of(const Model *m, const ModelLayer *l)
{
    return l->is_alias || (l->is_head && !m->members) ? 0 : (size_t)shape_size(l->out);
}

/* When each value is made, and read for the last time. */
static PlaneUse *uses_of(Arena *arena, const Model *m, Error *e)
{
    PlaneUse *uses = arena_alloc(arena, m->count + 1, sizeof *uses, e);
    for (size_t i = 0; uses && i < m->count; i++)
        uses[i] = (PlaneUse){.row = row_of(m, &m->items[i]), .born = i, .dies = i};
    for (size_t i = 0; uses && i < m->count; i++)
        for (size_t k = 0; k < m->items[i].inputs; k++) {
            size_t root = model_value_root(m, m->items[i].from[k]);
            if (root && uses[root - 1].dies < i)
                uses[root - 1].dies = i;
        }
    return uses;
}

static bool make_planes(ModelScratch *s, const Model *m, Error *e)
{
    PlaneUse *uses = uses_of(&s->arena, m, e);
    size_t *rows = arena_alloc(&s->arena, m->count + 1, sizeof *rows, e);
    float **planes = arena_alloc(&s->arena, m->count + 1, sizeof *planes, e);
    s->values = arena_alloc(&s->arena, m->count + 1, sizeof *s->values, e);
    if (!uses || !rows || !planes || !s->values)
        return false;
    size_t count = planes_assign(uses, m->count, rows);
    for (size_t k = 0; k < count; k++)
        if (rows[k] && !(planes[k] = arena_alloc(&s->arena, rows[k], BLOCK * sizeof(float), e)))
            return false;
    for (size_t i = 0; i < m->count; i++)
        s->values[i] = uses[i].row ? planes[uses[i].plane] : NULL;
    return true;
}

static bool make_room(ModelScratch *s, const Model *m, Error *e)
{
    if (!make_planes(s, m, e))
        return false;
    s->layers = arena_alloc(&s->arena, m->count + 1, sizeof *s->layers, e);
    for (size_t i = 0; s->layers && i < m->count; i++) {
        size_t floats = model_layer_scratch(&m->items[i]);
        s->layers[i] = floats ? arena_alloc(&s->arena, floats, sizeof(float), e) : NULL;
        if (floats && !s->layers[i])
            return false;
    }
    return s->layers != NULL;
}

ModelScratch *model_scratch(const Model *m, Error *e)
{
    ModelScratch *s = MEM_NEW(ModelScratch);
    if (make_room(s, m, e))
        return s;
    model_scratch_free(s);
    return NULL;
}

void model_scratch_free(ModelScratch *s)
{
    if (!s)
        return;
    arena_done(&s->arena);
    mem_free(s);
}

static const float *value_of(const Model *m, const ModelScratch *s, const float *x, size_t value)
{
    size_t root = model_value_root(m, value);
    return root ? s->values[root - 1] : x;
}

static void infer_block(const Model *m, const ModelScratch *s, const float *x, size_t rows, float *logits)
{
    const float *xs[LAYER_INPUTS];
    for (size_t i = 0; i < m->count; i++) {
        const ModelLayer *l = &m->items[i];
        if (l->is_alias)
            continue;
        LayerPass p = model_pass(m, i);
        p.rows = rows;
        for (size_t k = 0; k < l->inputs; k++)
            xs[k] = value_of(m, s, x, l->from[k]);
        p.x = xs[0];
        p.xs = xs;
        p.y = s->values[i] ? s->values[i] : logits;
        p.scratch = s->layers[i];
        l->layer->infer(&p);
    }
    if (m->members)
        model_mix(m, s->values[m->count - 1], rows, logits);
}

bool model_infer(const Model *m, ModelScratch *scratch, const float *x, size_t rows, float *logits, Error *e)
{
    ModelScratch *own = scratch ? NULL : model_scratch(m, e);
    const ModelScratch *s = scratch ? scratch : own;
    if (!s)
        return false;
    size_t width = (size_t)shape_size(m->input.shape), outputs = (size_t)m->outputs;
    for (size_t from = 0; from < rows; from += BLOCK) {
        size_t count = rows - from < BLOCK ? rows - from : BLOCK;
        infer_block(m, s, x + from * width, count, logits + from * outputs);
    }
    model_scratch_free(own);
    return true;
}
