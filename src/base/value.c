/* Values: trees of null, flag, integer, real, text, list and map. Whoever builds one from outside data limits its depth. */
#include "base/value.h"

#include <string.h>

#include "base/number.h"

static Value *new_value(ValueType type)
{
    Value *v = MEM_NEW(Value);
    v->type = type;
    return v;
}

Value *value_null(void)
{
    return new_value(VALUE_NULL);
}

Value *value_flag(bool flag)
{
    Value *v = new_value(VALUE_FLAG);
    v->flag = flag;
    return v;
}

Value *value_int(int64_t integer)
{
    Value *v = new_value(VALUE_INT);
    v->integer = integer;
    return v;
}

Value *value_real(double real)
{
    Value *v = new_value(VALUE_REAL);
    v->real = real;
    return v;
}

Value *value_bytes(const void *bytes, size_t size)
{
    Value *v = new_value(VALUE_TEXT);
    v->text = mem_strndup(bytes, size);
    v->size = size;
    return v;
}

Value *value_text(const char *text)
{
    return value_bytes(text, strlen(text));
}

Value *value_list(void)
{
    return new_value(VALUE_LIST);
}

Value *value_texts(const TextList *list)
{
    Value *v = value_list();
    for (size_t i = 0; i < list->count; i++)
        value_add(v, value_text(list->items[i]));
    return v;
}

Value *value_map(void)
{
    return new_value(VALUE_MAP);
}

Value *value_object(const ObjectKind *kind, void *object)
{
    Value *v = new_value(VALUE_OBJECT);
    v->kind = kind;
    v->object = object;
    return v;
}

Value *value_plain(const Value *v)
{
    return v->type == VALUE_OBJECT ? v->kind->to_value(v->object) : value_copy(v);
}

Value *value_copy(const Value *v)
{
    if (!v) {
        return NULL;
    }
    if (v->type == VALUE_OBJECT) {
        return value_object(v->kind, v->kind->ref(v->object));
    }
    if (v->type == VALUE_TEXT) {
        return value_bytes(v->text, v->size);
    }
    Value *copy = new_value(v->type);
    copy->flag = v->flag;
    copy->integer = v->integer;
    copy->real = v->real;
    for (size_t i = 0; i < v->size; i++) {
        if (v->type == VALUE_MAP) {
            value_append(copy, v->keys[i], value_copy(v->items[i]));
        } else {
            value_add(copy, value_copy(v->items[i]));
        }
    }
    return copy;
}

void value_free(Value *v)
{
    if (!v) {
        return;
    }
    for (size_t i = 0; v->items && i < v->size; i++) {
        value_free(v->items[i]);
        if (v->keys) {
            mem_free(v->keys[i]);
        }
    }
    mem_free(v->items);
    mem_free(v->keys);
    mem_free(v->text);
    if (v->object) {
        v->kind->unref(v->object);
    }
    mem_free(v);
}

static bool items_equal(const Value *a, const Value *b)
{
    if (a->size != b->size) {
        return false;
    }
    for (size_t i = 0; i < a->size; i++) {
        const Value *other = a->type == VALUE_MAP ? value_get(b, a->keys[i]) : b->items[i];
        if (!value_equal(a->items[i], other)) {
            return false;
        }
    }
    return true;
}

static bool objects_equal(const Value *a, const Value *b)
{
    if (a->type == b->type && a->object == b->object) {
        return true;
    }
    Value *x = value_plain(a), *y = value_plain(b);
    bool same = value_equal(x, y);
    value_free(x);
    value_free(y);
    return same;
}

bool value_equal(const Value *a, const Value *b)
{
    if (a && b && (a->type == VALUE_OBJECT || b->type == VALUE_OBJECT)) {
        return objects_equal(a, b);
    }
    if (!a || !b || a->type != b->type) {
        return a == b;
    }
    switch (a->type) {
    case VALUE_NULL: return true;
    case VALUE_FLAG: return a->flag == b->flag;
    case VALUE_INT: return a->integer == b->integer;
    case VALUE_REAL: return a->real == b->real || (a->real != a->real && b->real != b->real);
    case VALUE_TEXT: return a->size == b->size && memcmp(a->text, b->text, a->size) == 0;
    case VALUE_OBJECT:
    case VALUE_LIST:
    case VALUE_MAP: break;
    }
    return items_equal(a, b);
}

