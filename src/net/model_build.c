/* From a list of layers to a graph: blocks are expanded, `from` is looked up, every layer gets its shapes, and a head is added. */
#include <ctype.h>
#include <stdio.h>
#include <string.h>

#include "net/build.h"
#include "net/model.h"

extern const Layer layer_dense, layer_flatten, layer_members, layer_relu, layer_reshape;

typedef struct Known { /* an id that later layers may read */
    const char *id;
    size_t value;
} Known;

struct NetBuilder {
    Model *m;
    Known *known;
    size_t known_count;
    size_t item; /* of the outermost list */
    int depth;
    char path[MODEL_NAME];
};

Shape build_shape(const NetBuilder *b, size_t value)
{
    return model_value_shape(b->m, value);
}

/* "3.0": the block's path, and a name. Longer paths than there is room for are refused. */
static bool enter(NetBuilder *b, const char *name, size_t *length, Error *e)
{
    *length = strlen(b->path);
    size_t need = *length + strlen(name) + 1;
    if (need >= sizeof b->path)
        return error_set(e, ERROR_USAGE, "blocks lie too deep in each other, or their ids are too long");
    snprintf(b->path + *length, sizeof b->path - *length, "%s%s", *length ? "." : "", name);
    return true;
}

static bool name_layer(const NetBuilder *b, const Spec *spec, Error *e)
{
    if (b->item == SIZE_MAX)
        return error_prefix(e, "%s: ", spec->name);
    if (b->depth == 0)
        return error_prefix(e, "layer %zu (%s): ", b->item + 1, spec->name);
    return error_prefix(e, "layer %zu, %s (%s): ", b->item + 1, b->path, spec->name);
}

static bool find_shape(ModelLayer *l, Error *e)
{
    if (l->layer->shapes)
        return l->layer->shapes(l->params, l->ins, l->inputs, &l->out, e);
    if (l->inputs != 1)
        return error_set(e, ERROR_USAGE, "it reads one value, but its from names %zu; add, multiply or concat join several", l->inputs);
    return l->layer->shape(l->params, l->in, &l->out, e);
}

static bool check_shape(const ModelLayer *l, Error *e)
{
    if (l->out.height < 1 || l->out.length < 1 || l->out.channels < 1) {
        char *in = shape_text(l->in);
        error_set(e, ERROR_USAGE, "nothing is left of its input, %s", in);
        mem_free(in);
        return false;
    }
    return shape_is_size(l->out) ||
           error_set(e, ERROR_USAGE, "a row would have too many numbers (more than %lld); make the layers smaller", (long long)1 << 28);
}

static void hold_inputs(const NetBuilder *b, ModelLayer *l, ValueList inputs)
{
    l->inputs = inputs.count;
    memcpy(l->from, inputs.items, inputs.count * sizeof *inputs.items);
    l->in = build_shape(b, inputs.items[0]);
    if (!l->layer->shapes)
        return;
    l->ins = mem_alloc(inputs.count * sizeof *l->ins);
    for (size_t i = 0; i < inputs.count; i++)
        l->ins[i] = build_shape(b, inputs.items[i]);
}

/* params are the model's own: what is found is saved with its layers. */
static void settle_part(const NetBuilder *b, const Layer *layer, const void *params, size_t value)
{
    const NetInput *input = &b->m->input;
    for (size_t k = 0; layer->settle_part && k < b->known_count; k++)
        for (size_t i = 0; b->known[k].value == value && i < input->count; i++)
            if (b->known[k].id == input->parts[i].name)
                layer->settle_part((void *)(uintptr_t)params, &input->parts[i]);
}

static bool note_members(Model *m, int64_t count, Error *e)
{
    if (m->members && m->members != count)
        return error_set(e, ERROR_USAGE, "it makes %lld members, an earlier layer %lld; they must be alike", (long long)count,
                         (long long)m->members);
    m->members = count;
    return true;
}

