/* Making a model: its layers as a graph, tensors with their places in one block and their first values. */
#include "net/model.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "base/number.h"
#include "num/denormals.h"

enum { ALIGN = 16 };
static const size_t MOST_FLOATS = (size_t)1 << 31;

static bool count_floats(const LayerTensor *t, size_t *count, Error *e)
{
    *count = 1;
    for (int d = 0; d < t->rank; d++)
        if (!mem_mul(*count, (size_t)t->dims[d], count))
            return error_set(e, ERROR_MEMORY, "the net has too many weights in one layer; make it smaller");
    return true;
}

static bool has_axes(const LayerTensor *d)
{
    bool has = false;
    for (int k = 0; k < LAYER_DIMS; k++)
        has = has || d->axes[k];
    return has;
}

static bool add_tensors(Model *m, size_t layer, Error *e)
{
    ModelLayer *l = &m->items[layer];
    LayerTensor declared[LAYER_TENSORS];
    size_t n = l->layer->tensors && !l->is_alias ? l->layer->tensors(l->params, l->in, declared) : 0;
    l->tensor_from = m->tensor_count;
    l->tensor_count = n;
    m->tensors = mem_realloc(m->tensors, (m->tensor_count + n + 1) * sizeof *m->tensors);
    for (size_t i = 0; i < n; i++) {
        const LayerTensor *d = &declared[i];
        TensorPlace *t = &m->tensors[m->tensor_count++];
        *t = (TensorPlace){.shown = {.rank = d->rank, .is_trained = d->is_trained}, .is_penalized = d->is_penalized, .layer = layer};
        memcpy(t->shown.dims, d->dims, sizeof t->shown.dims);
        for (int k = 0; k < LAYER_DIMS; k++)
            t->axes[k] = (int8_t)k;
        if (!m->is_old && has_axes(d))
            memcpy(t->axes, d->axes, sizeof t->axes);
        snprintf(t->name, sizeof t->name, "%s.%s", l->path, m->is_old && d->old_name ? d->old_name : d->name);
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
            return error_set(e, ERROR_MEMORY, "with %s the net has more than 2,147,483,648 weights; make that layer smaller", t->name);
    }
    return true;
}

/* The largest tensor is what there is to do something about. */
static bool refuse_size(const Model *m, Error *e)
{
    const TensorPlace *largest = &m->tensors[0];
    char all[NUMBER_ROOM], one[NUMBER_ROOM];
    for (size_t i = 1; i < m->tensor_count; i++)
        if (m->tensors[i].count > largest->count)
            largest = &m->tensors[i];
    return error_set(e, ERROR_MEMORY, "out of memory: the weights of the net need %s, of which %s has %s; make that layer smaller",
                     number_format_size((double)m->total * sizeof(float), all), largest->name,
                     number_format_size((double)largest->count * sizeof(float), one));
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
        return refuse_size(m, e);
    m->pointers = mem_alloc((m->tensor_count + 1) * sizeof *m->pointers);
    for (size_t i = 0; i < m->tensor_count; i++) {
        m->tensors[i].shown.name = m->tensors[i].name;
        m->pointers[i] = m->tensors[i].shown.data = m->weights + m->tensors[i].offset;
    }
    for (size_t i = 0; i < m->count; i++)
        m->items[i].places = m->pointers + m->items[i].tensor_from;
    return true;
}

static void draw(Model *m, uint64_t seed)
{
    RngKey key = rng_key(seed, "init");
    for (size_t i = 0; i < m->count; i++) {
        const ModelLayer *l = &m->items[i];
        Rng rng = rng_begin(rng_child(key, i));
        if (l->layer->init && !l->is_alias)
            l->layer->init(l->params, l->in, &rng, l->places);
    }
}

static Model *make(const SpecList *layers, const NetInput *input, int64_t outputs, bool is_old, Error *e)
{
    Model *m = MEM_NEW(Model);
    m->input = *input;
    m->outputs = outputs;
    m->is_old = is_old;
    spec_list_copy(&m->layers, layers);
    bool ok = shape_is_size(input->shape) && shape_is_size(shape_vector(outputs));
    if (!ok)
        error_set(e, ERROR_USAGE, "a net needs at least one input and one output, found %lld and %lld", (long long)input->shape.length,
                  (long long)outputs);
    if (ok && model_build(m, e) && place_tensors(m, e))
        return m;
    model_free(m);
    return NULL;
}

Model *model_new(const SpecList *layers, const NetInput *input, int64_t outputs, uint64_t seed, Error *e)
{
    Model *m = make(layers, input, outputs, false, e);
    if (m)
        draw(m, seed);
    return m;
}

Model *model_new_old(const SpecList *layers, Shape input, int64_t outputs, Error *e)
{
    NetInput whole = net_input(input);
    return make(layers, &whole, outputs, true, e);
}

void model_say_values(Model *m, bool is_values)
{
    m->is_values = is_values;
}

void model_free(Model *m)
{
    if (!m)
        return;
    for (size_t i = 0; i < m->count; i++)
        mem_free(m->items[i].ins);
    mem_free(m->weights);
    mem_free(m->pointers);
    mem_free(m->tensors);
    mem_free(m->items);
    mem_free(m->lines);
    spec_list_done(&m->made);
    spec_list_done(&m->layers);
    mem_free(m);
}

Model *model_copy(const Model *m, Error *e)
{
    Model *copy = make(&m->layers, &m->input, m->outputs, m->is_old, e);
    if (copy) {
        memcpy(copy->weights, m->weights, m->total * sizeof(float));
        copy->is_values = m->is_values;
    }
    return copy;
}

LayerPass model_pass(const Model *m, size_t layer)
{
    const ModelLayer *l = &m->items[layer];
    return (LayerPass){.params = l->params,
                       .in = l->in,
                       .out = l->out,
                       .inputs = l->inputs,
                       .ins = l->ins,
                       .relu = l->relu,
                       .pool = l->pools ? &l->pool : NULL,
                       .tensors = l->places};
}

Shape model_value_shape(const Model *m, size_t value)
{
    const ModelLayer *l = value ? &m->items[value - 1] : NULL;
    return !l ? m->input.shape : l->pools ? l->alone : l->out;
}

size_t model_value_root(const Model *m, size_t value)
{
    while (value && m->items[value - 1].is_alias)
        value = m->items[value - 1].from[0];
    return value;
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
