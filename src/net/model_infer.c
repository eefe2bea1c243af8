/* Inference: blocks of rows through all layers, by kernels whose order over k is fixed for each output. */
#include <string.h>

#include "net/model.h"

enum { BLOCK = 64 };

struct ModelScratch {
    Arena arena;
    float *planes[2];
    float **layers; /* scratch of each layer */
};

static bool make_room(ModelScratch *s, const Model *m, Error *e)
{
    for (int i = 0; i < 2; i++) {
        s->planes[i] = arena_alloc(&s->arena, model_widest(m), BLOCK * sizeof(float), e);
        if (!s->planes[i])
            return false;
    }
    s->layers = arena_alloc(&s->arena, m->count, sizeof *s->layers, e);
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

static void infer_block(const Model *m, const ModelScratch *s, const float *x, size_t rows, float *logits)
{
    int plane = 0;
    for (size_t i = 0; i < m->count; i++) {
        if (m->items[i].is_alias)
            continue;
        LayerPass p = model_pass(m, i);
        p.rows = rows;
        p.x = x;
        p.y = m->items[i].is_head ? logits : s->planes[plane];
        p.scratch = s->layers[i];
        m->items[i].layer->infer(&p);
        x = p.y;
        plane = !plane;
    }
}

bool model_infer(const Model *m, ModelScratch *scratch, const float *x, size_t rows, float *logits, Error *e)
{
    ModelScratch *own = scratch ? NULL : model_scratch(m, e);
    const ModelScratch *s = scratch ? scratch : own;
    if (!s)
        return false;
    size_t width = (size_t)shape_size(m->input), outputs = (size_t)m->outputs;
    for (size_t from = 0; from < rows; from += BLOCK) {
        size_t count = rows - from < BLOCK ? rows - from : BLOCK;
        infer_block(m, s, x + from * width, count, logits + from * outputs);
    }
    model_scratch_free(own);
    return true;
}
