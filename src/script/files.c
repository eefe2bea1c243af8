/* Lua's own files: io.open, io.read, io.lines, os.remove, os.rename, os.tmpname and the reading of an open file, for the files
 * that are open to the script. A signal ends a wait in them, which to the library is an end of file: here it ends the script. */
#include "base/proc.h"
#include "script/state.h"

static int call_before(lua_State *L)
{
    lua_pushvalue(L, lua_upvalueindex(1));
    lua_insert(L, 1);
    int status = lua_pcall(L, lua_gettop(L) - 1, LUA_MULTRET, 0);
    if (proc_signal())
        return state_halt(L);
    if (status == LUA_OK)
        return lua_gettop(L);
    luaL_where(L, 1);
    lua_insert(L, -2);
    lua_concat(L, 2);
    return lua_error(L);
}

/* The iterator waits as well. */
static int lines_before(lua_State *L)
{
    int results = call_before(L);
    lua_pushvalue(L, -results);
    lua_pushcclosure(L, call_before, 1);
    lua_replace(L, -results - 1);
    return results;
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
    return lines_before(L);
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

static void replace_method(lua_State *L, const char *name, lua_CFunction function)
{
    luaL_getmetatable(L, LUA_FILEHANDLE);
    lua_getfield(L, -1, "__index");
    lua_getfield(L, -1, name);
    lua_pushcclosure(L, function, 1);
    lua_setfield(L, -2, name);
    lua_pop(L, 2);
}

void files_open(ScriptState *s)
{
    lua_State *L = s->lua;
    replace_method(L, "read", call_before);
    replace_method(L, "lines", lines_before);
    sandbox_replace(L, "io", "read", call_before);
    sandbox_replace(L, "io", "open", file_open);
    sandbox_replace(L, "io", "lines", file_lines);
    sandbox_replace(L, "os", "remove", file_remove);
    sandbox_replace(L, "os", "rename", file_rename);
    sandbox_replace(L, "os", "tmpname", file_temporary);
}
