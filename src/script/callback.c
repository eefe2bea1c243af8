/* Callbacks that remember: lb.callback { state = {...}, fn = function(e, state) ... end } declares what lies in `state`, which goes into
 * each checkpoint. What a function may remember elsewhere (its upvalues, globals of the script) is only named: a resume runs the
 * script anew, so that such memory starts anew. */
#include "script/callback.h"

#include <math.h>
#include <string.h>

#include "script/objects.h"
#include "script/value.h"

enum { DEPTH_MOST = 4 };
static const char standard_names[] = "limbeck.standard_globals";

void callback_know_globals(lua_State *L)
{
    lua_newtable(L);
    lua_pushglobaltable(L);
    for (lua_pushnil(L); lua_next(L, -2); lua_pop(L, 1)) {
        lua_pushvalue(L, -2);
        lua_pushboolean(L, 1);
        lua_rawset(L, -6);
    }
    lua_pop(L, 1);
    lua_pushboolean(L, 1);
    lua_setfield(L, -2, "arg");
    lua_setfield(L, LUA_REGISTRYINDEX, standard_names);
}

/* Modules, and values that constructors made: nobody writes into them. */
static bool is_fixed_table(lua_State *L, int index)
{
    bool found = false;
    index = lua_absindex(L, index);
    luaL_getsubtable(L, LUA_REGISTRYINDEX, LUA_LOADED_TABLE);
    for (lua_pushnil(L); lua_next(L, -2); lua_pop(L, 1))
        found = found || lua_rawequal(L, -1, index);
    lua_pop(L, 1);
    if (!found && lua_getmetatable(L, index)) {
        luaL_getmetatable(L, "limbeck.value");
        found = lua_rawequal(L, -1, -2);
        lua_pop(L, 2);
    }
    return found;
}

typedef struct Memory {
    TextList names;
    bool knows_globals; /* they were looked at */
} Memory;

static void add_memory(lua_State *L, int function, int depth, Memory *m);

/* Of the value on the top, which it takes. */
static void add_value(lua_State *L, const char *name, int depth, Memory *m)
{
    int type = lua_type(L, -1);
    if (type == LUA_TFUNCTION)
        add_memory(L, lua_gettop(L), depth + 1, m);
    else if (type != LUA_TUSERDATA && !(type == LUA_TTABLE && is_fixed_table(L, -1)) && !text_list_has(&m->names, name))
        text_list_add(&m->names, name);
    lua_pop(L, 1);
}

/* Globals that the script has set; the function may write to any of them. */
static void add_globals(lua_State *L, int depth, Memory *m)
{
    if (m->knows_globals)
        return;
    m->knows_globals = true;
    lua_getfield(L, LUA_REGISTRYINDEX, standard_names);
    lua_pushglobaltable(L);
    for (lua_pushnil(L); lua_next(L, -2);) {
        lua_pushvalue(L, -2);
        bool is_own = lua_type(L, -3) == LUA_TSTRING && lua_rawget(L, -5) == LUA_TNIL;
        lua_pop(L, 1);
        if (is_own)
            add_value(L, lua_tostring(L, -2), depth, m);
        else
            lua_pop(L, 1);
    }
    lua_pop(L, 2);
}

static void add_memory(lua_State *L, int function, int depth, Memory *m)
{
    const char *name;
    if (depth > DEPTH_MOST || lua_iscfunction(L, function) || !lua_checkstack(L, 16))
        return;
    for (int i = 1; (name = lua_getupvalue(L, function, i)) != NULL; i++) {
        if (!text_equal(name, "_ENV")) {
            add_value(L, name, depth, m);
            continue;
        }
        lua_pop(L, 1);
        add_globals(L, depth, m);
    }
}

