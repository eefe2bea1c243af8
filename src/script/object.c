/* What all objects of a script share: metatables, unknown names, results that print. */
#include <stdlib.h>
#include <string.h>

#include "script/objects.h"
#include "script/value.h"

static const char *key_at(const void *self, size_t i)
{
    const TextList *names = self;
    return i < names->count ? names->items[i] : NULL;
}

/* The methods of `what` lie in the registry under "limbeck.methods.WHAT"; a pipeline and a table also know every step. */
int object_unknown(lua_State *L, const char *what, const char *name)
{
    TextList names = {0};
    Error e = {0};
    object_methods(L, what, &names); /* by name: Lua walks its tables in an order that changes from run to run */
    const Family *steps = text_equal(what, "model") || text_equal(what, "vector") ? NULL : registry_find_family("step");
    for (size_t i = 0; steps && i < steps->count; i++)
        text_list_add(&names, steps->members[i]->name);
    const char *near = text_nearest(name, key_at, &names);
    error_set(&e, ERROR_USAGE, "a %s has no step or method \"%s\"%s%s%s", what, name,
              near ? "; did you mean \"" : "; `limbeck help` lists all", near ? near : "", near ? "\"?" : "");
    text_list_done(&names);
    return state_raise(L, &e);
}

void script_check_count(lua_State *L, const char *name, int first, int most)
{
    Error e = {0};
    int count = lua_gettop(L) - first + 1;
    while (count > most && lua_isnil(L, first + count - 1))
        count--;
    if (count <= most)
        return;
    if (most)
        error_set(&e, ERROR_USAGE, "%s: takes at most %d argument%s, found %d", name, most, most == 1 ? "" : "s", count);
    else
        error_set(&e, ERROR_USAGE, "%s: takes no arguments, found a %s", name, luaL_typename(L, first));
    state_raise(L, &e);
}

static bool is_kind(lua_State *L, int index, char kind)
{
    int whole = 0;
    if (kind == 'i')
        lua_tointegerx(L, index, &whole);
    return lua_isnoneornil(L, index) || kind == 'a' || hollow_is(L, index) || (kind == 's' && lua_type(L, index) == LUA_TSTRING) ||
           (kind == 'n' && lua_type(L, index) == LUA_TNUMBER) || (kind == 'i' && whole) || (kind == 't' && lua_istable(L, index));
}

static void check_kinds(lua_State *L, const ScriptMethod *m, int first)
{
    static const char *const words[] = {['s'] = "a text", ['i'] = "an integer", ['n'] = "a number", ['t'] = "a table of options"};
    Error e = {0};
    for (int i = 0; m->takes[i]; i++)
        if (!is_kind(L, first + i, m->takes[i])) {
            error_set(&e, ERROR_USAGE, "%s: argument %d must be %s, found a %s", m->name, i + 1, words[(unsigned char)m->takes[i]],
                      luaL_typename(L, first + i));
            state_raise(L, &e);
        }
}

static void split_names(const char *options, TextList *names)
{
    for (const char *p = options + strspn(options, "+ "); *p; p += strspn(p, " ")) {
        size_t size = strcspn(p, " ");
        char *name = mem_strndup(p, size);
        text_list_add(names, name);
        mem_free(name);
        p += size;
    }
}

static bool refuse_name(const ScriptMethod *m, const char *name, Error *e)
{
    TextList names = {0};
    split_names(m->options, &names);
    bool known = false;
    for (size_t i = 0; i < names.count; i++)
        known = known || text_equal(names.items[i], name);
    if (!known) {
        const char *near = text_nearest(name, key_at, &names);
        error_set(e, ERROR_USAGE, "%s: no option \"%s\"; %s%s%s", m->name, name, near ? "did you mean \"" : "it takes",
                  near ? near : m->options, near ? "\"?" : "");
    }
    text_list_done(&names);
    return !known;
}

static void check_options(lua_State *L, const ScriptMethod *m, int index)
{
    Error e = {0};
    for (lua_pushnil(L); !e.code && lua_next(L, index); lua_pop(L, 1))
        if (lua_type(L, -2) == LUA_TSTRING)
            refuse_name(m, lua_tostring(L, -2), &e);
        else if (m->options[0] != '+')
            error_set(&e, ERROR_USAGE, "%s: takes no values in positions; name them", m->name);
    if (e.code)
        state_raise(L, &e);
}

