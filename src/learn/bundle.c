/* The bundle: a net with the fitted recipe, the schema of its input and its classes. Its hash never contains time, path or host. */
#include "learn/bundle.h"

#include <string.h>

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
    b->format = BUNDLE_FORMAT;
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
    if (b->lender)
        bundle_unref(b->lender);
    else
        model_free(b->model);
    recipe_unref(b->before);
    recipe_unref(b->fitted);
    value_free(b->stored_before);
    value_free(b->stored_fitted);
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
    return (Roles){.target = b->target.name,
                   .key = value_get_text(b->roles, "key", NULL),
                   .group = value_get_text(b->roles, "group", NULL),
                   .time = value_get_text(b->roles, "time", NULL)};
}

Value *bundle_before_value(const Bundle *b)
{
    return b->stored_before ? value_copy(b->stored_before) : recipe_to_value(b->before, true);
}

Value *bundle_fitted_value(const Bundle *b)
{
    return b->stored_fitted ? value_copy(b->stored_fitted) : recipe_to_value(b->fitted, true);
}

static void hash_value(Sha256 *h, Value *v)
{
    char *text = json_format(v, JSON_CANONICAL);
    sha256_add(h, text, strlen(text) + 1);
    mem_free(text);
    value_free(v);
}

Value *bundle_input_value(const Bundle *b)
{
    const NetInput *in = model_net_input(b->model);
    Value *v = value_map(), *parts = value_list();
    for (size_t i = 0; i < in->count; i++) {
        Value *part = value_map();
        value_set(part, "name", value_text(in->parts[i].name));
        value_set(part, "from", value_int(in->parts[i].from));
        value_set(part, "shape", shape_to_value(in->parts[i].shape));
        value_add(parts, part);
    }
    value_set(v, "input", shape_to_value(in->shape));
    value_set(v, "parts", parts);
    return v;
}

void bundle_hash(const Bundle *b, char hex[HASH_ROOM])
{
    Sha256 h;
    char weights[HASH_ROOM];
    weights_hash(b->model, weights);
    sha256_begin(&h);
    sha256_add(&h, weights, sizeof weights);
    hash_value(&h, spec_list_to_value(model_layers(b->model), "layer", true));
    hash_value(&h, bundle_before_value(b));
    hash_value(&h, bundle_fitted_value(b));
    hash_value(&h, value_copy(b->input_schema));
    hash_value(&h, target_to_value(&b->target));
    hash_value(&h, value_texts(&b->features));
    if (b->format > 1) { /* the first format left these out */
        hash_value(&h, value_int(b->format));
        hash_value(&h, value_real(b->threshold));
        hash_value(&h, b->roles ? value_copy(b->roles) : value_null());
    }
    if (b->format >= BUNDLE_GRAPH_FORMAT)
        hash_value(&h, bundle_input_value(b));
    else if (model_input(b->model).rank > 1) /* a vector is as long as its first weights say */
        hash_value(&h, shape_to_value(model_input(b->model)));
    sha256_end(&h, hex);
}

void bundle_facts_hash(const Bundle *b, char hex[HASH_ROOM])
{
    Sha256 h;
    char own[HASH_ROOM];
    bundle_hash(b, own);
    sha256_begin(&h);
    sha256_add(&h, own, sizeof own);
    hash_value(&h, value_copy(b->facts));
    sha256_end(&h, hex);
}

bool bundle_has_facts_hash(const Bundle *b)
{
    return b->format >= BUNDLE_FACTS_FORMAT;
}
