/* Fields as people type and read them: in a form, after `--option=`, and as the default in a declaration. */
#include <string.h>

#include "base/json.h"
#include "base/number.h"
#include "spec/field_types.h"
#include "spec/lua_text.h"
#include "spec/params.h"
#include "spec/registry.h"

static Value *words_value(const char *text)
{
    Value *list = value_list();
    while (*text) {
        text += strspn(text, ", ");
        size_t size = strcspn(text, ",");
        while (size > 0 && text[size - 1] == ' ')
            size--;
        if (size > 0)
            value_add(list, value_bytes(text, size));
        text += strcspn(text, ",");
    }
    return list;
}

static Value *value_from_text(const Field *f, const char *text);

static Value *numbers_from_words(const char *text)
{
    Value *words = words_value(text), *list = value_list();
    for (size_t i = 0; i < words->size; i++) {
        double x;
        if (number_parse_real(words->items[i]->text, words->items[i]->size, &x))
            value_add(list, value_real(x));
        else
            value_add(list, value_copy(words->items[i]));
    }
    value_free(words);
    return list;
}

static Value *flag_from_text(const char *text)
{
    static const char *const yes[] = {"true", "yes", "1", "on"}, *const no[] = {"false", "no", "0", "off"};
    for (size_t i = 0; i < 4; i++) {
        if (text_equal(text, yes[i]))
            return value_flag(true);
        if (text_equal(text, no[i]))
            return value_flag(false);
    }
    return value_text(text);
}

static Value *number_from_text(const char *text)
{
    int64_t n;
    double x;
    size_t size = strlen(text);
    if (number_parse_int(text, size, &n))
        return value_int(n);
    if (number_parse_real(text, size, &x))
        return value_real(x);
    return value_text(text);
}

/* "adam learning_rate=0.01": a member and what differs from its defaults; values are taken as a form would take them. */
static Value *use_from_words(const char *family, const char *text, size_t size)
{
    Value *map = value_map();
    const char *end = text + size;
    size_t name = 0;
    while (text + name < end && text[name] != ' ')
        name++;
    value_set(map, family, value_bytes(text, name));
    const Spec *spec = registry_find(family, value_get_text(map, family, ""));
    for (text += name; text < end;) {
        text += strspn(text, " ");
        size_t word = 0, equals = 0;
        while (text + word < end && text[word] != ' ')
            word++;
        while (equals < word && text[equals] != '=')
            equals++;
        char *key = mem_strndup(text, equals), *value = mem_strndup(text + equals + (equals < word), word - equals - (equals < word));
        const Field *f = spec ? fields_find(spec->params, key) : NULL;
        if (*key)
            value_set(map, key, f ? value_from_text(f, value) : value_text(value));
        mem_free(key);
        mem_free(value);
        text += word;
    }
    return map;
}

/* "dense width=64, relu, dropout rate=0.3" */
static Value *uses_from_words(const char *family, const char *text)
{
    Value *list = value_list();
    while (*(text += strspn(text, ", "))) {
        size_t size = strcspn(text, ",");
        value_add(list, use_from_words(family, text, size));
        text += size;
    }
    return list;
}

static Value *nothing_is_made(const char *name, Value *positions, Value *names, Error *e)
{
    value_free(positions);
    value_free(names);
    error_set(e, ERROR_USAGE, "lb.%s is no plain value", name);
    return NULL;
}

/* {total = "sum(x)"}; NULL: it is none. */
static Value *lua_from_text(const char *text)
{
    LuaText t = {.at = text, .make = nothing_is_made};
    Value *v = lua_text_literal(&t);
    if (v && lua_text_is_end(&t) && !t.unknown.code)
        return v;
    value_free(v);
    return NULL;
}

/* Texts of structured fields are JSON or a table of Lua when they begin like it, words otherwise. */
static Value *structured_from_text(const char *text)
{
    Error ignored = {0};
    const char *start = text + strspn(text, " ");
    Value *v = *start == '{' || *start == '[' || *start == '"' ? json_parse(start, strlen(start), &ignored) : NULL;
    if (!v && *start == '{')
        v = lua_from_text(start);
    if (v)
        return v;
    return *start ? value_text(start) : value_null();
}

/* "id" or "shop, day": names of columns. */
static Value *names_from_text(const char *text)
{
    Value *words = words_value(text), *one = words->size == 1 ? value_copy(words->items[0]) : NULL;
    if (one)
        value_free(words);
    return one ? one : words;
}

