/* The answer of a call that a described script did not make. It stands for any result: fields, calls and arithmetic give hollow
 * values again, comparisons are false, numbers asked of it are 0. */
#include <string.h>

#include "script/objects.h"

static const char hollow_name[] = "result that was not computed";

static int again(lua_State *L)
{
    return hollow_push(L);
}

static int never(lua_State *L)
{
    lua_pushboolean(L, 0);
    return 1;
}

static int as_text(lua_State *L)
{
    lua_pushliteral(L, "?");
    return 1;
}

static int length(lua_State *L)
{
    lua_pushinteger(L, 0);
    return 1;
}

static int nothing(lua_State *L)
{
    lua_pushnil(L);
    return 1;
}

static int no_pairs(lua_State *L)
{
    lua_pushcfunction(L, nothing);
    return 1;
}

int hollow_push(lua_State *L)
{
    static const char *const same[] = {"__index", "__call", "__add", "__sub",  "__mul",   "__div",
                                       "__mod",   "__pow",  "__unm", "__idiv", "__concat"};
    lua_newuserdatauv(L, 1, 0);
    if (luaL_newmetatable(L, "limbeck.hollow")) {
        for (size_t i = 0; i < sizeof same / sizeof *same; i++) {
            lua_pushcfunction(L, again);
            lua_setfield(L, -2, same[i]);
        }
        static const luaL_Reg others[] = {{"__lt", never},   {"__le", never},       {"__tostring", as_text},
                                          {"__len", length}, {"__pairs", no_pairs}, {NULL, NULL}};
        luaL_setfuncs(L, others, 0);
        lua_pushstring(L, hollow_name);
        lua_setfield(L, -2, "__name");
        lua_pushliteral(L, "result");
        lua_setfield(L, -2, "__metatable");
    }
    lua_setmetatable(L, -2);
    return 1;
}

bool hollow_is(lua_State *L, int index)
{
    return luaL_testudata(L, index, "limbeck.hollow") != NULL;
}

bool hollow_caused(const Error *e)
{
    return strstr(e->message, hollow_name) != NULL;
}

static int format_leniently(lua_State *L)
{
    int count = lua_gettop(L);
    for (int i = 2; i <= count; i++)
        if (hollow_is(L, i)) {
            lua_pushinteger(L, 0);
            lua_replace(L, i);
        }
    lua_pushvalue(L, lua_upvalueindex(1));
    lua_insert(L, 1);
    lua_call(L, count, 1);
    return 1;
}

void hollow_open(ScriptState *s)
{
    lua_State *L = s->lua;
    lua_getglobal(L, "string");
    lua_getfield(L, -1, "format");
    lua_pushcclosure(L, format_leniently, 1);
    lua_setfield(L, -2, "format");
    lua_pop(L, 1);
}
