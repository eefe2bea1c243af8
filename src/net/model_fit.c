/* What layers find in the training rows before the first step. Rows come to them as inference gives them; since the layers before have
 * no tensors, nothing that is trained later changes what was found. */
#include "net/model.h"

static bool rows_at(const Model *m, size_t value, LayerRows *rows, float **owned, Error *e);

/* What a layer without tensors makes of the rows. */
static bool make_rows(const Model *m, size_t layer, LayerRows *rows, float **owned, Error *e)
{
    const ModelLayer *l = &m->items[layer];
    LayerRows in = *rows;
    float *before = NULL, *scratch = NULL;
    size_t floats = model_layer_scratch(l), cells = in.rows * (size_t)shape_size(l->out);
    bool ok = !l->tensor_count && l->inputs == 1 && !l->layer->shapes;
    if (!ok)
        return error_set(e, ERROR_USAGE, "it learns from the training rows, so that nothing that is trained may come before it; %s does",
                         l->layer->spec.name);
    ok = rows_at(m, l->from[0], &in, &before, e);
    *owned = ok ? mem_try_aligned(cells, sizeof(float), e) : NULL;
    scratch = *owned ? mem_try_aligned(floats + 1, sizeof(float), e) : NULL;
    ok = scratch != NULL;
    LayerPass p = model_pass(m, layer);
    p.rows = in.rows;
    p.x = in.x;
    p.xs = &p.x;
    p.y = *owned;
    p.scratch = scratch;
    if (ok)
        l->layer->infer(&p);
    mem_free(before);
    mem_free(scratch);
    *rows = (LayerRows){l->out, *owned, in.rows};
    return ok;
}

static bool rows_at(const Model *m, size_t value, LayerRows *rows, float **owned, Error *e)
{
    size_t root = model_value_root(m, value);
    bool ok = root ? make_rows(m, root - 1, rows, owned, e) : true;
    rows->shape = model_value_shape(m, value);
    return ok;
}

bool model_fit(Model *m, const float *x, size_t rows, Error *e)
{
    for (size_t i = 0; i < m->count; i++) {
        const ModelLayer *l = &m->items[i];
        LayerRows in = {.x = x, .rows = rows};
        float *owned = NULL;
        if (!l->layer->fit || !l->tensor_count)
            continue;
        bool ok = rows_at(m, l->from[0], &in, &owned, e) && l->layer->fit(l->params, &in, l->places, e);
        mem_free(owned);
        if (!ok)
            return error_prefix(e, "layer %s (%s): ", l->path, l->layer->spec.name);
    }
    return true;
}
