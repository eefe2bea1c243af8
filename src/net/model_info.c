/* What others may ask of a model: sizes, tensors, and a row for each layer. */
#include "net/model.h"

const SpecList *model_layers(const Model *m)
{
    return &m->layers;
}

Shape model_input(const Model *m)
{
    return m->input.shape;
}

const NetInput *model_net_input(const Model *m)
{
    return &m->input;
}

int64_t model_outputs(const Model *m)
{
    return m->outputs;
}

int64_t model_members(const Model *m)
{
    return m->members ? m->members : 1;
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
    return l->layer->macs && !l->is_alias ? l->layer->macs(l->params, l->in) : 0;
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

/* The layer of the net that needs the largest batch; NULL: none needs more than a row. */
static const ModelLayer *greediest(const Model *m, int64_t *least)
{
    const ModelLayer *found = NULL;
    *least = 1;
    for (size_t i = 0; i < m->count; i++) {
        const ModelLayer *l = &m->items[i];
        int64_t rows = l->layer->rows_least ? l->layer->rows_least(l->params, l->in) : 1;
        if (rows > *least) {
            *least = rows;
            found = l;
        }
    }
    return found;
}

bool model_check_batch(const Model *m, int64_t batch, Error *e)
{
    int64_t least;
    const ModelLayer *l = greediest(m, &least);
    if (batch < 1)
        return error_set(e, ERROR_USAGE, "batch is %lld; it must be at least 1", (long long)batch);
    return batch >= least ||
           error_set(e, ERROR_USAGE, "batch is %lld, but %s needs at least %lld rows in a batch; set batch = %lld or more, or take %s out",
                     (long long)batch, l->layer->spec.name, (long long)least, (long long)least, l->layer->spec.name);
}

bool batch_plan_make(BatchPlan *plan, const Model *m, int64_t rows, int64_t batch, Error *e)
{
    int64_t least;
    const ModelLayer *l = greediest(m, &least);
    if (!model_check_batch(m, batch, e))
        return false;
    if (rows < least)
        return l ? error_set(e, ERROR_FAILED,
                             "the training part has %lld row%s, but %s needs at least %lld; give it more rows, or take %s out",
                             (long long)rows, rows == 1 ? "" : "s", l->layer->spec.name, (long long)least, l->layer->spec.name)
                 : error_set(e, ERROR_FAILED, "the training part has no rows");
    int64_t left = rows % batch;
    *plan = (BatchPlan){.rows = rows, .batch = batch, .steps = (rows + batch - 1) / batch, .most = rows < batch ? rows : batch};
    if (left > 0 && left < least && plan->steps > 1) {
        plan->steps--;
        plan->most = batch + left;
    }
    return true;
}

int64_t batch_plan_from(const BatchPlan *plan, int64_t step)
{
    return step < plan->steps ? step * plan->batch : plan->rows;
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
    return m->line_count;
}

/* Positional values and choices bare, others by name when they differ from the default: "128  he_normal". Lists of layers are shown
 * as lines of their own. */
char *model_settings_text(const Spec *spec, const void *params)
{
    Text t = {0};
    for (const Field *f = spec->params; f && f->name; f++) {
        bool bare = f->positional || f->type == FIELD_CHOICE;
        if ((!bare && field_is_default(f, params)) || f->type == FIELD_SPECS)
            continue;
        char *value = field_text(f, params);
        text_addf(&t, "%s%s%s%s", t.size ? "  " : "", bare ? "" : f->name, bare ? "" : " ", value);
        mem_free(value);
    }
    return text_take(&t);
}

ModelLayerInfo model_layer_info(const Model *m, size_t i)
{
    const ModelLine *line = &m->lines[i];
    ModelLayerInfo info = {.layer = line->spec ? line->spec->name : "input",
                           .path = line->path,
                           .own = line->params,
                           .out = model_value_shape(m, line->value),
                           .item = line->spec ? line->item : SIZE_MAX,
                           .depth = line->depth};
    info.settings = line->spec ? model_settings_text(line->spec, line->params) : mem_strdup("");
    model_reach(m, line->value, info.reach);
    info.is_block = line->spec && ((const Layer *)line->spec)->expand;
    for (size_t k = line->first; k < line->last; k++) {
        const ModelLayer *l = &m->items[k];
        info.params += layer_params(m, l);
        info.macs += layer_macs(l);
        info.numbers += l->is_alias ? 0 : shape_size(l->out);
        info.is_head = info.is_head || l->is_head;
    }
    return info;
}

void model_layer_info_done(ModelLayerInfo *info)
{
    mem_free(info->settings);
    *info = (ModelLayerInfo){0};
}