char *callback_memory(lua_State *L, int64_t reference)
{
    Memory m = {0};
    Text out = {0};
    lua_rawgeti(L, LUA_REGISTRYINDEX, (lua_Integer)reference);
    add_memory(L, lua_gettop(L), 0, &m);
    lua_pop(L, 1);
    for (size_t i = 0; i < m.names.count; i++)
        text_addf(&out, "%s%s", i ? ", " : "", m.names.items[i]);
    text_list_done(&m.names);
    return out.size ? text_take(&out) : NULL;
}

/* What JSON can hold and give back as it was. */
static bool is_plain(const Value *v)
{
    if (v->type == VALUE_REAL)
        return isfinite(v->real);
    if (v->type != VALUE_LIST && v->type != VALUE_MAP)
        return true;
    if (v->type == VALUE_MAP && value_get(v, "script") && value_get(v, "reference"))
        return false; /* a function */
    for (size_t i = 0; i < v->size; i++)
        if (!is_plain(v->items[i]))
            return false;
    return true;
}

static Value *plain_value(lua_State *L, int index, Error *e)
{
    Value *v = value_from_lua(L, index, e);
    if (v && is_plain(v))
        return v;
    if (v)
        error_set(e, ERROR_USAGE, "it may hold numbers, texts, true and false, and tables of these; found a function, nan or inf");
    value_free(v);
    error_prefix(e, "state of the callback: ");
    return NULL;
}

Value *callback_state(lua_State *L, int64_t reference, Error *e)
{
    lua_rawgeti(L, LUA_REGISTRYINDEX, (lua_Integer)reference);
    Value *v = plain_value(L, -1, e);
    lua_pop(L, 1);
    return v;
}

/* In place: the script may hold the table too. */
void callback_set_state(lua_State *L, int64_t reference, const Value *state)
{
    lua_rawgeti(L, LUA_REGISTRYINDEX, (lua_Integer)reference);
    for (lua_pushnil(L); lua_next(L, -2);) {
        lua_pop(L, 1);
        lua_pushvalue(L, -1);
        lua_pushnil(L);
        lua_rawset(L, -4);
    }
    value_push(L, state);
    for (lua_pushnil(L); lua_next(L, -2); lua_pop(L, 1)) {
        lua_pushvalue(L, -2);
        lua_pushvalue(L, -2);
        lua_rawset(L, -6);
    }
    lua_pop(L, 2);
}

static int callback_text(lua_State *L)
{
    lua_getfield(L, 1, "script");
    lua_getfield(L, 1, "line");
    lua_pushfstring(L, "callback of %s line %I", lua_tostring(L, -2), (LUAI_UACINT)lua_tointeger(L, -1));
    return 1;
}

/* cb.state is the table itself; what travels as options is the place of the function with both references. */
int callback_new(lua_State *L)
{
    Error e = {0};
    luaL_checktype(L, 1, LUA_TTABLE);
    lua_settop(L, 1);
    bind_take(L, 1, "state");
    bind_take(L, 1, "fn");
    lua_pushnil(L);
    if (lua_next(L, 1))
        error_set(&e, ERROR_USAGE, "callback: takes state = {...} and fn = function(e, state), found \"%s\"", luaL_tolstring(L, -2, NULL));
    else if (!lua_istable(L, 2) || !lua_isfunction(L, 3))
        error_set(&e, ERROR_USAGE, "callback: needs state = {...} and fn = function(e, state) ... end");
    if (e.code)
        return state_raise(L, &e);
    Value *state = plain_value(L, 2, &e);
    if (!state)
        return state_raise(L, &e);
    value_free(state);
    Value *v = function_from_lua(L, 3);
    lua_pushvalue(L, 2);
    int64_t reference = luaL_ref(L, LUA_REGISTRYINDEX);
    value_set(v, "state_reference", value_int(reference));
    value_push(L, v);
    value_free(v);
    lua_newtable(L);
    lua_newtable(L);
    lua_pushvalue(L, 2);
    lua_setfield(L, -2, "state");
    lua_setfield(L, -2, "__index");
    lua_pushcfunction(L, callback_text);
    lua_setfield(L, -2, "__tostring");
    lua_setmetatable(L, -2);
    return 1;
}