/* One layer behind the others. */
static bool add_layer(NetBuilder *b, const Layer *layer, const void *params, ValueList inputs, size_t *out, Error *e)
{
    Model *m = b->m;
    m->items = mem_realloc(m->items, (m->count + 1) * sizeof *m->items);
    ModelLayer *l = &m->items[m->count];
    *l = (ModelLayer){.layer = layer, .params = params};
    memcpy(l->path, b->path, sizeof l->path);
    hold_inputs(b, l, inputs);
    settle_part(b, layer, params, inputs.items[0]);
    if (!find_shape(l, e) || !check_shape(l, e)) {
        mem_free(l->ins);
        return name_layer(b, &layer->spec, e);
    }
    if (layer == &layer_members && !note_members(m, l->out.length, e)) {
        mem_free(l->ins);
        return name_layer(b, &layer->spec, e);
    }
    l->is_alias = layer->is_alias && layer->is_alias(params, l->in);
    if (m->is_old && layer == &layer_flatten)
        l->is_alias = true;
    *out = ++m->count;
    return true;
}

static size_t begin_line(NetBuilder *b, const Spec *spec, const void *params)
{
    Model *m = b->m;
    m->lines = mem_realloc(m->lines, (m->line_count + 1) * sizeof *m->lines);
    m->lines[m->line_count] =
        (ModelLine){.spec = spec, .params = params, .first = m->count, .item = b->depth ? SIZE_MAX : b->item, .depth = b->depth};
    memcpy(m->lines[m->line_count].path, b->path, sizeof b->path);
    return m->line_count++;
}

static void end_line(NetBuilder *b, size_t line, size_t value)
{
    b->m->lines[line].last = b->m->count;
    b->m->lines[line].value = value;
}

static bool add(NetBuilder *b, const Layer *layer, const void *params, ValueList inputs, size_t *out, Error *e)
{
    size_t line = begin_line(b, &layer->spec, params);
    bool ok;
    if (layer->settle && b->m->input.knows_flags && inputs.items[0] == 0)
        layer->settle((void *)(uintptr_t)params, &b->m->input); /* params are the model's own */
    if (layer->expand) {
        b->depth++;
        ok = inputs.count == 1 ? layer->expand(params, b, inputs.items[0], out, e)
                               : error_set(e, ERROR_USAGE, "layer %zu (%s): a block reads one value, but its from names %zu", b->item + 1,
                                           layer->spec.name, inputs.count);
        b->depth--;
    } else {
        ok = add_layer(b, layer, params, inputs, out, e);
    }
    end_line(b, line, ok ? *out : 0);
    return ok;
}

/* A part of the input becomes a layer when something reads it. */
static bool read_part(NetBuilder *b, const NetPart *part, size_t *value, Error *e)
{
    Value *settings = value_map();
    value_set(settings, "partial", value_flag(true));
    value_set(settings, "first", value_int(part->from));
    value_set(settings, "shape", shape_to_value(part->shape));
    void *params = params_from_value(&layer_reshape.spec, settings, e);
    value_free(settings);
    if (!params)
        return false;
    spec_list_add(&b->m->made, &layer_reshape.spec, params);
    char path[MODEL_NAME];
    memcpy(path, b->path, sizeof path);
    snprintf(b->path, sizeof b->path, "input.%s", part->name);
    bool ok = add_layer(b, &layer_reshape, params, (ValueList){(size_t[]){0}, 1}, value, e);
    memcpy(b->path, path, sizeof path);
    return ok;
}

static void know(NetBuilder *b, const char *id, size_t value)
{
    b->known = mem_realloc(b->known, (b->known_count + 1) * sizeof *b->known);
    b->known[b->known_count++] = (Known){id, value};
}

static const char *known_at(const void *self, size_t i)
{
    const NetBuilder *b = self;
    if (i < b->known_count)
        return b->known[i].id;
    i -= b->known_count;
    return i < b->m->input.count ? b->m->input.parts[i].name : i == b->m->input.count ? "input" : NULL;
}

static bool unknown_id(const NetBuilder *b, const char *id, Error *e)
{
    Text names = {0};
    const char *near = text_nearest(id, known_at, b);
    for (size_t i = 0; known_at(b, i); i++)
        text_addf(&names, "%s%s", i ? ", " : "", known_at(b, i));
    if (near)
        error_set(e, ERROR_USAGE, "from: nothing before it is called \"%s\"; did you mean \"%s\"?", id, near);
    else
        error_set(e, ERROR_USAGE, "from: nothing before it is called \"%s\"; there is %s", id, text_get(&names));
    text_done(&names);
    return false;
}

