/* The bundle: a net with the fitted recipe, the schema of its input and its classes; saved as one safetensors file whose metadata are
 * JSON texts. Its hash never contains time, path or host. */
#include "learn/bundle.h"

#include <string.h>

#include "base/io.h"
#include "base/json.h"
#include "learn/batch.h"

Bundle *bundle_make(const Prepared *d, Model *model, Value *facts)
{
    Bundle *b = MEM_NEW(Bundle);
    b->references = 1;
    b->model = model;
    b->before = recipe_ref(d->before);
    b->fitted = recipe_ref(d->fitted);
    b->input_schema = value_copy(d->input_schema);
    b->roles = value_copy(d->roles);
    b->target = target_info_copy(&d->target);
    b->features = text_list_copy(&d->features);
    b->threshold = 0.5;
    b->facts = facts;
    return b;
}

Bundle *bundle_ref(const Bundle *b)
{
    Bundle *own = (Bundle *)(uintptr_t)b;
    __atomic_add_fetch(&own->references, 1, __ATOMIC_RELAXED);
    return own;
}

void bundle_unref(Bundle *b)
{
    if (!b || __atomic_sub_fetch(&b->references, 1, __ATOMIC_ACQ_REL) > 0)
        return;
    model_free(b->model);
    recipe_unref(b->before);
    recipe_unref(b->fitted);
    value_free(b->input_schema);
    value_free(b->roles);
    target_info_done(&b->target);
    text_list_done(&b->features);
    value_free(b->facts);
    mem_free(b->path);
    mem_free(b);
}

Roles bundle_roles(const Bundle *b)
{
    return (Roles){.target = b->target.name, .key = value_get_text(b->roles, "key", NULL), .group = value_get_text(b->roles, "group", NULL),
                   .time = value_get_text(b->roles, "time", NULL)};
}

static void hash_value(Sha256 *h, Value *v)
{
    char *text = json_format(v, JSON_CANONICAL);
    sha256_add(h, text, strlen(text) + 1);
    mem_free(text);
    value_free(v);
}

void bundle_hash(const Bundle *b, char hex[HASH_ROOM])
{
    Sha256 h;
    char weights[HASH_ROOM];
    weights_hash(b->model, weights);
    sha256_begin(&h);
    sha256_add(&h, weights, sizeof weights);
    hash_value(&h, spec_list_to_value(model_layers(b->model), "layer", true));
    hash_value(&h, recipe_to_value(b->before, true));
    hash_value(&h, recipe_to_value(b->fitted, true));
    hash_value(&h, value_copy(b->input_schema));
    hash_value(&h, target_to_value(&b->target));
    hash_value(&h, value_texts(&b->features));
    sha256_end(&h, hex);
}

static void set_json(Value *map, const char *key, Value *v)
{
    char *text = json_format(v, JSON_CANONICAL);
    value_set(map, key, value_text(text));
    mem_free(text);
    value_free(v);
}

static Value *net_value(const Bundle *b)
{
    Value *net = value_map();
    Shape in = model_input(b->model);
    value_set(net, "layers", spec_list_to_value(model_layers(b->model), "layer", true));
    value_set(net, "rank", value_int(in.rank));
    value_set(net, "length", value_int(in.length));
    value_set(net, "channels", value_int(in.channels));
    value_set(net, "outputs", value_int(model_outputs(b->model)));
    return net;
}

static bool save(const Bundle *b, const char *path, bool is_ours, Error *e)
{
    Value *m = value_map();
    char hash[HASH_ROOM];
    bundle_hash(b, hash);
    value_set(m, "format", value_text("limbeck 1"));
    set_json(m, "net", net_value(b));
    set_json(m, "before", recipe_to_value(b->before, true));
    set_json(m, "recipe", recipe_to_value(b->fitted, true));
    set_json(m, "schema", value_copy(b->input_schema));
    if (b->roles)
        set_json(m, "roles", value_copy(b->roles));
    set_json(m, "target", target_to_value(&b->target));
    set_json(m, "features", value_texts(&b->features));
    set_json(m, "threshold", value_real(b->threshold));
    set_json(m, "facts", value_copy(b->facts));
    value_set(m, "hash", value_text(hash));
    bool ok = weights_save(path, b->model, m, is_ours, e);
    value_free(m);
    return ok;
}

bool bundle_save(const Bundle *b, const char *path, Error *e)
{
    if (strchr(io_base_name(path), '.') && !text_ends(path, ".safetensors"))
        return error_set(e, ERROR_USAGE, "%s: models are saved as .safetensors; no other kind is written", path);
    return save(b, path, false, e);
}

