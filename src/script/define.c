/* What a script says with lb.define. A function is known by the text of its module, since that is what recipes and models carry. */
#include "script/define.h"

#include <string.h>

#include "script/objects.h"
#include "steps/defined.h"

static const char all_key[] = "limbeck.defined", texts_key[] = "limbeck.module_texts";

void define_push_all(lua_State *L)
{
    luaL_getsubtable(L, LUA_REGISTRYINDEX, all_key);
}

void define_push_named(lua_State *L, const char *name)
{
    define_push_all(L);
    lua_Integer count = (lua_Integer)lua_rawlen(L, -1);
    for (lua_Integer i = 1; i <= count; i++, lua_pop(L, 2)) {
        lua_rawgeti(L, -1, i);
        lua_getfield(L, -1, "name");
        if (text_equal(lua_tostring(L, -1), name)) {
            lua_pop(L, 1);
            lua_remove(L, -2);
            return;
        }
    }
    lua_pop(L, 1);
    lua_pushnil(L);
}

void define_keep_text(lua_State *L, const char *chunk, const char *text, size_t size)
{
    luaL_getsubtable(L, LUA_REGISTRYINDEX, texts_key);
    lua_pushlstring(L, text, size);
    lua_setfield(L, -2, chunk);
    lua_pop(L, 1);
}

static bool check_functions(lua_State *L, Error *e)
{
    int fit = lua_getfield(L, 1, "fit"), apply = lua_getfield(L, 1, "apply"), name = lua_getfield(L, 1, "name");
    int needs = lua_getfield(L, 1, "needs");
    bool is_row = needs == LUA_TNIL || (needs == LUA_TSTRING && text_equal(lua_tostring(L, -1), "row"));
    lua_pop(L, 4);
    if (name != LUA_TSTRING)
        return error_set(e, ERROR_USAGE, "define.step: needs a name = \"...\"");
    if (apply != LUA_TFUNCTION || (fit != LUA_TNIL && fit != LUA_TFUNCTION))
        return error_set(e, ERROR_USAGE, "define.step: needs apply = function(columns, params, state) ... end; fit may be a function too");
    return is_row || error_set(e, ERROR_USAGE, "define.step: a step defined in Lua looks at each row alone; leave needs out");
}

/* Whatever lies under the names of methods is never asked for as a step. */
static bool check_methods(lua_State *L, const char *name, Error *e)
{
    static const char *const fields[] = {"rows", "columns", "notes", "rejects"};
    bool taken = object_method(L, "pipeline", name) || object_method(L, "table", name);
    for (size_t i = 0; i < sizeof fields / sizeof *fields; i++)
        taken = taken || text_equal(fields[i], name);
    return !taken || error_set(e, ERROR_USAGE, "define.step: \"%s\" is a method already; give the step another name", name);
}

static bool load_module_of(lua_State *L, const char *name, Error *e)
{
    lua_Debug info = {0};
    lua_getfield(L, 1, "apply");
    lua_getinfo(L, ">S", &info);
    luaL_getsubtable(L, LUA_REGISTRYINDEX, texts_key);
    if (lua_getfield(L, -1, info.source) != LUA_TSTRING)
        return error_set(e, ERROR_USAGE,
                         "define.step: the text of a step travels with recipes and models, so \"%s\" is defined in a module of its own: "
                         "put it into a file beside the script, and require that",
                         name);
    size_t size;
    const char *text = lua_tolstring(L, -1, &size);
    if (!defined_load(info.source + 1, text, size, e))
        return false;
    const DefinedStep *d = defined_step(step_find(name));
    char hash[HASH_ROOM];
    sha256_hex(text, size, hash);
    return (d && text_equal(d->module->hash, hash)) ||
           error_set(e, ERROR_USAGE, "define.step: %s, run alone, does not define \"%s\"", info.source + 1, name);
}

static int define_step(lua_State *L)
{
    Error e = {0};
    lua_settop(L, 1);
    luaL_checktype(L, 1, LUA_TTABLE);
    if (!check_functions(L, &e))
        return state_raise(L, &e);
    if (state_of(L)->run.alone) {
        define_push_all(L);
        lua_pushvalue(L, 1);
        lua_rawseti(L, -2, (lua_Integer)lua_rawlen(L, -2) + 1);
        return 0;
    }
    lua_getfield(L, 1, "name");
    const char *name = lua_tostring(L, -1);
    if (!check_methods(L, name, &e) || !load_module_of(L, name, &e))
        return state_raise(L, &e);
    return 0;
}

/* A module with its text, as generated scripts carry it. */
static int define_module(lua_State *L)
{
    Error e = {0};
    size_t size = 0;
    lua_settop(L, 1);
    luaL_checktype(L, 1, LUA_TTABLE);
    bool named = lua_getfield(L, 1, "name") == LUA_TSTRING, given = lua_getfield(L, 1, "text") == LUA_TSTRING;
    const char *text = given ? lua_tolstring(L, 3, &size) : NULL;
    if (!named || !given)
        error_set(&e, ERROR_USAGE, "define.module: needs name = \"my_steps.lua\" and text = \"...\"");
    else if (state_of(L)->run.alone)
        error_set(&e, ERROR_USAGE, "define.module: a module holds no other");
    else
        defined_load(lua_tostring(L, 2), text, size, &e);
    return e.code ? state_raise(L, &e) : 0;
}

void define_push(lua_State *L)
{
    static const ScriptMethod functions[] = {
        {"step", define_step, "t", " name doc params fit apply needs "}, {"module", define_module, "t", " name text "}, {0}};
    lua_newtable(L);
    script_functions(L, functions);
}
