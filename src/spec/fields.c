/* Structs described by rows: defaults, release, and the ways to and from Value. */
#include "spec/field_types.h"
#include "spec/params.h"

bool fields_init(const Field *fields, void *data, Error *e)
{
    for (const Field *f = fields; f && f->name; f++)
        if (f->def && !field_parse_default(f, data, e))
            return false;
    return true;
}

void fields_done(const Field *fields, void *data)
{
    for (const Field *f = fields; f && f->name; f++)
        field_release(f, data);
}

const Field *fields_find(const Field *fields, const char *name)
{
    for (const Field *f = fields; f && f->name; f++)
        if (text_equal(f->name, name))
            return f;
    return NULL;
}

Value *fields_to_value(const Field *fields, const void *data, bool all)
{
    Value *map = value_map();
    for (const Field *f = fields; f && f->name; f++) {
        if (f->is_sparse && field_is_default(f, data))
            continue;
        if (!field_is_enabled(fields, f, data) ? !all || field_is_empty(f, data) : !all && field_is_default(f, data))
            continue;
        bool is_list = all && f->type == FIELD_SPECS; /* all fields of what it lists too */
        const SpecList *list = (const void *)((const char *)data + f->offset);
        value_set(map, f->name, is_list ? spec_list_to_value(list, f->family, true) : field_get(f, data));
    }
    return map;
}

static const char *field_name_at(const void *self, size_t i)
{
    const Field *fields = self;
    for (size_t k = 0; fields && fields[k].name; k++)
        if (k == i)
            return fields[k].name;
    return NULL;
}

static bool unknown_field(const Field *fields, const char *key, const char *what, Error *e)
{
    const char *near = text_nearest(key, field_name_at, fields);
    if (near)
        return error_set(e, ERROR_USAGE, "%s: no option \"%s\"; did you mean \"%s\"?", what, key, near);
    return error_set(e, ERROR_USAGE, "%s: no option \"%s\"; `limbeck help %s` lists them", what, key, what);
}

/* An option is given when its value is not null; null means "the default". */
static bool is_given(const Value *map, const char *name)
{
    const Value *v = value_get(map, name);
    return v && v->type != VALUE_NULL;
}

static bool check_given(const Field *fields, const void *data, const Value *map, const char *what, Error *e)
{
    for (const Field *f = fields; f && f->name; f++) {
        bool given = is_given(map, f->name), enabled = field_is_enabled(fields, f, data);
        if (!f->def && !given && enabled)
            return error_set(e, ERROR_USAGE, "%s: option \"%s\" is required (%s: %s)", what, f->name, field_type_name(f->type),
                             f->doc ? f->doc : "");
        if (given && !enabled && !field_is_default(f, data))
            return error_set(e, ERROR_USAGE, "%s: \"%s\" needs %s", what, f->name, f->when);
    }
    return true;
}

/* A number that was never given stands outside its range. */
static bool is_empty(const Field *f, const Value *v)
{
    bool ranged = f->min != 0 || f->max != 0;
    if (value_is_number(v))
        return ranged && (value_number(v) < f->min || value_number(v) > f->max);
    return v->type == VALUE_NULL || ((v->type == VALUE_TEXT || v->type == VALUE_LIST || v->type == VALUE_MAP) && v->size == 0);
}

bool field_is_empty(const Field *f, const void *data)
{
    Value *v = f->def ? NULL : field_get(f, data);
    bool empty = v && is_empty(f, v);
    value_free(v);
    return empty;
}

static const char *what_to_type(const Field *f)
{
    switch (f->type) {
    case FIELD_EXPRESSION: return "type an expression";
    case FIELD_COLUMNS: return "name a column";
    case FIELD_INT:
    case FIELD_REAL: return "type a number";
    default: return "type a value";
    }
}

bool fields_check_filled(const Field *fields, const void *data, const char *what, Error *e)
{
    for (const Field *f = fields; f && f->name; f++) {
        if (field_is_empty(f, data) && field_is_enabled(fields, f, data))
            return error_set(e, ERROR_USAGE, "%s: \"%s\" is empty: %s (%s)", what, f->name, what_to_type(f),
                             f->doc ? f->doc : field_type_name(f->type));
    }
    return true;
}

bool fields_from_value(const Field *fields, void *data, const Value *map, const char *what, Error *e)
{
    if (map && map->type != VALUE_MAP && !(map->type == VALUE_LIST && map->size == 0))
        return error_set(e, ERROR_USAGE, "%s: expected a table of options, found a %s", what, value_type_name(map->type));
    if (!fields_init(fields, data, e))
        return false;
    for (size_t i = 0; map && map->type == VALUE_MAP && i < map->size; i++) {
        const Field *f = fields_find(fields, map->keys[i]);
        if (!f)
            return unknown_field(fields, map->keys[i], what, e);
        if (map->items[i]->type != VALUE_NULL && !field_set(f, data, map->items[i], what, e))
            return false;
    }
    return check_given(fields, data, map, what, e) && fields_check_lists(fields, data, what, e);
}

static bool choice_matches(const Field *f, const void *data, const char *allowed, size_t size)
{
    char *text = field_text(f, data);
    bool same = strlen(text) == size && memcmp(text, allowed, size) == 0;
    mem_free(text);
    return same;
}

/* when: "name=a|b" or, for flags and texts, "name": not false, not empty. */
bool field_is_enabled(const Field *fields, const Field *field, const void *data)
{
    if (!field->when)
        return true;
    const char *equals = strchr(field->when, '=');
    char *name = equals ? mem_strndup(field->when, (size_t)(equals - field->when)) : mem_strdup(field->when);
    const Field *other = fields_find(fields, name);
    mem_free(name);
    if (!other)
        return true;
    if (!equals)
        return !field_is_default(other, data);
    for (const char *p = equals + 1; *p;) {
        size_t size = strcspn(p, "|");
        if (choice_matches(other, data, p, size))
            return true;
        p += size + (p[size] == '|');
    }
    return false;
}
