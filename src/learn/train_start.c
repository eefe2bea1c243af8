/* A training that begins with the weights of another model: all of them, or those of some layers. */
#include <string.h>

#include "base/text.h"
#include "learn/loop.h"

static bool is_wanted(const Model *m, size_t tensor, const TextList *layers)
{
    for (size_t i = 0; i < layers->count; i++)
        if (model_tensor_is_of(m, tensor, layers->items[i]))
            return true;
    return layers->count == 0;
}

static void add_shape(const ModelTensor *t, Text *out)
{
    for (int i = 0; i < t->rank; i++)
        text_addf(out, "%s%lld", i ? "x" : "", (long long)t->dims[i]);
}

static int64_t numbers(const ModelTensor *t)
{
    int64_t n = 1;
    for (int i = 0; i < t->rank; i++)
        n *= t->dims[i];
    return n;
}

static bool refuse(const Loop *l, const ModelTensor *mine, const ModelTensor *other, Error *e)
{
    Text text = {0};
    text_addf(&text, "%s has ", mine->name);
    add_shape(mine, &text);
    text_add(&text, " numbers in this net and ");
    if (other)
        add_shape(other, &text);
    else
        text_add(&text, "none");
    error_set(e, ERROR_USAGE, "start: %s in %s; take only the layers that agree: start_layers = { ... }", text_get(&text), l->plan->start);
    text_done(&text);
    return false;
}

static bool find_tensor(const Model *m, const char *name, ModelTensor *out)
{
    for (size_t i = 0; i < model_tensor_count(m); i++) {
        *out = model_tensor(m, i);
        if (text_equal(out->name, name))
            return true;
    }
    return false;
}

static bool take_tensor(Loop *l, size_t tensor, Error *e)
{
    ModelTensor mine = model_tensor(l->model, tensor), other;
    if (!find_tensor(l->begun_with->model, mine.name, &other))
        return refuse(l, &mine, NULL, e);
    bool same = mine.rank == other.rank;
    for (int i = 0; same && i < mine.rank; i++)
        same = mine.dims[i] == other.dims[i];
    if (!same)
        return refuse(l, &mine, &other, e);
    memcpy(mine.data, other.data, (size_t)numbers(&mine) * sizeof *mine.data);
    return true;
}

/* Equal shapes say nothing of what the numbers of a row are. */
static void compare_features(Loop *l)
{
    const TextList *mine = &l->data->features, *other = &l->begun_with->features;
    bool same = mine->count == other->count;
    for (size_t i = 0; same && i < mine->count; i++)
        same = text_equal(mine->items[i], other->items[i]);
    if (!same)
        text_list_add(&l->notes, "start: the features of that model are not those of this one, in name or order");
}

/* Models of before nets were graphs count the numbers of arrays in another order behind flatten, where shapes say nothing of it. */
static bool check_order(const Loop *l, Error *e)
{
    const Bundle *b = l->begun_with;
    return b->format >= BUNDLE_GRAPH_FORMAT || shape_is_vector(model_input(b->model)) ||
           error_set(e, ERROR_USAGE, "start: %s is a net over arrays of an older version, whose layers have another order; train it again",
                     l->plan->start);
}

static bool check_layers(const Loop *l, Error *e)
{
    const TextList *layers = &l->plan->start_layers;
    for (size_t i = 0; i < layers->count; i++)
        if (!model_check_layer(l->model, layers->items[i], "start_layers", e))
            return false;
    return true;
}

bool loop_begin_with(Loop *l, Error *e)
{
    const char *path = l->plan->start;
    if (!path || !*path)
        return l->plan->start_layers.count == 0 ||
               error_set(e, ERROR_USAGE, "start_layers: of which model? name its file: start = \"...\"");
    if (l->job && l->job->may_read && !l->job->may_read(l->job->asker, path, e))
        return false;
    if (!check_layers(l, e) || !(l->begun_with = bundle_load(path, e)) || !check_order(l, e))
        return false;
    for (size_t i = 0; i < model_tensor_count(l->model); i++)
        if (is_wanted(l->model, i, &l->plan->start_layers) && !take_tensor(l, i, e))
            return false;
    compare_features(l);
    return true;
}
