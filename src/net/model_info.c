/* What others may ask of a model: sizes, tensors, and a row for each layer. */
#include "net/model.h"

const SpecList *model_layers(const Model *m)
{
    return &m->layers;
}

Shape model_input(const Model *m)
{
    return m->input;
}

int64_t model_outputs(const Model *m)
{
    return m->outputs;
}

static int64_t layer_params(const Model *m, const ModelLayer *l)
{
    int64_t sum = 0;
    for (size_t i = l->tensor_from; i < l->tensor_from + l->tensor_count; i++)
        if (m->tensors[i].shown.is_trained)
            sum += (int64_t)m->tensors[i].count;
    return sum;
}

int64_t model_params(const Model *m)
{
    int64_t sum = 0;
    for (size_t i = 0; i < m->count; i++)
        sum += layer_params(m, &m->items[i]);
    return sum;
}

static int64_t layer_macs(const ModelLayer *l)
{
    return l->layer->macs ? l->layer->macs(l->params, l->in) : 0;
}

int64_t model_macs(const Model *m)
{
    int64_t sum = 0;
    for (size_t i = 0; i < m->count; i++)
        sum += layer_macs(&m->items[i]);
    return sum;
}

int64_t model_bytes(const Model *m)
{
    int64_t sum = 0;
    for (size_t i = 0; i < m->tensor_count; i++)
        sum += (int64_t)(m->tensors[i].count * sizeof(float));
    return sum;
}

size_t model_tensor_count(const Model *m)
{
    return m->tensor_count;
}

ModelTensor model_tensor(const Model *m, size_t i)
{
    return m->tensors[i].shown;
}

size_t model_layer_count(const Model *m)
{
    return m->count + 1;
}

/* Positional values and choices bare, others by name when they differ from the default: "128  he_normal". */
static char *settings_text(const Spec *spec, const void *params)
{
    Text t = {0};
    for (const Field *f = spec->params; f && f->name; f++) {
        bool bare = f->positional || f->type == FIELD_CHOICE;
        if (!bare && field_is_default(f, params))
            continue;
        char *value = field_text(f, params);
        text_addf(&t, "%s%s%s%s", t.size ? "  " : "", bare ? "" : f->name, bare ? "" : " ", value);
        mem_free(value);
    }
    return text_take(&t);
}

ModelLayerInfo model_layer_info(const Model *m, size_t i)
{
    if (i == 0)
        return (ModelLayerInfo){.layer = "input", .settings = mem_strdup(""), .out = m->input};
    const ModelLayer *l = &m->items[i - 1];
    return (ModelLayerInfo){
        .layer = l->layer->spec.name,
        .settings = settings_text(&l->layer->spec, l->params),
        .out = l->out,
        .params = layer_params(m, l),
        .macs = layer_macs(l),
        .is_head = l->is_head,
    };
}

void model_layer_info_done(ModelLayerInfo *info)
{
    mem_free(info->settings);
    *info = (ModelLayerInfo){0};
}
