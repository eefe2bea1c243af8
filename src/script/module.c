/* The module `limbeck`: one table of words. An unknown one raises with the nearest. */
#include "script/bind.h"
#include "script/callback.h"
#include "script/define.h"
#include "script/vector.h"

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
    if (!state_of(L)->run.alone && bind_constructor(L, name))
        return 1;
    for (lua_pushnil(L); lua_next(L, 1); lua_pop(L, 1))
        text_list_add(&names, lua_tostring(L, -2));
    const char *near = text_nearest(name, key_at, &names);
    error_set(&e, ERROR_USAGE, "limbeck has no \"%s\"%s%s%s", name, near ? "; did you mean \"" : "; `limbeck help` lists all",
              near ? near : "", near ? "\"?" : "");
    text_list_done(&names);
    return state_raise(L, &e);
}

/* lb.methods("table"): the names of its methods, sorted; steps besides are those of `limbeck help`. */
static int module_methods(lua_State *L)
{
    Error e = {0};
    TextList names = {0};
    if (!object_methods(L, luaL_checkstring(L, 1), &names)) {
        error_set(&e, ERROR_USAGE, "methods: there is no object \"%s\"; a table, pipeline or model has methods", lua_tostring(L, 1));
        return state_raise(L, &e);
    }
    lua_newtable(L);
    for (size_t i = 0; i < names.count; i++) {
        lua_pushstring(L, names.items[i]);
        lua_rawseti(L, -2, (lua_Integer)i + 1);
    }
    text_list_done(&names);
    return 1;
}

static void make_strict(lua_State *L)
{
    lua_newtable(L);
    lua_pushcfunction(L, module_unknown);
    lua_setfield(L, -2, "__index");
    lua_setmetatable(L, -2);
}

static void add_words(lua_State *L)
{
    vector_open(L);
    lua_pushcfunction(L, vector_new_lua);
    lua_setfield(L, -2, "vector");
    define_push(L);
    lua_setfield(L, -2, "define");
    lua_pushstring(L, LIMBECK_VERSION);
    lua_setfield(L, -2, "version");
}

void module_open(ScriptState *s)
{
    static const ScriptMethod functions[] = {
        {"read", table_read_lua, "at", NULL},
        {"table", table_make_lua, "a", NULL},
        {"pipeline", pipeline_new_lua, "t", NULL},
        {"load", model_load_lua, "s", NULL},
        {"compare", model_compare_lua, "t", NULL},
        {"preview_schedule", learn_preview_schedule, "t", NULL},
        {"chart", chart_lua, "as", NULL},
        {"curve", curve_lua, "a", NULL},
        {"runs", runs_lua, "a", NULL},
        {"args", args_lua, "t", NULL},
        {"callback", callback_new, "t", NULL},
        {"methods", module_methods, "s", NULL},
        {0},
    };
    lua_State *L = s->lua;
    if (s->run.alone) {
        lua_newtable(L);
        add_words(L);
        make_strict(L);
        return;
    }
    table_open(L);
    pipeline_open(L);
    model_open(L);
    if (s->run.describe)
        hollow_open(s);
    lua_newtable(L);
    bind_constructors(L);
    script_functions(L, functions);
    json_words_push(L);
    lua_setfield(L, -2, "json");
    add_words(L);
    make_strict(L);
}
