/* A vector as a value of Lua: its cells, what makes one, and its way back into an array. What it computes: vector_math.c. */
#include "script/vector.h"

#include <math.h>

#include "script/objects.h"

enum { CELLS_MOST = 1 << 26 };

static const char type_name[] = "limbeck.vector";

Vector *vector_push(lua_State *L, size_t count)
{
    if (count > CELLS_MOST)
        luaL_error(L, "a vector holds at most %d numbers", CELLS_MOST);
    Vector *v = lua_newuserdatauv(L, sizeof *v + count * sizeof(double), 0);
    *v = (Vector){.count = count};
    luaL_setmetatable(L, type_name);
    return v;
}

void vector_push_reals(lua_State *L, const double *cells, size_t count)
{
    Vector *v = vector_push(L, count);
    for (size_t i = 0; i < count; i++)
        v->cells[i] = cells[i];
}

static bool is_exact(const Column *c, size_t from, size_t rows)
{
    const int64_t most = INT64_C(1) << 53;
    for (size_t i = from; c->type == COLUMN_INT && i < from + rows; i++)
        if (c->data.ints[i] > most || c->data.ints[i] < -most)
            return false;
    return c->type == COLUMN_INT || c->type == COLUMN_REAL;
}

void vector_push_cells(lua_State *L, const Column *c, size_t from, size_t rows)
{
    if (!is_exact(c, from, rows)) {
        table_push_some_cells(L, c, from, rows);
        return;
    }
    Vector *v = vector_push(L, rows);
    v->whole = c->type == COLUMN_INT;
    for (size_t i = 0; i < rows; i++)
        v->cells[i] = column_real(c, from + i);
}

Vector *vector_test(lua_State *L, int index)
{
    return luaL_testudata(L, index, type_name);
}

Vector *vector_check(lua_State *L, int index)
{
    return luaL_checkudata(L, index, type_name);
}

static void push_cell(lua_State *L, const Vector *v, size_t i)
{
    if (isnan(v->cells[i]))
        lua_pushnil(L);
    else if (v->whole)
        lua_pushinteger(L, (lua_Integer)v->cells[i]);
    else
        lua_pushnumber(L, v->cells[i]);
}

static int vector_index(lua_State *L)
{
    const Vector *v = vector_check(L, 1);
    int is_place = 0;
    lua_Integer place = lua_tointegerx(L, 2, &is_place);
    if (is_place) {
        if (place < 1 || (size_t)place > v->count)
            return 0;
        push_cell(L, v, (size_t)place - 1);
        return 1;
    }
    const char *name = luaL_checkstring(L, 2);
    if (text_equal(name, "n")) {
        lua_pushinteger(L, (lua_Integer)v->count);
        return 1;
    }
    return object_method(L, "vector", name) ? 1 : object_unknown(L, "vector", name);
}

static int vector_set(lua_State *L)
{
    Vector *v = vector_check(L, 1);
    lua_Integer place = luaL_checkinteger(L, 2);
    if (place < 1 || (size_t)place > v->count)
        return luaL_error(L, "a vector of %I numbers has no place %I", (LUAI_UACINT)v->count, (LUAI_UACINT)place);
    if (!lua_isnil(L, 3) && lua_type(L, 3) != LUA_TNUMBER)
        return luaL_error(L, "a vector holds numbers, no %s; put other cells into a table: { n = #x }", luaL_typename(L, 3));
    v->cells[place - 1] = lua_isnil(L, 3) ? (double)NAN : lua_tonumber(L, 3);
    v->whole = v->whole && (lua_isnil(L, 3) || lua_isinteger(L, 3));
    return 0;
}

static int vector_length(lua_State *L)
{
    lua_pushinteger(L, (lua_Integer)vector_check(L, 1)->count);
    return 1;
}

