/* Building a model: layers get their shapes, a head is added, tensors get their places in one block and their first values. */
#include "net/model.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "num/denormals.h"

enum { ALIGN = 16 };
static const size_t MOST_FLOATS = (size_t)1 << 31;
static const int64_t MOST_NUMBERS = (int64_t)1 << 28; /* of a row, so that products of sizes stay in range */

extern const Layer layer_dense, layer_flatten, layer_relu;

static bool add_layer(Model *m, const SpecUse *use, Shape *shape, Error *e)
{
    ModelLayer *l = &m->items[m->count];
    *l = (ModelLayer){.layer = (const Layer *)use->spec, .params = use->params, .in = *shape};
    if (!l->layer->shape(l->params, l->in, &l->out, e))
        return error_prefix(e, "layer %zu (%s): ", m->count + 1, use->spec->name);
    if (shape_size(l->out) > MOST_NUMBERS)
        return error_set(e, ERROR_USAGE, "layer %zu (%s): a row would have %lld numbers; make the layers smaller", m->count + 1,
                         use->spec->name, (long long)shape_size(l->out));
    if (shape_size(l->out) < 1)
        return error_set(e, ERROR_USAGE, "layer %zu (%s): nothing is left of an input of length %lld", m->count + 1, use->spec->name,
                         (long long)l->in.length);
    *shape = l->out;
    m->count++;
    return true;
}

static bool make_head(Model *m, Error *e)
{
    Value *settings = value_map();
    value_set(settings, "width", value_int(m->outputs));
    value_set(settings, "init", value_text("uniform"));
    m->head = (SpecUse){&layer_dense.spec, params_from_value(&layer_dense.spec, settings, e)};
    value_free(settings);
    return m->head.params != NULL;
}

static bool add_layers(Model *m, Error *e)
{
    Shape shape = m->input;
    for (size_t i = 0; i < m->layers.count; i++)
        if (!add_layer(m, &m->layers.items[i], &shape, e))
            return false;
    if (!shape_is_vector(shape)) {
        m->flatten = (SpecUse){&layer_flatten.spec, params_new(&layer_flatten.spec)};
        if (!add_layer(m, &m->flatten, &shape, e))
            return false;
    }
    if (!make_head(m, e) || !add_layer(m, &m->head, &shape, e))
        return false;
    m->items[m->count - 1].is_head = true;
    return true;
}

static void fuse(Model *m)
{
    for (size_t i = 0; i < m->count; i++) {
        ModelLayer *l = &m->items[i];
        l->is_alias = l->layer == &layer_flatten;
        if (l->layer == &layer_relu && i > 0 && m->items[i - 1].layer->takes_relu)
            l->is_alias = m->items[i - 1].relu = true;
    }
}

static bool count_floats(const LayerTensor *t, size_t *count, Error *e)
{
    *count = 1;
    for (int d = 0; d < t->rank; d++)
        if (!mem_mul(*count, (size_t)t->dims[d], count))
            return error_set(e, ERROR_MEMORY, "the net has too many weights in one layer; make it smaller");
    return true;
}

static bool add_tensors(Model *m, size_t layer, Error *e)
{
    ModelLayer *l = &m->items[layer];
    LayerTensor declared[LAYER_TENSORS];
    size_t n = l->layer->tensors ? l->layer->tensors(l->params, l->in, declared) : 0;
    l->tensor_from = m->tensor_count;
    l->tensor_count = n;
    m->tensors = mem_realloc(m->tensors, (m->tensor_count + n + 1) * sizeof *m->tensors);
    for (size_t i = 0; i < n; i++) {
        TensorPlace *t = &m->tensors[m->tensor_count++];
        *t = (TensorPlace){.shown = {.rank = declared[i].rank, .is_trained = declared[i].is_trained},
                           .is_penalized = declared[i].is_penalized};
        memcpy(t->shown.dims, declared[i].dims, sizeof t->shown.dims);
        snprintf(t->name, sizeof t->name, "%zu.%s", layer, declared[i].name);
        if (!count_floats(&declared[i], &t->count, e))
            return false;
    }
    return true;
}

