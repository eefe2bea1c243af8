/* Settings of a trial as a script sees them: a table that notes which names are asked for, so that a name which nothing reads can
 * be refused. */
#include "script/objects.h"
#include "script/value.h"

/* The metatable of the empty table in front holds the plain one and the notes. */
static int settings_index(lua_State *L)
{
    luaL_getmetafield(L, 1, "read");
    lua_pushvalue(L, 2);
    lua_pushboolean(L, 1);
    lua_rawset(L, -3);
    luaL_getmetafield(L, 1, "settings");
    lua_pushvalue(L, 2);
    lua_gettable(L, -2);
    return 1;
}

static void note_all(lua_State *L, int plain, int notes)
{
    for (lua_pushnil(L); lua_next(L, plain); lua_pop(L, 1)) {
        lua_pushvalue(L, -2);
        lua_pushboolean(L, 1);
        lua_rawset(L, notes);
    }
}

bool settings_unwrap(lua_State *L, int index)
{
    index = lua_absindex(L, index);
    int top = lua_gettop(L);
    bool ours = luaL_getmetafield(L, index, "read") == LUA_TTABLE && luaL_getmetafield(L, index, "settings") == LUA_TTABLE;
    int notes = top + 1;
    if (!ours) { /* a script may give its own tables such metatables */
        lua_settop(L, top);
        return false;
    }
    note_all(L, lua_gettop(L), notes);
    lua_remove(L, notes);
    return true;
}

static int settings_next(lua_State *L)
{
    lua_settop(L, 2);
    return lua_next(L, 1) ? 2 : 0;
}

static int settings_pairs(lua_State *L)
{
    lua_pushcfunction(L, settings_next);
    settings_unwrap(L, 1);
    lua_pushnil(L);
    return 3;
}

static int settings_text(lua_State *L)
{
    settings_unwrap(L, 1);
    luaL_tolstring(L, -1, NULL);
    return 1;
}

static int settings_refuse(lua_State *L)
{
    return luaL_error(L, "settings of a trial are read only; keep other values in a local variable");
}

void settings_push(lua_State *L, const Value *settings)
{
    static const luaL_Reg methods[] = {
        {"__index", settings_index},
        {"__newindex", settings_refuse},
        {"__pairs", settings_pairs},
        {"__tostring", settings_text},
        {NULL, NULL},
    };
    lua_newtable(L);
    lua_newtable(L);
    luaL_setfuncs(L, methods, 0);
    lua_newtable(L);
    lua_setfield(L, -2, "read");
    result_push(L, settings, "settings of a trial");
    lua_setfield(L, -2, "settings");
    lua_setmetatable(L, -2);
}

void settings_read(lua_State *L, int index, TextList *read)
{
    index = lua_absindex(L, index);
    if (luaL_getmetafield(L, index, "read") == LUA_TNIL)
        return;
    for (lua_pushnil(L); lua_next(L, -2); lua_pop(L, 1))
        if (lua_type(L, -2) == LUA_TSTRING && !text_list_has(read, lua_tostring(L, -2)))
            text_list_add(read, lua_tostring(L, -2));
    lua_pop(L, 1);
}