/* upvalues: the method, whether an object stands first */
static int checked_call(lua_State *L)
{
    const ScriptMethod *m = lua_touserdata(L, lua_upvalueindex(1));
    int first = lua_toboolean(L, lua_upvalueindex(2)) ? 2 : 1, count = (int)strlen(m->takes);
    script_check_count(L, m->name, first, count);
    check_kinds(L, m, first);
    for (int i = first; m->options && i < first + count; i++)
        if (lua_istable(L, i) && !hollow_is(L, i))
            check_options(L, m, i);
    return m->function(L);
}

static void add_functions(lua_State *L, const ScriptMethod *functions, bool is_method)
{
    for (const ScriptMethod *m = functions; m->name; m++) {
        lua_pushlightuserdata(L, (void *)(uintptr_t)m);
        lua_pushboolean(L, is_method);
        lua_pushcclosure(L, checked_call, 2);
        lua_setfield(L, -2, m->name);
    }
}

void script_functions(lua_State *L, const ScriptMethod *functions)
{
    add_functions(L, functions, false);
}

void object_define(lua_State *L, const char *what, const ScriptMethod *methods, const luaL_Reg *events, lua_CFunction index)
{
    char *type = text_format("limbeck.%s", what), *list = text_format("limbeck.methods.%s", what);
    lua_newtable(L);
    add_functions(L, methods, true);
    lua_setfield(L, LUA_REGISTRYINDEX, list);
    luaL_newmetatable(L, type);
    luaL_setfuncs(L, events, 0);
    lua_pushcfunction(L, index);
    lua_setfield(L, -2, "__index");
    lua_pushstring(L, what);
    lua_setfield(L, -2, "__name");
    lua_pushstring(L, what);
    lua_setfield(L, -2, "__metatable");
    lua_pop(L, 1);
    mem_free(type);
    mem_free(list);
}

static int by_name(const void *a, const void *b)
{
    return strcmp(*(char *const *)a, *(char *const *)b);
}

bool object_methods(lua_State *L, const char *what, TextList *names)
{
    char *list = text_format("limbeck.methods.%s", what);
    bool found = lua_getfield(L, LUA_REGISTRYINDEX, list) == LUA_TTABLE;
    mem_free(list);
    if (found)
        for (lua_pushnil(L); lua_next(L, -2); lua_pop(L, 1))
            text_list_add(names, lua_tostring(L, -2));
    lua_pop(L, 1);
    if (names->count)
        qsort(names->items, names->count, sizeof *names->items, by_name);
    return found;
}

bool object_method(lua_State *L, const char *what, const char *name)
{
    char *list = text_format("limbeck.methods.%s", what);
    lua_getfield(L, LUA_REGISTRYINDEX, list);
    mem_free(list);
    bool found = lua_getfield(L, -1, name) != LUA_TNIL;
    lua_remove(L, -2);
    if (!found)
        lua_pop(L, 1);
    return found;
}

static int result_text(lua_State *L)
{
    luaL_getmetafield(L, 1, "text");
    return 1;
}

static int result_index(lua_State *L)
{
    TextList names = {0};
    Error e = {0};
    const char *name = luaL_tolstring(L, 2, NULL);
    for (lua_pushnil(L); lua_next(L, 1); lua_pop(L, 1))
        if (lua_type(L, -2) == LUA_TSTRING)
            text_list_add(&names, lua_tostring(L, -2));
    const char *near = text_nearest(name, key_at, &names);
    Text all = {0};
    for (size_t i = 0; i < names.count; i++)
        text_addf(&all, "%s%s", i ? ", " : "", names.items[i]);
    error_set(&e, ERROR_USAGE, "this result has no field \"%s\"; %s%s%s", name, near ? "did you mean \"" : "it has ",
              near ? near : text_get(&all), near ? "\"?" : "");
    text_list_done(&names);
    text_done(&all);
    return state_raise(L, &e);
}

void result_push(lua_State *L, const Value *fields, const char *text)
{
    value_push_nested(L, fields);
    lua_newtable(L);
    lua_pushstring(L, text);
    lua_setfield(L, -2, "text");
    lua_pushcfunction(L, result_text);
    lua_setfield(L, -2, "__tostring");
    lua_pushcfunction(L, result_index);
    lua_setfield(L, -2, "__index");
    lua_setmetatable(L, -2);
}