static bool place(Model *m, bool is_trained, Error *e)
{
    for (size_t i = 0; i < m->tensor_count; i++) {
        TensorPlace *t = &m->tensors[i];
        if (t->shown.is_trained != is_trained)
            continue;
        t->offset = m->total;
        if (t->count > MOST_FLOATS || (m->total += (t->count + ALIGN - 1) / ALIGN * ALIGN) > MOST_FLOATS)
            return error_set(e, ERROR_MEMORY, "the net has more than 2,147,483,648 weights; make its layers smaller");
    }
    return true;
}

static bool place_tensors(Model *m, Error *e)
{
    for (size_t i = 0; i < m->count; i++)
        if (!add_tensors(m, i, e))
            return false;
    if (!place(m, true, e))
        return false;
    m->trained = m->total;
    if (!place(m, false, e))
        return false;
    m->weights = mem_try_aligned(m->total, sizeof(float), e);
    if (!m->weights)
        return error_prefix(e, "weights of the net: ");
    for (size_t i = 0; i < m->tensor_count; i++) {
        m->tensors[i].shown.name = m->tensors[i].name;
        m->tensors[i].shown.data = m->weights + m->tensors[i].offset;
    }
    return true;
}

static void draw(Model *m, uint64_t seed)
{
    RngKey key = rng_key(seed, "init");
    for (size_t i = 0; i < m->count; i++) {
        LayerPass p = model_pass(m, i);
        Rng rng = rng_begin(rng_child(key, i));
        if (p.params && m->items[i].layer->init)
            m->items[i].layer->init(p.params, p.in, &rng, p.tensors);
    }
}

static bool is_size(int64_t n)
{
    return n > 0 && n <= MOST_NUMBERS;
}

Model *model_new(const SpecList *layers, Shape input, int64_t outputs, uint64_t seed, Error *e)
{
    Model *m = MEM_NEW(Model);
    m->input = input;
    m->outputs = outputs;
    spec_list_copy(&m->layers, layers);
    m->items = mem_alloc((layers->count + 2) * sizeof *m->items);
    bool ok = is_size(input.length) && is_size(input.channels) && is_size(shape_size(input)) && is_size(outputs);
    if (!ok)
        error_set(e, ERROR_USAGE, "a net needs at least one input and one output, found %lld and %lld", (long long)input.length,
                  (long long)outputs);
    if (!ok || !add_layers(m, e) || !place_tensors(m, e)) {
        model_free(m);
        return NULL;
    }
    fuse(m);
    draw(m, seed);
    return m;
}

void model_free(Model *m)
{
    if (!m)
        return;
    mem_free(m->weights);
    mem_free(m->tensors);
    mem_free(m->items);
    spec_use_done(&m->flatten);
    spec_use_done(&m->head);
    spec_list_done(&m->layers);
    mem_free(m);
}

Model *model_copy(const Model *m, Error *e)
{
    Model *copy = model_new(&m->layers, m->input, m->outputs, 0, e);
    if (copy)
        memcpy(copy->weights, m->weights, m->total * sizeof(float));
    return copy;
}

LayerPass model_pass(const Model *m, size_t layer)
{
    const ModelLayer *l = &m->items[layer];
    LayerPass p = {.params = l->params, .in = l->in, .out = l->out, .relu = l->relu};
    for (size_t i = 0; i < l->tensor_count; i++)
        p.tensors[i] = m->weights + m->tensors[l->tensor_from + i].offset;
    return p;
}

size_t model_widest(const Model *m)
{
    int64_t widest = shape_size(m->input);
    for (size_t i = 0; i < m->count; i++)
        if (shape_size(m->items[i].out) > widest)
            widest = shape_size(m->items[i].out);
    return (size_t)widest;
}

size_t model_layer_scratch(const ModelLayer *l)
{
    return l->layer->scratch ? (l->layer->scratch(l->params, l->in) + ALIGN - 1) / ALIGN * ALIGN : 0;
}

bool model_is_finite(const Model *m)
{
    for (size_t i = 0; i < m->total; i++)
        if (!isfinite(m->weights[i]))
            return false;
    return true;
}

void model_clear_denormals(Model *m)
{
    denormals_clear(m->weights, m->total);
}
