/* What all objects of a script share: metatables, unknown names, results that print. */
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
    char *methods = text_format("limbeck.methods.%s", what);
    lua_getfield(L, LUA_REGISTRYINDEX, methods);
    mem_free(methods);
    for (lua_pushnil(L); lua_next(L, -2); lua_pop(L, 1))
        text_list_add(&names, lua_tostring(L, -2));
    const Family *steps = text_equal(what, "model") ? NULL : registry_find_family("step");
    for (size_t i = 0; steps && i < steps->count; i++)
        text_list_add(&names, steps->members[i]->name);
    const char *near = text_nearest(name, key_at, &names);
    error_set(&e, ERROR_USAGE, "a %s has no step or method \"%s\"%s%s%s", what, name, near ? "; did you mean \"" : "; `limbeck help` lists all",
              near ? near : "", near ? "\"?" : "");
    text_list_done(&names);
    return state_raise(L, &e);
}

void object_define(lua_State *L, const char *what, const luaL_Reg *methods, lua_CFunction index)
{
    char *type = text_format("limbeck.%s", what), *list = text_format("limbeck.methods.%s", what);
    lua_newtable(L);
    for (const luaL_Reg *m = methods; m->name; m++) {
        if (m->name[0] == '_')
            continue;
        lua_pushcfunction(L, m->func);
        lua_setfield(L, -2, m->name);
    }
    lua_setfield(L, LUA_REGISTRYINDEX, list);
    luaL_newmetatable(L, type);
    luaL_setfuncs(L, methods, 0);
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
    error_set(&e, ERROR_USAGE, "this result has no field \"%s\"; %s%s%s", name, near ? "did you mean \"" : "it has ", near ? near : text_get(&all),
              near ? "\"?" : "");
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
