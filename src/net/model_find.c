/* Layers by their number or id, as the names of their tensors begin, and weights that are exactly zero. */
#include <math.h>
#include <string.h>

#include "net/model.h"

static bool is_of_head(const Model *m, size_t tensor)
{
    for (size_t i = 0; i < m->count; i++)
        if (tensor >= m->items[i].tensor_from && tensor < m->items[i].tensor_from + m->items[i].tensor_count)
            return m->items[i].is_head;
    return false;
}

bool model_tensor_is_of(const Model *m, size_t tensor, const char *layer)
{
    const char *name = m->tensors[tensor].shown.name;
    size_t length = strlen(layer);
    if (length && strncmp(name, layer, length) == 0 && name[length] == '.')
        return true;
    return text_equal(layer, "head") && is_of_head(m, tensor);
}

static void add_layers(const Model *m, Text *out)
{
    const char *before = "";
    for (size_t i = 0; i < m->tensor_count; i++) {
        const char *name = m->tensors[i].shown.name, *end = strrchr(name, '.');
        size_t length = end ? (size_t)(end - name) : strlen(name);
        if (strncmp(before, name, length + 1) == 0)
            continue;
        text_addf(out, "%s%.*s", *before ? ", " : "", (int)length, name);
        before = name;
    }
}

bool model_check_layer(const Model *m, const char *layer, const char *what, Error *e)
{
    for (size_t i = 0; i < m->tensor_count; i++)
        if (model_tensor_is_of(m, i, layer))
            return true;
    Text known = {0};
    add_layers(m, &known);
    error_set(e, ERROR_USAGE, "%s: no layer \"%s\" with weights; there are %s, and head is the last", what, layer, text_get(&known));
    text_done(&known);
    return false;
}

int64_t model_zeros(const Model *m, int64_t *weights)
{
    int64_t zeros = 0, all = 0;
    for (size_t i = 0; i < m->tensor_count; i++) {
        const TensorPlace *tensor = &m->tensors[i];
        for (size_t k = 0; tensor->is_penalized && k < tensor->count; k++)
            zeros += m->weights[tensor->offset + k] == 0;
        all += tensor->is_penalized ? (int64_t)tensor->count : 0;
    }
    if (weights)
        *weights = all;
    return zeros;
}

double model_norm(const Model *m)
{
    double sum = 0;
    for (size_t i = 0; i < m->tensor_count; i++) {
        const TensorPlace *tensor = &m->tensors[i];
        for (size_t k = 0; tensor->is_penalized && k < tensor->count; k++)
            sum += (double)m->weights[tensor->offset + k] * (double)m->weights[tensor->offset + k];
    }
    return sqrt(sum);
}
