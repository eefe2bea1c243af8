/* What a script says with lb.define. A function is known by the text of its module, since that is what recipes and models carry. */
#include "script/define.h"

#include <string.h>

#include "script/objects.h"
#include "spec/module.h"

static const char all_key[] = "limbeck.defined", texts_key[] = "limbeck.module_texts";

void define_push_all(lua_State *L)
{
    luaL_getsubtable(L, LUA_REGISTRYINDEX, all_key);
}

void define_push_named(lua_State *L, const char *family, const char *name)
{
    define_push_all(L);
    lua_Integer count = (lua_Integer)lua_rawlen(L, -1);
    int top = lua_gettop(L);
    for (lua_Integer i = 1; i <= count; i++) {
        lua_rawgeti(L, top, i);
        lua_getfield(L, -1, "family");
        lua_rawgeti(L, -2, 1);
        lua_getfield(L, -1, "name");
        if (text_equal(lua_tostring(L, -1), name) && text_equal(lua_tostring(L, -3), family)) {
            lua_pushvalue(L, -2);
            lua_replace(L, top);
            lua_settop(L, top);
            return;
        }
        lua_settop(L, top);
    }
    lua_pushnil(L);
    lua_replace(L, top);
}

void define_keep_text(lua_State *L, const char *chunk, const char *text, size_t size)
{
    luaL_getsubtable(L, LUA_REGISTRYINDEX, texts_key);
    lua_pushlstring(L, text, size);
    lua_setfield(L, -2, chunk);
    lua_pop(L, 1);
}

/* What lb.define.FAMILY takes: the function without which a member computes nothing, and one that it may have. */
typedef struct Definable {
    const char *family, *function, *also, *form;
    bool is_method; /* its name is one of a pipeline and of a table */
} Definable;

static const Definable definables[] = {
    {"step", "apply", "fit", "apply = function(columns, params, state) ... end; fit may be a function too", true},
    {"metric", "compute", NULL, "compute = function(truth, outputs, params) ... end", false},
    {"loss", "pass", NULL, "pass = function(outputs, truth, weights, params) return losses, gradients end", false},
    {"command", "run", NULL, "run = function(about, params) ... end", false},
};

static bool check_functions(lua_State *L, const Definable *d, Error *e)
{
    int also = d->also ? lua_getfield(L, 1, d->also) : (lua_pushnil(L), LUA_TNIL);
    int function = lua_getfield(L, 1, d->function), name = lua_getfield(L, 1, "name");
    lua_pop(L, 3);
    if (name != LUA_TSTRING)
        return error_set(e, ERROR_USAGE, "define.%s: needs a name = \"...\"", d->family);
    return (function == LUA_TFUNCTION && (also == LUA_TNIL || also == LUA_TFUNCTION)) ||
           error_set(e, ERROR_USAGE, "define.%s: needs %s", d->family, d->form);
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

static bool load_module_of(lua_State *L, const Definable *d, const char *name, Error *e)
{
    lua_Debug info = {0};
    lua_getfield(L, 1, d->function);
    lua_getinfo(L, ">S", &info);
    luaL_getsubtable(L, LUA_REGISTRYINDEX, texts_key);
    if (lua_getfield(L, -1, info.source) != LUA_TSTRING)
        return error_set(e, ERROR_USAGE,
                         "define.%s: the text of a %s travels with what uses it, so \"%s\" is defined in a module of its own: "
                         "put it into a file beside the script, and require that",
                         d->family, d->family, name);
    size_t size;
    const char *text = lua_tolstring(L, -1, &size);
    if (!module_load(info.source + 1, text, size, e))
        return false;
    if (state_of(L)->document)
        document_add_module(state_of(L)->document, text, size);
    const Module *m = module_of(registry_find(d->family, name));
    char hash[HASH_ROOM];
    sha256_hex(text, size, hash);
    return (m && text_equal(m->hash, hash)) ||
           error_set(e, ERROR_USAGE, "define.%s: %s, run alone, does not define \"%s\"", d->family, info.source + 1, name);
}

static void keep_declaration(lua_State *L, const Definable *d)
{
    define_push_all(L);
    lua_newtable(L);
    lua_pushvalue(L, 1);
    lua_rawseti(L, -2, 1);
    lua_pushstring(L, d->family);
    lua_setfield(L, -2, "family");
    lua_rawseti(L, -2, (lua_Integer)lua_rawlen(L, -2) + 1);
}

static int define_member(lua_State *L, const Definable *d)
{
    Error e = {0};
    lua_settop(L, 1);
    luaL_checktype(L, 1, LUA_TTABLE);
    if (!check_functions(L, d, &e))
        return state_raise(L, &e);
    if (state_of(L)->run.alone) {
        keep_declaration(L, d);
        return 0;
    }
    lua_getfield(L, 1, "name");
    const char *name = lua_tostring(L, -1);
    if ((d->is_method && !check_methods(L, name, &e)) || !load_module_of(L, d, name, &e))
        return state_raise(L, &e);
    return 0;
}

static int define_step(lua_State *L)
{
    return define_member(L, &definables[0]);
}

static int define_metric(lua_State *L)
{
    return define_member(L, &definables[1]);
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
    else if (module_load(lua_tostring(L, 2), text, size, &e) && state_of(L)->document)
        document_add_module(state_of(L)->document, text, size);
    return e.code ? state_raise(L, &e) : 0;
}

static int define_loss(lua_State *L)
{
    return define_member(L, &definables[2]);
}

static int define_command(lua_State *L)
{
    return define_member(L, &definables[3]);
}

void define_push(lua_State *L)
{
    static const ScriptMethod functions[] = {
        {"step", define_step, "t", " name doc params fit apply needs window examples "},
        {"metric", define_metric, "t", " name doc params title better takes compute "},
        {"loss", define_loss, "t", " name doc params takes pass "},
        {"command", define_command, "t", " name doc params keys run "},
        {"module", define_module, "t", " name text "},
        {0},
    };
    lua_newtable(L);
    script_functions(L, functions);
}
