/* The module `limbeck`: one table of words. An unknown one raises with the nearest. */
#include "script/callback.h"
#include "script/objects.h"

static const char *key_at(const void *self, size_t i)
{
    const TextList *names = self;
    return i < names->count ? names->items[i] : NULL;
}

static int module_unknown(lua_State *L)
{
    TextList names = {0};
    Error e = {0};
    const char *name = luaL_tolstring(L, 2, NULL);
    for (lua_pushnil(L); lua_next(L, 1); lua_pop(L, 1))
        text_list_add(&names, lua_tostring(L, -2));
    const char *near = text_nearest(name, key_at, &names);
    error_set(&e, ERROR_USAGE, "limbeck has no \"%s\"%s%s%s", name, near ? "; did you mean \"" : "; `limbeck help` lists all", near ? near : "",
              near ? "\"?" : "");
    text_list_done(&names);
    return state_raise(L, &e);
}

void module_open(ScriptState *s)
{
    static const luaL_Reg functions[] = {
        {"read", table_read_lua},       {"pipeline", pipeline_new_lua}, {"load", model_load_lua}, {"compare", model_compare_lua},
        {"chart", chart_lua},           {"args", args_lua},             {"callback", callback_new},
        {NULL, NULL},
    };
    lua_State *L = s->lua;
    table_open(L);
    pipeline_open(L);
    model_open(L);
    if (s->run.describe)
        hollow_open(s);
    lua_newtable(L);
    bind_constructors(L);
    luaL_setfuncs(L, functions, 0);
    lua_pushstring(L, LIMBECK_VERSION);
    lua_setfield(L, -2, "version");
    lua_newtable(L);
    lua_pushcfunction(L, module_unknown);
    lua_setfield(L, -2, "__index");
    lua_setmetatable(L, -2);
}