/* Layers of the same list first, then of the lists around it, then parts of the input. */
static bool look_up(NetBuilder *b, const char *id, size_t *value, Error *e)
{
    for (size_t i = b->known_count; i-- > 0;)
        if (text_equal(b->known[i].id, id)) {
            *value = b->known[i].value;
            return true;
        }
    *value = 0;
    if (text_equal(id, "input"))
        return true;
    for (size_t i = 0; i < b->m->input.count; i++)
        if (text_equal(b->m->input.parts[i].name, id)) {
            if (!read_part(b, &b->m->input.parts[i], value, e))
                return false;
            know(b, b->m->input.parts[i].name, *value);
            return true;
        }
    return unknown_id(b, id, e);
}

static bool find_inputs(NetBuilder *b, const LayerPlace *place, size_t before, size_t inputs[LAYER_INPUTS], size_t *count, Error *e)
{
    *count = place->from.count ? place->from.count : 1;
    inputs[0] = before;
    if (*count > LAYER_INPUTS)
        return error_set(e, ERROR_USAGE, "from names %zu values; at most %d can be read", *count, LAYER_INPUTS);
    for (size_t i = 0; i < place->from.count; i++)
        if (!look_up(b, place->from.items[i], &inputs[i], e))
            return false;
    return true;
}

/* Letters, digits and underscores, begun with a letter: what a module of torch may be called. */
static bool check_id(const NetBuilder *b, const char *id, size_t scope, Error *e)
{
    bool ok = isalpha((unsigned char)id[0]) && strlen(id) < 32;
    for (const char *c = id; *c; c++)
        ok = ok && (isalnum((unsigned char)*c) || *c == '_');
    if (!ok || text_equal(id, "input"))
        return error_set(e, ERROR_USAGE, "id \"%s\": give up to 31 letters, digits and _, a letter first%s", id, ok ? "; not input" : "");
    for (size_t i = scope; i < b->known_count; i++)
        if (text_equal(b->known[i].id, id))
            return error_set(e, ERROR_USAGE, "id \"%s\" is taken by an earlier layer", id);
    return true;
}

/* One of a list: its path ends with its id, or its number. */
static bool add_item(NetBuilder *b, const SpecUse *use, size_t number, size_t scope, size_t *value, Error *e)
{
    const LayerPlace *place = use->params;
    const char *id = place->id && *place->id ? place->id : NULL;
    size_t inputs[LAYER_INPUTS], count, length;
    char text[24];
    snprintf(text, sizeof text, "%zu", number);
    if (id && !check_id(b, id, scope, e))
        return name_layer(b, use->spec, e);
    if (!enter(b, id ? id : text, &length, e))
        return false;
    bool ok = find_inputs(b, place, *value, inputs, &count, e) || name_layer(b, use->spec, e);
    ok = ok && add(b, (const Layer *)use->spec, use->params, (ValueList){inputs, count}, value, e);
    b->path[length] = 0;
    if (ok && id)
        know(b, id, *value);
    return ok;
}

bool build_list(NetBuilder *b, const SpecList *layers, size_t in, size_t *out, Error *e)
{
    size_t scope = b->known_count;
    bool ok = true;
    *out = in;
    for (size_t i = 0; ok && i < layers->count; i++) {
        if (b->depth == 0)
            b->item = i;
        ok = add_item(b, &layers->items[i], i, scope, out, e);
    }
    if (b->depth)
        b->known_count = scope;
    return ok;
}

bool build_part(NetBuilder *b, const char *name, const SpecList *layers, size_t in, size_t *out, Error *e)
{
    size_t length;
    if (!enter(b, name, &length, e))
        return false;
    bool ok = build_list(b, layers, in, out, e);
    b->path[length] = 0;
    return ok;
}

bool build_joined(NetBuilder *b, const char *name, const char *layer, ValueList inputs, size_t *out, Error *e)
{
    size_t length;
    const Spec *spec = registry_get("layer", layer, e);
    void *params = spec ? params_from_value(spec, NULL, e) : NULL;
    if (!params || !enter(b, name, &length, e))
        return false;
    spec_list_add(&b->m->made, spec, params);
    bool ok = add(b, (const Layer *)spec, params, inputs, out, e);
    b->path[length] = 0;
    return ok;
}

bool build_layer(NetBuilder *b, const char *name, const char *layer, Value *settings, size_t *value, Error *e)
{
    size_t length;
    const Spec *spec = registry_get("layer", layer, e);
    void *params = spec ? params_from_value(spec, settings, e) : NULL;
    value_free(settings);
    if (!params)
        return false;
    spec_list_add(&b->m->made, spec, params);
    if (!enter(b, name, &length, e))
        return false;
    bool ok = add(b, (const Layer *)spec, params, (ValueList){value, 1}, value, e);
    b->path[length] = 0;
    return ok;
}

