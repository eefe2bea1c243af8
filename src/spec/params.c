/* Parameters of a Spec on the heap, and uses of a family's members. */
#include "spec/params.h"

#include <string.h>

#include "spec/registry.h"

static void *block_new(const Spec *spec)
{
    return mem_alloc(spec->params_size ? spec->params_size : 1);
}

void *params_new(const Spec *spec)
{
    void *params = block_new(spec);
    Error ignored = {0};
    fields_init(spec->params, params, &ignored);
    return params;
}

void *params_from_value(const Spec *spec, const Value *map, Error *e)
{
    void *params = block_new(spec);
    Value *renewed = spec->renew && map && map->type == VALUE_MAP ? value_copy(map) : NULL;
    if (renewed)
        spec->renew(renewed);
    bool ok = fields_from_value(spec->params, params, renewed ? renewed : map, spec->name, e);
    value_free(renewed);
    if (ok)
        return params;
    params_free(spec, params);
    return NULL;
}

void *params_copy(const Spec *spec, const void *params)
{
    void *copy = block_new(spec);
    Error ignored = {0};
    for (const Field *f = spec->params; f && f->name; f++) {
        Value *v = field_get(f, params);
        if (v->type != VALUE_NULL)
            field_set(f, copy, v, spec->name, &ignored);
        value_free(v);
    }
    return copy;
}

void params_free(const Spec *spec, void *params)
{
    if (!params)
        return;
    fields_done(spec->params, params);
    mem_free(params);
}

bool params_equal(const Spec *spec, const void *a, const void *b)
{
    Value *left = fields_to_value(spec->params, a, true), *right = fields_to_value(spec->params, b, true);
    bool same = value_equal(left, right);
    value_free(left);
    value_free(right);
    return same;
}

/* {"optimizer": "adam", "learning_rate": 0.001} without its first key. */
static Value *without_key(const Value *map, const char *key)
{
    Value *rest = value_copy(map);
    value_remove(rest, key);
    return rest;
}

bool spec_use_from_value(SpecUse *use, const char *family, const Value *v, const char *what, Error *e)
{
    *use = (SpecUse){0};
    if (v->type == VALUE_TEXT && !v->size)
        return true;
    if (v->type != VALUE_TEXT && v->type != VALUE_MAP)
        return error_set(e, ERROR_USAGE, "%s: expected a%s %s, found a %s", what, strchr("aeiou", family[0]) ? "n" : "", family,
                         value_type_name(v->type));
    const Family *members = registry_find_family(family);
    const char *only = members && members->count == 1 ? members->members[0]->name : NULL;
    const char *name = v->type == VALUE_TEXT ? v->text : value_get_text(v, family, only);
    if (!name)
        return error_set(e, ERROR_USAGE, "%s: which %s? give %s = \"...\"", what, family, family);
    const Spec *spec = registry_get(family, name, e);
    if (!spec)
        return error_prefix(e, "%s: ", what);
    Value *rest = v->type == VALUE_MAP ? without_key(v, family) : NULL;
    void *params = params_from_value(spec, rest, e);
    value_free(rest);
    if (!params)
        return error_prefix(e, "%s: ", what);
    *use = (SpecUse){spec, params};
    return true;
}

Value *spec_use_to_value(const SpecUse *use, const char *family, bool all)
{
    if (!use->spec)
        return value_null();
    Value *map = value_map(), *params = fields_to_value(use->spec->params, use->params, all);
    value_set(map, family, value_text(use->spec->name));
    for (size_t i = 0; i < params->size; i++)
        value_set(map, params->keys[i], value_copy(params->items[i]));
    value_free(params);
    return map;
}

void spec_use_copy(SpecUse *to, const SpecUse *from)
{
    *to = (SpecUse){from->spec, from->spec ? params_copy(from->spec, from->params) : NULL};
}

void spec_use_done(SpecUse *use)
{
    if (use->spec)
        params_free(use->spec, use->params);
    *use = (SpecUse){0};
}

static const Value *list_of(const Value *v)
{
    const Value *inner = v->type == VALUE_MAP ? value_get(v, "layers") : NULL;
    return inner ? inner : v;
}

bool spec_list_from_value(SpecList *list, const char *family, const Value *v, const char *what, Error *e)
{
    *list = (SpecList){0};
    v = list_of(v);
    if (v->type == VALUE_MAP && v->size == 0)
        return true;
    if (v->type != VALUE_LIST)
        return error_set(e, ERROR_USAGE, "%s: expected a list of %ss, found a %s", what, family, value_type_name(v->type));
    for (size_t i = 0; i < v->size; i++) {
        SpecUse use;
        if (!spec_use_from_value(&use, family, v->items[i], what, e)) {
            spec_list_done(list);
            return error_prefix(e, "%s %zu: ", family, i + 1);
        }
        if (use.spec)
            spec_list_add(list, use.spec, use.params);
    }
    return true;
}

Value *spec_list_to_value(const SpecList *list, const char *family, bool all)
{
    Value *v = value_list();
    for (size_t i = 0; i < list->count; i++)
        value_add(v, spec_use_to_value(&list->items[i], family, all));
    return v;
}

void spec_list_add(SpecList *list, const Spec *spec, void *params)
{
    list->items = mem_realloc(list->items, (list->count + 1) * sizeof *list->items);
    list->items[list->count++] = (SpecUse){spec, params};
}

void spec_list_copy(SpecList *to, const SpecList *from)
{
    *to = (SpecList){0};
    for (size_t i = 0; i < from->count; i++)
        spec_list_add(to, from->items[i].spec, params_copy(from->items[i].spec, from->items[i].params));
}

void spec_list_done(SpecList *list)
{
    for (size_t i = 0; i < list->count; i++)
        spec_use_done(&list->items[i]);
    mem_free(list->items);
    *list = (SpecList){0};
}
