/* Declarations and values as Lua source. */
#include <string.h>

#include <math.h>

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

static void add_items(const Value *v, size_t first, Text *out)
{
    for (size_t i = first; i < v->size; i++) {
        text_add(out, i > first ? ", " : " ");
        if (v->type == VALUE_MAP)
            add_key(v->keys[i], out);
        face_lua_value(v->items[i], out);
    }
}

/* The family whose member a map stands for; NULL: a plain map. */
static const Family *family_of(const Value *v)
{
    bool named = v->type == VALUE_MAP && v->size > 0 && v->items[0]->type == VALUE_TEXT;
    const Family *family = named ? registry_find_family(v->keys[0]) : NULL;
    return family && registry_is_constructed(family) && registry_find(family->name, v->items[0]->text) ? family : NULL;
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
    const Family *family = family_of(v);
    if (family && family->count > 1)
        text_addf(out, "lb.%s ", v->items[0]->text);
    size_t first = family ? 1 : 0;
    text_add_char(out, '{');
    add_items(v, first, out);
    text_add(out, v->size > first ? " }" : "}");
}

void face_lua_table(const Field *fields, const void *params, Text *out)
{
    Value *map = fields_to_value(fields, params, false);
    face_lua_value(map, out);
    value_free(map);
}