static Value *value_from_text(const Field *f, const char *text)
{
    switch (f->type) {
    case FIELD_FLAG: return flag_from_text(text);
    case FIELD_INT:
    case FIELD_REAL: return number_from_text(text);
    case FIELD_CHOICE:
    case FIELD_TEXT:
    case FIELD_EXPRESSION: return value_text(text);
    case FIELD_COLUMNS:
    case FIELD_TEXTS: return words_value(text);
    case FIELD_NUMBERS: return numbers_from_words(text);
    case FIELD_SPEC: return *text && *text != '{' ? use_from_words(f->family, text, strlen(text)) : structured_from_text(text);
    case FIELD_SPECS: return *text != '[' && *text != '{' ? uses_from_words(f->family, text) : structured_from_text(text);
    case FIELD_VALUE: return f->names_column && *text && !strpbrk(text, "{[\"") ? names_from_text(text) : structured_from_text(text);
    case FIELD_FUNCTION:
    case FIELD_OBJECT: return structured_from_text(text);
    }
    return value_null();
}

bool field_set_text(const Field *f, void *data, const char *text, const char *what, Error *e)
{
    Value *v = value_from_text(f, text);
    bool ok = true;
    if (v->type == VALUE_NULL)
        field_release(f, data);
    else if (f->type == FIELD_TEXT && !*text)
        field_release(f, data);
    else
        ok = field_set(f, data, v, what, e);
    value_free(v);
    return ok;
}

bool field_parse_default(const Field *f, void *data, Error *e)
{
    return field_set_text(f, data, f->def, f->name, e);
}

static void join_words(const Value *list, Text *out)
{
    for (size_t i = 0; i < list->size; i++) {
        char number[NUMBER_ROOM];
        const Value *item = list->items[i];
        text_addf(out, "%s%s", i ? ", " : "", item->type == VALUE_TEXT ? item->text : number_format_real(value_number(item), number));
    }
}

/* The words of one use; false when a value would not survive as a word. */
static bool add_use(const SpecUse *use, Text *out)
{
    bool fits = true;
    text_add(out, use->spec->name);
    for (const Field *f = use->spec->params; f && f->name; f++) {
        if (field_is_default(f, use->params) || !field_is_enabled(use->spec->params, f, use->params))
            continue;
        char *value = field_text(f, use->params);
        fits = fits && *value && !strpbrk(value, " ,");
        text_addf(out, " %s=%s", f->name, value);
        mem_free(value);
    }
    return fits;
}

static bool add_uses(const Field *f, const void *data, Text *out)
{
    const void *slot = field_in(f, data);
    const SpecUse *one = slot;
    const SpecList *many = slot;
    bool is_list = f->type == FIELD_SPECS, fits = true;
    for (size_t i = 0; i < (is_list ? many->count : one->spec != NULL); i++) {
        text_add(out, i ? ", " : "");
        fits = add_use(is_list ? &many->items[i] : one, out) && fits;
    }
    return fits;
}

char *field_text(const Field *f, const void *data)
{
    Text out = {0};
    char number[NUMBER_ROOM];
    if (f->type == FIELD_SPEC || f->type == FIELD_SPECS) {
        if (add_uses(f, data, &out))
            return text_take(&out);
        text_clear(&out);
    }
    Value *held = field_get(f, data), *v = value_plain(held);
    value_free(held);
    switch (v->type) {
    case VALUE_OBJECT:
    case VALUE_NULL: break;
    case VALUE_FLAG: text_add(&out, v->flag ? "true" : "false"); break;
    case VALUE_INT: text_addf(&out, "%lld", (long long)v->integer); break;
    case VALUE_REAL: text_add(&out, number_format_real(v->real, number)); break;
    case VALUE_TEXT: text_add_bytes(&out, v->text, v->size); break;
    case VALUE_LIST:
        if (f->type == FIELD_SPECS || (f->type == FIELD_VALUE && !f->names_column))
            json_write(v, JSON_COMPACT, &out);
        else
            join_words(v, &out);
        break;
    case VALUE_MAP: json_write(v, JSON_COMPACT, &out); break;
    }
    value_free(v);
    return text_take(&out);
}

bool field_is_default(const Field *f, const void *data)
{
    if (!f->def)
        return false;
    Field alone[2] = {*f, {0}};
    alone[0].offset = 0;
    alone[0].when = NULL;
    /* Room for the largest field type. */
    union {
        SpecUse use;
        SpecList specs;
        TextList texts;
        NumberList numbers;
        FunctionUse function;
        void *object;
        double real;
    } fresh = {0};
    Error ignored = {0};
    fields_init(alone, &fresh, &ignored);
    Value *is = field_get(f, data), *would_be = field_get(&alone[0], &fresh);
    bool same = value_equal(is, would_be);
    value_free(is);
    value_free(would_be);
    fields_done(alone, &fresh);
    return same;
}
