/* Bundles in files: one safetensors file whose metadata are JSON texts. A file may come from anywhere, so each text is read through
 * rows that say its types and ranges, and what belongs together is compared before a net is built of it. */
#include <string.h>

#include "base/io.h"
#include "base/json.h"
#include "base/number.h"
#include "learn/batch.h"
#include "learn/bundle.h"
#include "spec/module.h"

static const char format_word[] = "limbeck ";
enum { MOST_NUMBERS = 1 << 28 }; /* of a row */

typedef struct StoredNet {
    SpecList layers;
    Value *input, *parts;
    int64_t rank, length, channels; /* formats 1 to 3 */
    int64_t outputs;
} StoredNet;

static const Field net_rows[] = {
    {SPECS_FIELD(StoredNet, layers), .doc = "layers in order", .family = "layer"},
    {VALUE_FIELD(StoredNet, input), .doc = "sizes of a row"},
    {VALUE_FIELD(StoredNet, parts), .doc = "names of parts of it", .def = ""},
    {INT_FIELD(StoredNet, outputs), .doc = "of the net", .min = 1, .max = MOST_NUMBERS},
    {0},
};

static const Field old_net_rows[] = {
    {SPECS_FIELD(StoredNet, layers), .doc = "layers in order", .family = "layer"},
    {INT_FIELD(StoredNet, rank), .doc = "of a row", .min = 1, .max = 2},
    {INT_FIELD(StoredNet, length), .doc = "of a row", .min = 1, .max = MOST_NUMBERS},
    {INT_FIELD(StoredNet, channels), .doc = "of a row", .min = 1, .max = MOST_NUMBERS},
    {INT_FIELD(StoredNet, outputs), .doc = "of the net", .min = 1, .max = MOST_NUMBERS},
    {0},
};

typedef struct StoredPart {
    char *name;
    int64_t from;
    Value *shape;
} StoredPart;

static const Field part_rows[] = {
    {TEXT_FIELD(StoredPart, name), .doc = "by which layers read it"},
    {INT_FIELD(StoredPart, from), .doc = "number of the row with which it begins", .min = 0, .max = MOST_NUMBERS},
    {VALUE_FIELD(StoredPart, shape), .doc = "its sizes"},
    {0},
};

typedef struct StoredRest {
    TextList features;
    double threshold;
} StoredRest;

typedef struct StoredRoles {
    char *key, *group, *time;
} StoredRoles;

static const Field role_rows[] = {
    {TEXT_FIELD(StoredRoles, key), .doc = "column", .def = ""},
    {TEXT_FIELD(StoredRoles, group), .doc = "column", .def = ""},
    {TEXT_FIELD(StoredRoles, time), .doc = "column", .def = ""},
    {0},
};

static const Field rest_rows[] = {
    {TEXTS_FIELD(StoredRest, features), .doc = "columns that the net is fed with", .unique = true},
    {REAL_FIELD(StoredRest, threshold), .doc = "of the positive class", .min = 0, .max = 1},
    {0},
};

static void set_json(Value *map, const char *key, Value *v)
{
    char *text = json_format(v, JSON_CANONICAL);
    value_set(map, key, value_text(text));
    mem_free(text);
    value_free(v);
}

static bool is_old(const Bundle *b)
{
    return b->format < BUNDLE_GRAPH_FORMAT;
}

static Value *old_net_value(const Bundle *b)
{
    Value *net = value_map();
    Shape in = model_input(b->model);
    value_set(net, "layers", spec_list_to_value(model_layers(b->model), "layer", true));
    value_set(net, "rank", value_int(shape_is_vector(in) ? 1 : in.rank));
    value_set(net, "length", value_int(in.length));
    value_set(net, "channels", value_int(in.channels));
    value_set(net, "outputs", value_int(model_outputs(b->model)));
    return net;
}

static Value *net_value(const Bundle *b)
{
    if (is_old(b))
        return old_net_value(b);
    Value *net = bundle_input_value(b);
    value_set(net, "layers", spec_list_to_value(model_layers(b->model), "layer", true));
    value_set(net, "outputs", value_int(model_outputs(b->model)));
    return net;
}

