/* Declarations and values as Lua source. */
#include <string.h>

#include <math.h>

#include "base/json.h"
#include "base/number.h"
#include "spec/faces.h"
#include "spec/params.h"

static bool is_word(const char *s)
{
    static const char *const reserved[] = {"and",      "break",  "do",   "else", "elseif", "end",  "false", "for",
                                           "function", "goto",   "if",   "in",   "local",  "nil",  "not",   "or",
                                           "repeat",   "return", "then", "true", "until",  "while"};
    if (!*s || (*s >= '0' && *s <= '9'))
        return false;
    for (const char *p = s; *p; p++)
        if (!(*p == '_' || (*p >= '0' && *p <= '9') || (*p >= 'a' && *p <= 'z') || (*p >= 'A' && *p <= 'Z')))
            return false;
    for (size_t i = 0; i < sizeof reserved / sizeof *reserved; i++)
        if (text_equal(s, reserved[i]))
            return false;
    return true;
}

static void add_text(const char *bytes, size_t size, Text *out)
{
    text_add_char(out, '"');
    for (size_t i = 0; i < size; i++) {
        unsigned char c = (unsigned char)bytes[i];
        if (c == '"' || c == '\\')
            text_addf(out, "\\%c", c);
        else if (c == '\n')
            text_add(out, "\\n");
        else if (c < 32 || c == 127)
            text_addf(out, "\\%03d", c);
        else
            text_add_char(out, (char)c);
    }
    text_add_char(out, '"');
}

static void add_real(double x, Text *out)
{
    char number[NUMBER_ROOM];
    if (isnan(x))
        text_add(out, "(0/0)");
    else if (isinf(x))
        text_add(out, x > 0 ? "math.huge" : "-math.huge");
    else {
        number_format_real(x, number);
        text_addf(out, "%s%s", number, strpbrk(number, ".e") ? "" : ".0"); /* a real stays one in Lua */
    }
}

static void add_key(const char *key, Text *out)
{
    if (is_word(key)) {
        text_add(out, key);
    } else {
        text_add_char(out, '[');
        add_text(key, strlen(key), out);
        text_add_char(out, ']');
    }
    text_add(out, " = ");
}

static void add_items(const Value *v, size_t left_out, Text *out)
{
    const char *before = " ";
    for (size_t i = 0; i < v->size; i++) {
        if (i == left_out)
            continue;
        text_add(out, before);
        before = ", ";
        if (v->type == VALUE_MAP)
            add_key(v->keys[i], out);
        face_lua_value(v->items[i], out);
    }
}

/* Whether item i says what the map is: a member of a family, and all others are its parameters. */
static bool names_member(const Value *v, size_t i)
{
    const Family *family = v->items[i]->type == VALUE_TEXT ? registry_find_family(v->keys[i]) : NULL;
    const Spec *spec = family && registry_is_constructed(family) ? family_find(family, v->items[i]->text) : NULL;
    for (size_t k = 0; spec && k < v->size; k++)
        if (k != i && !(spec->params && fields_find(spec->params, v->keys[k])))
            return false;
    return spec != NULL;
}

/* The item that names a member; SIZE_MAX: a plain map. */
static size_t member_at(const Value *v)
{
    for (size_t i = 0; v->type == VALUE_MAP && i < v->size; i++)
        if (names_member(v, i))
            return i;
    return SIZE_MAX;
}

static void add_object(const Value *v, Text *out)
{
    Value *plain = value_plain(v);
    face_lua_value(plain, out);
    value_free(plain);
}

void face_lua_value(const Value *v, Text *out)
{
    switch (v->type) {
    case VALUE_NULL: text_add(out, "nil"); return;
    case VALUE_FLAG: text_add(out, v->flag ? "true" : "false"); return;
    case VALUE_INT: text_addf(out, "%lld", (long long)v->integer); return;
    case VALUE_REAL: add_real(v->real, out); return;
    case VALUE_TEXT: add_text(v->text, v->size, out); return;
    case VALUE_OBJECT: add_object(v, out); return;
    case VALUE_LIST:
    case VALUE_MAP: break;
    }
    /* {"layer": "dense", "width": 8} is written lb.dense { width = 8 }. */
    size_t member = member_at(v);
    if (member != SIZE_MAX && registry_find_family(v->keys[member])->count > 1)
        text_addf(out, "lb.%s ", v->items[member]->text);
    text_add_char(out, '{');
    add_items(v, member, out);
    text_add(out, v->size > (member != SIZE_MAX) ? " }" : "}");
}

void face_plan(const Spec *spec, Text *out)
{
    Error ignored = {0};
    Value *plan = json_parse(spec->plan, strlen(spec->plan), &ignored);
    face_lua_value(plan, out);
    value_free(plan);
}

void face_lua_table(const Field *fields, const void *params, Text *out)
{
    Value *map = fields_to_value(fields, params, false);
    face_lua_value(map, out);
    value_free(map);
}
