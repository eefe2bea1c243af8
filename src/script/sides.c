/* tables = { usage = t }: tables that a model reads beside the rows it predicts or is judged on. */
#include "script/bind.h"
#include "script/objects.h"
#include "table/reader.h"

static Table *side_table(lua_State *L, const SideNeeds *needs, const char *name, Error *e)
{
    TableObject *o = luaL_testudata(L, -1, "limbeck.table");
    if (o)
        return table_ref(o->table);
    if (lua_type(L, -1) != LUA_TSTRING) {
        error_set(e, ERROR_USAGE, "tables: %s must be a table or a file name, found a %s", name, luaL_typename(L, -1));
        return NULL;
    }
    Value *options = side_read_options(needs, name);
    Table *t = table_read(state_of(L)->job, lua_tostring(L, -1), options, e);
    value_free(options);
    return t;
}

static bool add_tables(lua_State *L, const SideNeeds *needs, SideTables *out, Error *e)
{
    bool ok = true;
    for (lua_pushnil(L); ok && lua_next(L, -2); lua_pop(L, 1)) {
        const char *name = lua_type(L, -2) == LUA_TSTRING ? lua_tostring(L, -2) : NULL;
        if (!name)
            ok = error_set(e, ERROR_USAGE, "tables: give each by its name: tables = { usage = t }");
        Table *t = ok ? side_table(L, needs, name, e) : NULL;
        ok = t && side_tables_add(out, name, t, e);
    }
    return ok;
}

bool sides_take(lua_State *L, int index, const Bundle *b, SideTables *out, Error *e)
{
    int top = lua_gettop(L);
    SideNeeds needs = {0};
    bind_take(L, index, "tables");
    bundle_side_needs(b, &needs);
    bool ok = lua_isnil(L, -1);
    if (!ok && !lua_istable(L, -1))
        error_set(e, ERROR_USAGE, "tables must be a table of tables, found a %s", luaL_typename(L, -1));
    else if (!ok)
        ok = add_tables(L, &needs, out, e) && side_tables_check(out, &needs, e);
    side_needs_done(&needs);
    lua_settop(L, top);
    return ok;
}