static bool save(const Bundle *b, const char *path, bool is_ours, Error *e)
{
    Value *m = value_map();
    char hash[HASH_ROOM];
    bundle_hash(b, hash);
    char *format = text_format("%s%lld", format_word, (long long)b->format);
    value_set(m, "format", value_text(format));
    mem_free(format);
    set_json(m, "net", net_value(b));
    set_json(m, "before", bundle_before_value(b));
    set_json(m, "recipe", bundle_fitted_value(b));
    set_json(m, "schema", value_copy(b->input_schema));
    if (b->roles)
        set_json(m, "roles", value_copy(b->roles));
    set_json(m, "target", target_to_value(&b->target));
    set_json(m, "features", value_texts(&b->features));
    set_json(m, "threshold", value_real(b->threshold));
    set_json(m, "facts", value_copy(b->facts));
    value_set(m, "hash", value_text(hash));
    if (bundle_has_facts_hash(b)) {
        bundle_facts_hash(b, hash);
        value_set(m, "facts_hash", value_text(hash));
    }
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

/* What was renewed stays in the file as it was, and so does its hash. */
static Value *stored_unless_same(const Recipe *r, Value *stored)
{
    Value *now = recipe_to_value(r, true);
    char *a = json_format(now, JSON_CANONICAL), *b = json_format(stored, JSON_CANONICAL);
    bool same = text_equal(a, b);
    mem_free(a);
    mem_free(b);
    value_free(now);
    if (!same)
        return stored;
    value_free(stored);
    return NULL;
}

static bool load_recipe(const Value *m, const char *key, Recipe **out, Value **stored, Error *e)
{
    Value *v = get_json(m, key, e);
    *out = v ? recipe_from_value(v, e) : NULL;
    if (*out) {
        *stored = stored_unless_same(*out, v);
        return true;
    }
    value_free(v);
    return error_prefix(e, "its %s: ", key);
}

static bool check_format(Bundle *b, const Value *m, Error *e)
{
    const char *format = value_get_text(m, "format", "");
    size_t word = strlen(format_word);
    if (!text_starts(format, format_word) || !number_parse_int(format + word, strlen(format + word), &b->format) || b->format < 1)
        return error_set(e, ERROR_FAILED, "its format \"%s\" is unknown; this is not a model that limbeck wrote", format);
    return b->format <= BUNDLE_FORMAT || error_set(e, ERROR_FAILED,
                                                   "its format \"%s\" is newer than \"%s%d\", which this limbeck reads at most; "
                                                   "update limbeck",
                                                   format, format_word, BUNDLE_FORMAT);
}

static bool load_recipes(Bundle *b, const Value *m, Error *e)
{
    if (!load_recipe(m, "before", &b->before, &b->stored_before, e) || !load_recipe(m, "recipe", &b->fitted, &b->stored_fitted, e))
        return false;
    b->fitted->after_split = true;
    recipe_number(b->fitted, b->before->count);
    return true;
}

static bool load_target(Bundle *b, const Value *m, Error *e)
{
    Value *target = get_json(m, "target", e);
    bool ok = target && target_from_value(&b->target, target, e);
    value_free(target);
    return ok;
}

/* A metric that has another text here is judged by that one: what the model predicts does not depend on it. */
static void load_modules(const Value *facts)
{
    const Value *list = value_get(facts, "modules");
    for (size_t i = 0; i < value_items(list); i++) {
        Error ignored = {0};
        module_load_value(list->items[i], &ignored);
    }
}

static bool load_schema(Bundle *b, const Value *m, Error *e)
{
    b->input_schema = get_json(m, "schema", e);
    if (!b->input_schema || !schema_check(b->input_schema, e))
        return false;
    b->facts = get_json(m, "facts", e);
    if (!b->facts)
        return false;
    if (b->facts->type != VALUE_MAP)
        return error_set(e, ERROR_FAILED, "its facts are a %s, not a map", value_type_name(b->facts->type));
    load_modules(b->facts);
    return true;
}

static bool load_roles(Bundle *b, const Value *m, Error *e)
{
    StoredRoles roles = {0};
    if (!value_get(m, "roles"))
        return true;
    b->roles = get_json(m, "roles", e);
    bool ok = b->roles && fields_from_value(role_rows, &roles, b->roles, "its roles", e);
    fields_done(role_rows, &roles);
    return ok;
}

static bool load_rest(Bundle *b, const Value *m, Error *e)
{
    StoredRest rest = {0};
    Value *map = value_map();
    bool ok = true;
    for (const Field *f = rest_rows; ok && f->name; f++) {
        Value *v = get_json(m, f->name, e);
        ok = v != NULL;
        if (ok)
            value_set(map, f->name, v);
    }
    ok = ok && fields_from_value(rest_rows, &rest, map, "its metadata", e);
    value_free(map);
    b->features = rest.features;
    b->threshold = rest.threshold;
    return ok;
}

static bool read_part(NetInput *input, const Value *v, Error *e)
{
    StoredPart part = {0};
    NetPart *to = &input->parts[input->count];
    bool ok = fields_from_value(part_rows, &part, v, "its input", e) && shape_from_value(&to->shape, part.shape, e);
    if (ok && (strlen(part.name) >= sizeof to->name || part.from + shape_size(to->shape) > shape_size(input->shape)))
        ok = error_set(e, ERROR_FAILED, "part %zu of its input lies outside it", input->count + 1);
    if (ok) {
        memcpy(to->name, part.name, strlen(part.name) + 1);
        to->from = part.from;
        input->count++;
    }
    fields_done(part_rows, &part);
    return ok;
}

static bool read_input(const StoredNet *net, NetInput *input, Error *e)
{
    size_t parts = net->parts && net->parts->type == VALUE_LIST ? net->parts->size : 0;
    *input = (NetInput){0};
    if (!shape_from_value(&input->shape, net->input, e))
        return error_prefix(e, "its input: ");
    if (parts > NET_PARTS)
        return error_set(e, ERROR_FAILED, "its input has %zu parts; at most %d are known", parts, NET_PARTS);
    for (size_t i = 0; i < parts; i++)
        if (!read_part(input, net->parts->items[i], e))
            return false;
    return true;
}

static bool check_net(const Bundle *b, const StoredNet *net, Shape in, Error *e)
{
    size_t outputs = target_net_outputs(&b->target);
    if (shape_size(in) < (int64_t)b->features.count || (is_old(b) && net->rank == 1 && net->channels != 1)) /* more: of arrays */
        return error_set(e, ERROR_FAILED, "its net takes %lld numbers, but it has %zu features", (long long)shape_size(in),
                         b->features.count);
    return net->outputs == (int64_t)outputs ||
           error_set(e, ERROR_FAILED, "its net has %lld outputs, but its target needs %zu", (long long)net->outputs, outputs);
}

static bool make_net(Bundle *b, const StoredNet *net, Error *e)
{
    NetInput input;
    if (is_old(b)) {
        Shape in = net->rank == 1 ? shape_vector(net->length) : shape_sequence(net->length, net->channels);
        b->model = check_net(b, net, in, e) ? model_new_old(&net->layers, in, net->outputs, e) : NULL;
    } else {
        b->model =
            read_input(net, &input, e) && check_net(b, net, input.shape, e) ? model_new(&net->layers, &input, net->outputs, 0, e) : NULL;
    }
    if (b->model)
        model_say_values(b->model, !b->target.is_classes);
    return b->model || error_prefix(e, "its net: ");
}

static bool load_net(Bundle *b, const Value *m, const char *path, Error *e)
{
    StoredNet net = {0};
    const Field *rows = is_old(b) ? old_net_rows : net_rows;
    Value *stored = get_json(m, "net", e);
    bool ok = stored && fields_from_value(rows, &net, stored, "its net", e) && make_net(b, &net, e) && weights_load(path, b->model, e);
    fields_done(rows, &net);
    value_free(stored);
    return ok;
}

static bool check_hash(const Bundle *b, const Value *m, Error *e)
{
    char hash[HASH_ROOM];
    bundle_hash(b, hash);
    if (!text_equal(hash, value_get_text(m, "hash", "")))
        return error_set(e, ERROR_FAILED, "its contents do not agree with its hash; the file was changed or damaged");
    bundle_facts_hash(b, hash);
    return !bundle_has_facts_hash(b) || text_equal(hash, value_get_text(m, "facts_hash", "")) ||
           error_set(e, ERROR_FAILED, "its facts do not agree with their hash; the file was changed or damaged");
}

static bool load_all(Bundle *b, const Value *m, const char *path, Error *e)
{
    return check_format(b, m, e) && load_recipes(b, m, e) && load_target(b, m, e) && load_rest(b, m, e) && load_roles(b, m, e) &&
           load_schema(b, m, e) && load_net(b, m, path, e);
}

static Bundle *load(const char *path, bool is_hashed, Error *e)
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
    bool ok = load_all(b, m, path, &own) && (!is_hashed || check_hash(b, m, &own));
    value_free(m);
    if (ok)
        return b;
    if (e)
        *e = own;
    error_prefix(e, "%s: ", path);
    bundle_unref(b);
    return NULL;
}

Bundle *bundle_load(const char *path, Error *e)
{
    return load(path, true, e);
}

Bundle *bundle_load_unhashed(const char *path, Error *e)
{
    return load(path, false, e);
}
