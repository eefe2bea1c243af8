/* Lines of Lua that hold only literals, read without Lua. */
#include "spec/lua_text.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/number.h"

enum { DEPTH_LIMIT = 32 };

static void skip_blanks(LuaText *t)
{
    t->at += strspn(t->at, " \t\r");
}

static bool is_letter(char c)
{
    return c == '_' || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

static size_t name_size(const char *at)
{
    size_t size = is_letter(*at) ? 1 : 0;
    while (size && (is_letter(at[size]) || is_digit(at[size])))
        size++;
    return size;
}

bool lua_text_take(LuaText *t, const char *words)
{
    const char *begin = t->at;
    while (*words) {
        size_t size = strcspn(words, " ");
        skip_blanks(t);
        if (strncmp(t->at, words, size) != 0) {
            t->at = begin;
            return false;
        }
        t->at += size;
        words += size + (words[size] == ' ');
    }
    return true;
}

bool lua_text_is_end(LuaText *t)
{
    skip_blanks(t);
    return !*t->at;
}

char *lua_text_name(LuaText *t)
{
    skip_blanks(t);
    size_t size = name_size(t->at);
    char *name = size ? mem_strndup(t->at, size) : NULL;
    t->at += size;
    return name;
}

/* \" \\ \n and \ddd: what the writer uses. */
static bool take_escape(LuaText *t, Text *out)
{
    char c = *t->at;
    if (c == 'n' || c == '"' || c == '\\') {
        text_add_char(out, c == 'n' ? '\n' : c);
        t->at++;
        return true;
    }
    if (!is_digit(c) || !is_digit(t->at[1]) || !is_digit(t->at[2]))
        return false;
    int code = (c - '0') * 100 + (t->at[1] - '0') * 10 + (t->at[2] - '0');
    text_add_char(out, (char)code);
    t->at += 3;
    return code < 256;
}

static Value *take_text(LuaText *t)
{
    Text out = {0};
    bool ok = true;
    for (t->at++; ok && *t->at && *t->at != '"';) {
        char c = *t->at++;
        if (c == '\\')
            ok = take_escape(t, &out);
        else
            text_add_char(&out, c);
    }
    ok = ok && *t->at == '"';
    t->at += ok;
    Value *v = ok ? value_bytes(text_get(&out), out.size) : NULL;
    text_done(&out);
    return v;
}

static Value *take_number(LuaText *t)
{
    size_t size = strspn(t->at, "+-0123456789.eE");
    int64_t n;
    double x;
    Value *v = NULL;
    if (size && number_parse_int(t->at, size, &n))
        v = value_int(n);
    else if (size && number_parse_real(t->at, size, &x))
        v = value_real(x);
    t->at += size;
    return v && !is_letter(*t->at) ? v : (value_free(v), NULL);
}

typedef struct Pair {
    char *key;
    Value *item;
} Pair;

static int compare_pairs(const void *a, const void *b)
{
    return strcmp(((const Pair *)a)->key, ((const Pair *)b)->key);
}

/* In the order of their keys, as tables come from Lua (script/value.c). false: a key is there twice. */
static bool sort_map(Value *v)
{
    bool unique = true;
    Pair *pairs = mem_alloc((v->size + 1) * sizeof *pairs);
    for (size_t i = 0; i < v->size; i++)
        pairs[i] = (Pair){v->keys[i], v->items[i]};
    qsort(pairs, v->size, sizeof *pairs, compare_pairs);
    for (size_t i = 0; i < v->size; i++) {
        v->keys[i] = pairs[i].key;
        v->items[i] = pairs[i].item;
        unique = unique && (i == 0 || strcmp(v->keys[i - 1], v->keys[i]) != 0);
    }
    mem_free(pairs);
    return unique;
}

/* The key of the next item; "" and true: it has none. */
static bool take_key(LuaText *t, char **key)
{
    const char *begin = t->at;
    *key = NULL;
    if (lua_text_take(t, "[")) {
        skip_blanks(t);
        Value *text = *t->at == '"' ? take_text(t) : NULL;
        bool ok = text && strlen(text->text) == text->size && lua_text_take(t, "] =");
        *key = ok ? mem_strdup(text->text) : NULL;
        value_free(text);
        return ok;
    }
    *key = lua_text_name(t);
    if (*key && lua_text_take(t, "="))
        return true;
    mem_free(*key);
    *key = NULL;
    t->at = begin;
    return true;
}

static bool take_item(LuaText *t, Value *positions, Value *names)
{
    char *key;
    if (!take_key(t, &key))
        return false;
    Value *item = lua_text_literal(t);
    bool ok = item && (key || item->type != VALUE_NULL);
    if (ok && key && item->type != VALUE_NULL)
        value_append(names, key, item);
    else if (ok && !key)
        value_add(positions, item);
    else
        value_free(item); /* a name that is nil is not there */
    mem_free(key);
    return ok;
}

/* Behind the opening brace. */
static bool take_items(LuaText *t, bool is_first, Value *positions, Value *names)
{
    bool ok = ++t->depth <= DEPTH_LIMIT;
    while (ok && !lua_text_take(t, "}")) {
        ok = (is_first || lua_text_take(t, ",")) && take_item(t, positions, names);
        is_first = false;
    }
    t->depth--;
    return ok && sort_map(names);
}

Value *lua_text_items(LuaText *t, bool is_first)
{
    Value *positions = value_list(), *names = value_map();
    bool ok = take_items(t, is_first, positions, names) && !positions->size;
    value_free(positions);
    return ok ? names : (value_free(names), NULL);
}

static Value *take_table(LuaText *t)
{
    Value *positions = value_list(), *names = value_map();
    bool ok = take_items(t, true, positions, names) && !(positions->size && names->size), is_list = positions->size > 0;
    value_free(is_list || !ok ? names : positions);
    if (!ok)
        value_free(positions);
    return !ok ? NULL : is_list ? positions : names;
}

static Value *take_made(LuaText *t)
{
    Error e = {0};
    char *name = lua_text_name(t);
    Value *positions = value_list(), *names = value_map(), *made = NULL;
    if (name && lua_text_take(t, "{") && take_items(t, true, positions, names)) {
        made = t->make(name, positions, names, &e);
        if (!made && !t->unknown.code)
            t->unknown = e;
        made = made ? made : value_map();
    } else {
        value_free(positions);
        value_free(names);
    }
    mem_free(name);
    return made;
}

Value *lua_text_literal(LuaText *t)
{
    skip_blanks(t);
    if (*t->at == '"')
        return take_text(t);
    if (lua_text_take(t, "{"))
        return take_table(t);
    if (lua_text_take(t, "lb."))
        return take_made(t);
    if (lua_text_take(t, "math.huge"))
        return value_real((double)INFINITY);
    if (lua_text_take(t, "-math.huge"))
        return value_real(-(double)INFINITY);
    if (lua_text_take(t, "(0/0)"))
        return value_real((double)NAN);
    if (!is_letter(*t->at))
        return take_number(t);
    char *word = lua_text_name(t);
    Value *v = text_equal(word, "true")    ? value_flag(true)
               : text_equal(word, "false") ? value_flag(false)
               : text_equal(word, "nil")   ? value_null()
                                           : NULL;
    mem_free(word);
    return v;
}