bool bundle_keep(const Bundle *b, const char *path, Error *e)
{
    return save(b, path, true, e);
}

static Value *get_json(const Value *m, const char *key, Error *e)
{
    const Value *text = value_get(m, key);
    if (!text || text->type != VALUE_TEXT) {
        error_set(e, ERROR_FAILED, "no \"%s\" in its metadata; it was not written by limbeck", key);
        return NULL;
    }
    Value *v = json_parse(text->text, text->size, e);
    if (!v)
        error_prefix(e, "its \"%s\": ", key);
    return v;
}

static bool load_recipe(const Value *m, const char *key, Recipe **out, Error *e)
{
    Value *v = get_json(m, key, e);
    *out = v ? recipe_from_value(v, e) : NULL;
    value_free(v);
    return *out || error_prefix(e, "its %s: ", key);
}

static bool load_target(Bundle *b, const Value *m, Error *e)
{
    Value *target = get_json(m, "target", e), *features = target ? get_json(m, "features", e) : NULL;
    bool ok = features && target_from_value(&b->target, target, e);
    for (size_t i = 0; ok && features->type == VALUE_LIST && i < features->size; i++)
        if (features->items[i]->type == VALUE_TEXT)
            text_list_add(&b->features, features->items[i]->text);
    value_free(target);
    value_free(features);
    return ok;
}

static bool schema_is_sound(const Value *schema)
{
    if (!schema || schema->type != VALUE_LIST)
        return false;
    for (size_t i = 0; i < schema->size; i++)
        if (!*value_get_text(schema->items[i], "name", ""))
            return false;
    return true;
}

static bool load_net(Bundle *b, const Value *m, const char *path, Error *e)
{
    SpecList layers = {0};
    Value *net = get_json(m, "net", e);
    const Value *list = net ? value_get(net, "layers") : NULL;
    if (!list) {
        value_free(net);
        return e->code != ERROR_NONE ? false : error_set(e, ERROR_FAILED, "its net has no layers");
    }
    Shape in = {(int)value_get_int(net, "rank", 1), value_get_int(net, "length", 0), value_get_int(net, "channels", 1)};
    int64_t outputs = value_get_int(net, "outputs", 0);
    bool ok = spec_list_from_value(&layers, "layer", list, "net", e);
    if (ok && (shape_size(in) != (int64_t)b->features.count || outputs != (int64_t)target_outputs(&b->target)))
        ok = error_set(e, ERROR_FAILED, "its net does not fit its features and classes");
    b->model = ok ? model_new(&layers, in, outputs, 0, e) : NULL;
    ok = b->model && weights_load(path, b->model, e);
    spec_list_done(&layers);
    value_free(net);
    return ok;
}

static bool load_rest(Bundle *b, const Value *m, const char *path, Error *e)
{
    if (!load_recipe(m, "before", &b->before, e) || !load_recipe(m, "recipe", &b->fitted, e) || !load_target(b, m, e))
        return false;
    b->fitted->after_split = true;
    b->input_schema = get_json(m, "schema", e);
    b->facts = b->input_schema ? get_json(m, "facts", e) : NULL;
    b->roles = b->facts && value_get(m, "roles") ? get_json(m, "roles", e) : NULL;
    if (value_get(m, "roles") && !b->roles)
        return false;
    Value *threshold = b->facts ? get_json(m, "threshold", e) : NULL;
    if (!threshold)
        return false;
    b->threshold = value_is_number(threshold) ? value_number(threshold) : 0.5;
    value_free(threshold);
    if (!schema_is_sound(b->input_schema))
        return error_set(e, ERROR_FAILED, "its schema is not a list of columns");
    char hash[HASH_ROOM];
    if (!load_net(b, m, path, e))
        return false;
    bundle_hash(b, hash);
    return text_equal(hash, value_get_text(m, "hash", "")) ||
           error_set(e, ERROR_FAILED, "its contents do not agree with its hash; the file was changed or damaged");
}

Bundle *bundle_load(const char *path, Error *e)
{
    Value *m = NULL;
    Error own = {0};
    if (!weights_read_metadata(path, &m, &own)) {
        if (e)
            *e = own;
        return NULL;
    }
    Bundle *b = MEM_NEW(Bundle);
    b->references = 1;
    b->path = mem_strdup(path);
    bool ok = load_rest(b, m, path, &own);
    value_free(m);
    if (ok)
        return b;
    if (e)
        *e = own;
    error_prefix(e, "%s: ", path);
    bundle_unref(b);
    return NULL;
}
