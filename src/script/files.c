/* Lua's own files: io.open, io.lines, os.remove, os.rename and os.tmpname, for the files that are open to the script. */
#include "script/state.h"

static int call_before(lua_State *L)
{
    lua_pushvalue(L, lua_upvalueindex(1));
    lua_insert(L, 1);
    lua_call(L, lua_gettop(L) - 1, LUA_MULTRET);
    return lua_gettop(L);
}

static int file_open(lua_State *L)
{
    const char *path = luaL_checkstring(L, 1), *mode = luaL_optstring(L, 2, "r");
    bool reads = text_equal(mode, "r") || text_equal(mode, "rb");
    access_check(L, path, reads ? ACCESS_FILE_READ : ACCESS_FILE_WRITE);
    return call_before(L);
}

/* Without a name: the lines of standard input. */
static int file_lines(lua_State *L)
{
    if (!lua_isnoneornil(L, 1))
        access_check(L, luaL_checkstring(L, 1), ACCESS_FILE_READ);
    return call_before(L);
}

static int file_remove(lua_State *L)
{
    access_check(L, luaL_checkstring(L, 1), ACCESS_FILE_WRITE);
    return call_before(L);
}

static int file_rename(lua_State *L)
{
    access_check(L, luaL_checkstring(L, 1), ACCESS_FILE_WRITE);
    access_check(L, luaL_checkstring(L, 2), ACCESS_FILE_WRITE);
    return call_before(L);
}

/* The file that it makes is open to the script, wherever the system keeps such files. */
static int file_temporary(lua_State *L)
{
    ScriptState *s = state_of(L);
    if (s->run.describe)
        access_check(L, "a new file", ACCESS_FILE_WRITE);
    int results = call_before(L);
    if (lua_isstring(L, -results))
        access_own(s, lua_tostring(L, -results));
    return results;
}

void files_open(ScriptState *s)
{
    lua_State *L = s->lua;
    sandbox_replace(L, "io", "open", file_open);
    sandbox_replace(L, "io", "lines", file_lines);
    sandbox_replace(L, "os", "remove", file_remove);
    sandbox_replace(L, "os", "rename", file_rename);
    sandbox_replace(L, "os", "tmpname", file_temporary);
}