static void make_room(Value *v)
{
    if (v->size < v->room) {
        return;
    }
    v->room = v->room ? 2 * v->room : 4;
    v->items = mem_realloc(v->items, v->room * sizeof *v->items);
    if (v->type == VALUE_MAP) {
        v->keys = mem_realloc(v->keys, v->room * sizeof *v->keys);
    }
}

void value_add(Value *list, Value *item)
{
    make_room(list);
    list->items[list->size++] = item;
}

void value_append(Value *map, const char *key, Value *item)
{
    make_room(map);
    map->keys[map->size] = mem_strdup(key);
    map->items[map->size++] = item;
}

/* The index of a key; size when absent. */
static size_t find(const Value *map, const char *key)
{
    size_t i = 0;
    while (i < map->size && strcmp(map->keys[i], key) != 0) {
        i++;
    }
    return i;
}

void value_set(Value *map, const char *key, Value *item)
{
    size_t i = find(map, key);
    if (i < map->size) {
        value_free(map->items[i]);
        map->items[i] = item;
    } else {
        value_append(map, key, item);
    }
}

Value *value_edit(Value *map, const char *key)
{
    if (!map || map->type != VALUE_MAP) {
        return NULL;
    }
    size_t i = find(map, key);
    return i < map->size ? map->items[i] : NULL;
}

const Value *value_get(const Value *map, const char *key)
{
    if (!map || map->type != VALUE_MAP) {
        return NULL;
    }
    size_t i = find(map, key);
    return i < map->size ? map->items[i] : NULL;
}

size_t value_items(const Value *v)
{
    return v && (v->type == VALUE_LIST || v->type == VALUE_MAP) ? v->size : 0;
}

size_t value_entries(const Value *v)
{
    return v && v->type == VALUE_MAP ? v->size : 0;
}

bool value_remove(Value *map, const char *key)
{
    size_t i = map && map->type == VALUE_MAP ? find(map, key) : 0;
    if (!map || map->type != VALUE_MAP || i == map->size) {
        return false;
    }
    mem_free(map->keys[i]);
    value_free(map->items[i]);
    map->size--;
    memmove(map->keys + i, map->keys + i + 1, (map->size - i) * sizeof *map->keys);
    memmove(map->items + i, map->items + i + 1, (map->size - i) * sizeof *map->items);
    return true;
}

bool value_get_flag(const Value *map, const char *key, bool fallback)
{
    const Value *v = value_get(map, key);
    return v && v->type == VALUE_FLAG ? v->flag : fallback;
}

bool value_as_int(const Value *v, int64_t *out)
{
    int64_t n = 0;
    if (v && v->type == VALUE_INT)
        n = v->integer;
    else if (!v || v->type != VALUE_TEXT || !number_parse_int(v->text, v->size, &n) || (n <= VALUE_EXACT_MOST && n >= -VALUE_EXACT_MOST))
        return false;
    *out = n;
    return true;
}

int64_t value_get_int(const Value *map, const char *key, int64_t fallback)
{
    value_as_int(value_get(map, key), &fallback);
    return fallback;
}

double value_get_real(const Value *map, const char *key, double fallback)
{
    const Value *v = value_get(map, key);
    return value_is_number(v) ? value_number(v) : fallback;
}

const char *value_get_text(const Value *map, const char *key, const char *fallback)
{
    const Value *v = value_get(map, key);
    return v && v->type == VALUE_TEXT ? v->text : fallback;
}

bool value_is_number(const Value *v)
{
    return v && (v->type == VALUE_INT || v->type == VALUE_REAL);
}

double value_number(const Value *v)
{
    return v->type == VALUE_INT ? (double)v->integer : v->real;
}

const char *value_type_name(ValueType type)
{
    static const char *const names[] = {"null", "flag", "integer", "real", "text", "list", "map", "object"};
    return names[type];
}