static int vector_text(lua_State *L)
{
    enum { SHOWN = 8 };
    const Vector *v = vector_check(L, 1);
    luaL_Buffer b;
    luaL_buffinit(L, &b);
    luaL_addstring(&b, "{");
    for (size_t i = 0; i < v->count && i < SHOWN; i++) {
        luaL_addstring(&b, i ? ", " : " ");
        push_cell(L, v, i);
        luaL_tolstring(L, -1, NULL);
        lua_remove(L, -2);
        luaL_addvalue(&b);
    }
    luaL_addstring(&b, v->count > SHOWN ? ", ... }" : " }");
    luaL_pushresult(&b);
    return 1;
}

static int next_cell(lua_State *L)
{
    const Vector *v = vector_check(L, 1);
    lua_Integer i = luaL_checkinteger(L, 2);
    while ((size_t)i < v->count && isnan(v->cells[i]))
        i++;
    if ((size_t)i >= v->count)
        return 0;
    lua_pushinteger(L, i + 1);
    push_cell(L, v, (size_t)i);
    return 2;
}

/* Places and numbers of the cells that are there. */
static int vector_pairs(lua_State *L)
{
    vector_check(L, 1);
    lua_pushcfunction(L, next_cell);
    lua_pushvalue(L, 1);
    lua_pushinteger(L, 0);
    return 3;
}

/* v:list(): a plain array. */
int vector_list(lua_State *L)
{
    const Vector *v = vector_check(L, 1);
    lua_createtable(L, (int)v->count, 1);
    for (size_t i = 0; i < v->count; i++) {
        push_cell(L, v, i);
        lua_rawseti(L, -2, (lua_Integer)i + 1);
    }
    lua_pushinteger(L, (lua_Integer)v->count);
    lua_setfield(L, -2, "n");
    return 1;
}

static size_t array_length(lua_State *L, int index)
{
    lua_Integer most = (lua_Integer)lua_rawlen(L, index);
    if (lua_getfield(L, index, "n") == LUA_TNUMBER && lua_tointeger(L, -1) > most)
        most = lua_tointeger(L, -1);
    lua_pop(L, 1);
    return (size_t)most;
}

static void push_of_array(lua_State *L, int index)
{
    size_t count = array_length(L, index);
    Vector *v = vector_push(L, count);
    v->whole = true;
    for (size_t i = 0; i < count; i++) {
        int type = lua_geti(L, index, (lua_Integer)i + 1);
        if (type != LUA_TNIL && type != LUA_TNUMBER)
            luaL_error(L, "item %I is a %s; a vector holds numbers", (LUAI_UACINT)i + 1, lua_typename(L, type));
        v->cells[i] = type == LUA_TNIL ? (double)NAN : lua_tonumber(L, -1);
        v->whole = v->whole && (type == LUA_TNIL || lua_isinteger(L, -1));
        lua_pop(L, 1);
    }
}

const Vector *vector_take(lua_State *L, int index)
{
    if (lua_istable(L, index)) {
        push_of_array(L, index);
        lua_replace(L, index);
    }
    return vector_check(L, index);
}

/* lb.vector { 1, 2, nil, 4, n = 4 }, lb.vector(100, 0): so many times a number. */
int vector_new_lua(lua_State *L)
{
    lua_settop(L, 2);
    if (lua_istable(L, 1)) {
        push_of_array(L, 1);
        return 1;
    }
    lua_Integer count = luaL_checkinteger(L, 1);
    double x = lua_isnil(L, 2) ? (double)NAN : luaL_checknumber(L, 2);
    luaL_argcheck(L, count >= 0 && count <= CELLS_MOST, 1, "a vector has 0 to 67108864 numbers");
    Vector *v = vector_push(L, (size_t)count);
    for (size_t i = 0; i < v->count; i++)
        v->cells[i] = x;
    return 1;
}

void vector_open(lua_State *L)
{
    static const luaL_Reg events[] = {
        {"__newindex", vector_set}, {"__len", vector_length}, {"__tostring", vector_text}, {"__pairs", vector_pairs}, {NULL, NULL}};
    object_define(L, "vector", vector_methods, events, vector_index);
    vector_open_arithmetic(L);
}
