/* Functions of Lua's library through which code would go on past a stop, or for ever where no hook looks: message handlers of a stopped
 * call, finalizers, what a coroutine left to close, and loops of the library that do nothing. The rest of the library ends with the
 * process when it does not end by itself (warden.c). */
#include <lualib.h>

#include "script/state.h"

/* The script's own handler runs while hooks are off when it was a hook that raised: then it is passed over. */
static int handle(lua_State *L)
{
    if (state_is_stopping(L))
        return 1;
    lua_pushvalue(L, lua_upvalueindex(1));
    lua_insert(L, 1);
    lua_call(L, 1, 1);
    return 1;
}

static int finish(lua_State *L, int status, lua_KContext skipped)
{
    if (status == LUA_OK || status == LUA_YIELD)
        return lua_gettop(L) - (int)skipped;
    lua_pushboolean(L, 0);
    lua_pushvalue(L, -2);
    return 2;
}

static int call_handled(lua_State *L)
{
    int arguments = lua_gettop(L) - 2;
    luaL_checktype(L, 2, LUA_TFUNCTION);
    lua_pushvalue(L, 2);
    lua_pushcclosure(L, handle, 1);
    lua_replace(L, 2);
    lua_pushboolean(L, 1); /* the first result */
    lua_pushvalue(L, 1);
    lua_rotate(L, 3, 2);
    return finish(L, lua_pcallk(L, arguments, LUA_MULTRET, 2, 2, finish), 2);
}

/* Finalizers run with hooks off, at any moment: one that never returns could not be stopped. */
static int set_metatable(lua_State *L)
{
    if (lua_istable(L, 2)) {
        lua_pushliteral(L, "__gc");
        if (lua_rawget(L, 2) != LUA_TNIL)
            return luaL_error(L, "a script has no finalizers: take __gc out; a local with <close> and __close ends in order");
        lua_pop(L, 1);
    }
    lua_settop(L, 2);
    lua_pushvalue(L, lua_upvalueindex(1));
    lua_insert(L, 1);
    lua_call(L, 2, 1);
    return 1;
}

static lua_State *coroutine_at(lua_State *L, int index)
{
    lua_State *co = lua_tothread(L, index);
    luaL_argexpected(L, co, index, "coroutine");
    return co;
}

/* Moves `arguments` values over and results back; their count, or -1 with the error on top. */
static int resume(lua_State *L, lua_State *co, int arguments)
{
    int results;
    if (!lua_checkstack(co, arguments)) {
        lua_pushliteral(L, "too many arguments to resume");
        return -1;
    }
    lua_xmove(L, co, arguments);
    int status = lua_resume(co, L, arguments, &results);
    if (state_is_stopping(L))
        return state_halt(L);
    if (status != LUA_OK && status != LUA_YIELD) {
        lua_xmove(co, L, 1);
        return -1;
    }
    if (!lua_checkstack(L, results + 1)) {
        lua_pop(co, results);
        lua_pushliteral(L, "too many results to resume");
        return -1;
    }
    lua_xmove(co, L, results);
    return results;
}

static int coroutine_resume(lua_State *L)
{
    int results = resume(L, coroutine_at(L, 1), lua_gettop(L) - 1);
    lua_pushboolean(L, results >= 0);
    lua_insert(L, results >= 0 ? -(results + 1) : -2);
    return results >= 0 ? results + 1 : 2;
}

static int resume_wrapped(lua_State *L)
{
    lua_State *co = coroutine_at(L, lua_upvalueindex(1));
    int results = resume(L, co, lua_gettop(L)), status = lua_status(co);
    if (results >= 0)
        return results;
    if (status != LUA_OK && status != LUA_YIELD) { /* it failed: what it left to close is closed */
        status = lua_resetthread(co);
        lua_xmove(co, L, 1);
    }
    if (status != LUA_ERRMEM && lua_type(L, -1) == LUA_TSTRING) {
        luaL_where(L, 1);
        lua_insert(L, -2);
        lua_concat(L, 2);
    }
    return lua_error(L);
}

static int coroutine_wrap(lua_State *L)
{
    luaL_checktype(L, 1, LUA_TFUNCTION);
    lua_State *co = lua_newthread(L);
    lua_pushvalue(L, 1);
    lua_xmove(L, co, 1);
    lua_pushcclosure(L, resume_wrapped, 1);
    return 1;
}

static int coroutine_close(lua_State *L)
{
    lua_settop(L, 1);
    lua_pushvalue(L, lua_upvalueindex(1));
    lua_insert(L, 1);
    lua_call(L, 1, LUA_MULTRET);
    return state_is_stopping(L) ? state_halt(L) : lua_gettop(L);
}

/* Nothing, so many times: the library would count to the end. */
static int repeat(lua_State *L)
{
    size_t size, between;
    luaL_checklstring(L, 1, &size);
    luaL_checkinteger(L, 2);
    luaL_optlstring(L, 3, "", &between);
    if (size + between == 0) {
        lua_pushliteral(L, "");
        return 1;
    }
    lua_pushvalue(L, lua_upvalueindex(1));
    lua_insert(L, 1);
    lua_call(L, lua_gettop(L) - 1, 1);
    return 1;
}

void halt_open(ScriptState *s)
{
    lua_State *L = s->lua;
    sandbox_replace(L, LUA_GNAME, "xpcall", call_handled);
    sandbox_replace(L, LUA_GNAME, "setmetatable", set_metatable);
    sandbox_replace(L, LUA_COLIBNAME, "resume", coroutine_resume);
    sandbox_replace(L, LUA_COLIBNAME, "wrap", coroutine_wrap);
    sandbox_replace(L, LUA_COLIBNAME, "close", coroutine_close);
    sandbox_replace(L, LUA_STRLIBNAME, "rep", repeat);
}
