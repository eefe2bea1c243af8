/* lb.args: a script's own options, typed by their defaults, with --help. */
#include <string.h>

#include "base/number.h"
#include "script/objects.h"
#include "script/value.h"
#include "spec/faces.h"

static const char *key_at(const void *self, size_t i)
{
    const Value *defaults = self;
    return i < defaults->size ? defaults->keys[i] : NULL;
}

static bool bad_value(const char *name, const char *text, const char *wanted, Error *e)
{
    return error_set(e, ERROR_USAGE, "--%s: \"%s\" is not %s", name, text, wanted);
}

static Value *list_from_text(const char *text)
{
    Value *list = value_list();
    while (*text) {
        size_t size = strcspn(text, ",");
        double x;
        int64_t n;
        if (number_parse_int(text, size, &n))
            value_add(list, value_int(n));
        else if (number_parse_real(text, size, &x))
            value_add(list, value_real(x));
        else
            value_add(list, value_bytes(text, size));
        text += size + (text[size] == ',');
    }
    return list;
}

/* The text of an option as a value of its default's type. */
static Value *typed(const char *name, const char *text, const Value *model, Error *e)
{
    int64_t n;
    double x;
    switch (model->type) {
    case VALUE_FLAG:
        if (text_equal(text, "true") || text_equal(text, "yes") || text_equal(text, "1"))
            return value_flag(true);
        if (text_equal(text, "false") || text_equal(text, "no") || text_equal(text, "0"))
            return value_flag(false);
        bad_value(name, text, "true or false", e);
        return NULL;
    case VALUE_INT:
        if (number_parse_int(text, strlen(text), &n))
            return value_int(n);
        bad_value(name, text, "an integer", e);
        return NULL;
    case VALUE_REAL:
        if (number_parse_real(text, strlen(text), &x))
            return value_real(x);
        bad_value(name, text, "a number", e);
        return NULL;
    case VALUE_LIST: return list_from_text(text);
    default: return value_text(text);
    }
}

static bool take_argument(Value *options, const Value *defaults, const char *argument, Error *e)
{
    if (!text_starts(argument, "--"))
        return error_set(e, ERROR_USAGE, "\"%s\" is not an option; scripts take --key=value", argument);
    const char *equals = strchr(argument, '=');
    char *name = equals ? mem_strndup(argument + 2, (size_t)(equals - argument - 2)) : mem_strdup(argument + 2);
    for (char *p = name; *p; p++)
        *p = *p == '-' ? '_' : *p;
    const Value *model = value_get(defaults, name);
    Value *v = NULL;
    if (!model) {
        const char *near = text_nearest(name, key_at, defaults);
        error_set(e, ERROR_USAGE, "no option --%s%s%s%s", name, near ? "; did you mean --" : "; --help lists them", near ? near : "",
                  near ? "?" : "");
    } else if (!equals && model->type != VALUE_FLAG) {
        error_set(e, ERROR_USAGE, "--%s needs a value: --%s=...", name, name);
    } else {
        v = typed(name, equals ? equals + 1 : "true", model, e);
    }
    if (v)
        value_set(options, name, v);
    mem_free(name);
    return v != NULL;
}

static void print_help(ScriptState *s, const Value *defaults)
{
    Text out = {0};
    text_addf(&out, "limbeck run %s [--key=value]\n\n", s->run.path ? s->run.path : "-");
    for (size_t i = 0; i < defaults->size; i++) {
        text_addf(&out, "  --%-18s default ", defaults->keys[i]);
        face_lua_value(defaults->items[i], &out);
        text_add_char(&out, '\n');
    }
    state_print(s, text_get(&out), out.size);
    text_done(&out);
}

static int leave(lua_State *L, int code, const Error *e)
{
    ScriptState *s = state_of(L);
    s->is_exiting = true;
    s->exit_code = code;
    s->raised = e ? *e : (Error){0};
    lua_pushstring(L, e ? e->message : "exit");
    return lua_error(L);
}

int args_lua(lua_State *L)
{
    ScriptState *s = state_of(L);
    Error e = {0};
    luaL_checktype(L, 1, LUA_TTABLE);
    Value *defaults = value_from_lua(L, 1, &e);
    if (!defaults)
        return state_raise(L, &e);
    Value *options = value_copy(defaults);
    if (s->run.seed != UINT64_MAX && value_get(options, "seed"))
        value_set(options, "seed", value_int((int64_t)s->run.seed));
    bool ok = true, help = false;
    for (size_t i = 0; ok && s->run.arguments && i < s->run.arguments->count; i++) {
        help = help || text_equal(s->run.arguments->items[i], "--help");
        ok = help || take_argument(options, defaults, s->run.arguments->items[i], &e);
    }
    if (help)
        print_help(s, defaults);
    if (ok)
        result_push(L, options, "options");
    value_free(defaults);
    value_free(options);
    if (!ok)
        return leave(L, 2, &e);
    return help ? leave(L, 0, NULL) : 1;
}