static bool refuse_members(int64_t members, Shape in, Error *e)
{
    char *text = shape_text(in);
    error_set(e, ERROR_USAGE, "a net with %lld members must keep them as places up to its end, Nx%lldx..., but its last value is %s",
              (long long)members, (long long)members, text);
    mem_free(text);
    return false;
}

static bool add_head(NetBuilder *b, size_t value, Error *e)
{
    char number[24];
    size_t next = b->m->layers.count;
    b->item = SIZE_MAX;
    Shape in = build_shape(b, value);
    if (b->m->members && (in.rank != 2 || in.length != b->m->members))
        return refuse_members(b->m->members, in, e);
    if (!b->m->members && !shape_is_vector(in)) {
        snprintf(number, sizeof number, "%zu", next++);
        if (!build_layer(b, number, "flatten", NULL, &value, e))
            return false;
    }
    Value *settings = value_map();
    value_set(settings, "width", value_int(b->m->outputs));
    if (!b->m->members)
        value_set(settings, "init", value_text("uniform"));
    snprintf(number, sizeof number, "%zu", next);
    if (!build_layer(b, number, b->m->members ? "member_head" : "dense", settings, &value, e))
        return false;
    b->m->items[value - 1].is_head = true;
    return true;
}

static size_t readers_of(const Model *m, size_t value)
{
    size_t readers = 0;
    for (size_t i = 0; i < m->count; i++)
        for (size_t k = 0; k < m->items[i].inputs; k++)
            readers += m->items[i].from[k] == value;
    return readers;
}

/* Of the outermost list. */
static size_t item_of(const Model *m, size_t layer)
{
    for (size_t i = 1; i < m->line_count; i++)
        if (m->lines[i].depth == 0 && m->lines[i].first <= layer && layer < m->lines[i].last)
            return m->lines[i].item;
    return SIZE_MAX;
}

static bool check_read(NetBuilder *b, Error *e)
{
    const Model *m = b->m;
    for (size_t i = 0; i < m->count; i++) {
        if (m->items[i].is_head || readers_of(m, i + 1))
            continue;
        error_set(e, ERROR_USAGE, "nothing reads it; name it in the from of a later layer, or take it out");
        b->item = item_of(m, i);
        b->depth = strchr(m->items[i].path, '.') != NULL;
        memcpy(b->path, m->items[i].path, sizeof b->path);
        return name_layer(b, &m->items[i].layer->spec, e);
    }
    return true;
}

/* A relu that alone reads a layer which can do it too. */
static void fuse(Model *m)
{
    for (size_t i = 0; i < m->count; i++) {
        ModelLayer *l = &m->items[i];
        size_t before = l->from[0];
        if (l->layer == &layer_relu && before && m->items[before - 1].layer->takes_relu && readers_of(m, before) == 1)
            l->is_alias = m->items[before - 1].relu = true;
    }
}

/* Pooling that alone reads a layer which can do it too, or the relu that this one took over. */
static void fuse_pooling(Model *m)
{
    for (size_t i = 0; i < m->count; i++) {
        ModelLayer *l = &m->items[i];
        size_t before = l->from[0];
        while (before && m->items[before - 1].layer == &layer_relu && m->items[before - 1].is_alias && readers_of(m, before) == 1)
            before = m->items[before - 1].from[0];
        ModelLayer *taker = before ? &m->items[before - 1] : NULL;
        if (!l->layer->pooling || !taker || !taker->layer->takes_pool || readers_of(m, before) != 1 ||
            !l->layer->pooling(l->params, l->in, &taker->pool))
            continue;
        taker->alone = taker->out;
        taker->out = l->out;
        l->is_alias = taker->pools = true;
    }
}

bool model_build(Model *m, Error *e)
{
    NetBuilder b = {.m = m, .item = SIZE_MAX};
    size_t value = 0;
    begin_line(&b, NULL, NULL);
    bool ok = build_list(&b, &m->layers, 0, &value, e) && add_head(&b, value, e) && check_read(&b, e);
    mem_free(b.known);
    if (ok) {
        fuse(m);
        fuse_pooling(m);
    }
    return ok;
}
