/* The way of plain data between Lua and C. Table keys come out sorted: Lua's own order differs from run to run. */
#include "script/value.h"

#include <stdlib.h>
#include <string.h>

#include "script/objects.h"

enum { DEPTH_LIMIT = 32, VALUES_LIMIT = 1 << 20 };

/* A table that is there many times counts as often: it is copied. */
typedef struct Walk {
    int depth;
    size_t values;
    bool plain; /* nothing that lives in this state only */
} Walk;

static Value *from_lua(lua_State *L, int index, Walk *walk, Error *e);

Value *function_from_lua(lua_State *L, int index)
{
    lua_Debug info = {0};
    lua_pushvalue(L, index);
    lua_getinfo(L, ">S", &info);
    lua_pushvalue(L, index);
    Value *v = value_map();
    value_set(v, "script", value_text(state_of(L)->name));
    value_set(v, "line", value_int(info.linedefined > 0 ? info.linedefined : 1));
    value_set(v, "reference", value_int(luaL_ref(L, LUA_REGISTRYINDEX)));
    return v;
}

static int compare_keys(const void *a, const void *b)
{
    return strcmp(*(const char *const *)a, *(const char *const *)b);
}

/* false: a key is neither text nor one of 1..count. Keys are borrowed from the table, which stays on the stack. */
static bool collect_keys(lua_State *L, int index, const char ***keys, size_t *count, size_t *positions)
{
    size_t room = 0;
    lua_Integer length = (lua_Integer)lua_rawlen(L, index);
    lua_pushnil(L);
    while (lua_next(L, index)) {
        lua_pop(L, 1);
        if (lua_type(L, -1) == LUA_TSTRING) {
            MEM_GROW(*keys, *count, room);
            (*keys)[(*count)++] = lua_tostring(L, -1);
        } else if (lua_isinteger(L, -1) && lua_tointeger(L, -1) >= 1 && lua_tointeger(L, -1) <= length) {
            (*positions)++;
        } else {
            lua_pop(L, 1);
            return false;
        }
    }
    if (*count)
        qsort(*keys, *count, sizeof **keys, compare_keys);
    return *positions == (size_t)length;
}

static bool add_item(lua_State *L, Value *to, const char *key, Walk *walk, Error *e)
{
    walk->depth++;
    Value *item = from_lua(L, lua_gettop(L), walk, e);
    walk->depth--;
    lua_pop(L, 1);
    if (!item)
        return key ? error_prefix(e, "%s: ", key) : false;
    if (key)
        value_set(to, key, item);
    else
        value_add(to, item);
    return true;
}

static Value *from_table(lua_State *L, int index, Walk *walk, Error *e)
{
    const char **keys = NULL;
    size_t count = 0, positions = 0;
    bool ok = collect_keys(L, index, &keys, &count, &positions);
    if (!ok)
        error_set(e, ERROR_USAGE, "a table here holds texts as keys, or a list without gaps");
    else if (count && positions)
        ok = error_set(e, ERROR_USAGE, "a table mixes positions with names (\"%s\"); give one or the other", keys[0]);
    Value *v = positions ? value_list() : value_map();
    for (size_t i = 0; ok && i < positions; i++) {
        lua_rawgeti(L, index, (lua_Integer)i + 1);
        ok = add_item(L, v, NULL, walk, e);
    }
    for (size_t i = 0; ok && i < count; i++) {
        lua_getfield(L, index, keys[i]);
        ok = add_item(L, v, keys[i], walk, e);
    }
    mem_free(keys);
    if (ok)
        return v;
    value_free(v);
    return NULL;
}

static Value *value_of_table(lua_State *L, int index, Error *e)
{
    Side *side = table_side(table_check(L, index), e);
    return side ? value_object(&side_kind, side) : NULL;
}

static Value *from_lua(lua_State *L, int index, Walk *walk, Error *e)
{
    size_t size;
    const char *text;
    if (++walk->values > VALUES_LIMIT) {
        error_set(e, ERROR_USAGE, "tables hold more than %d values; rows belong into a file that lb.read reads", VALUES_LIMIT);
        return NULL;
    }
    if (walk->depth > DEPTH_LIMIT || !lua_checkstack(L, 8)) {
        error_set(e, ERROR_USAGE, "tables nest deeper than %d levels; does one contain itself?", DEPTH_LIMIT);
        return NULL;
    }
    switch (lua_type(L, index)) {
    case LUA_TNONE:
    case LUA_TNIL: return value_null();
    case LUA_TBOOLEAN: return value_flag(lua_toboolean(L, index));
    case LUA_TNUMBER: return lua_isinteger(L, index) ? value_int(lua_tointeger(L, index)) : value_real(lua_tonumber(L, index));
    case LUA_TSTRING: text = lua_tolstring(L, index, &size); return value_bytes(text, size);
    case LUA_TFUNCTION:
        if (!walk->plain)
            return function_from_lua(L, index);
        break;
    case LUA_TTABLE: return from_table(L, index, walk, e);
    case LUA_TUSERDATA:
        if (!walk->plain && luaL_testudata(L, index, "limbeck.table"))
            return value_of_table(L, index, e);
        break;
    default: break;
    }
    int has_name = luaL_getmetafield(L, index, "__name");
    error_set(e, ERROR_USAGE, "a %s cannot be used here", has_name == LUA_TSTRING ? lua_tostring(L, -1) : luaL_typename(L, index));
    lua_pop(L, has_name ? 1 : 0);
    return NULL;
}

Value *value_from_lua(lua_State *L, int index, Error *e)
{
    Walk walk = {0};
    return from_lua(L, lua_absindex(L, index), &walk, e);
}

Value *value_plain_from_lua(lua_State *L, int index, Error *e)
{
    Walk walk = {.plain = true};
    return from_lua(L, lua_absindex(L, index), &walk, e);
}

static void push_plain(lua_State *L, const Value *object)
{
    Value *plain = value_plain(object);
    value_push(L, plain);
    value_free(plain);
}

void value_push(lua_State *L, const Value *v)
{
    luaL_checkstack(L, 4, "a value is nested too deeply");
    switch (v ? v->type : VALUE_NULL) {
    case VALUE_NULL: lua_pushnil(L); return;
    case VALUE_FLAG: lua_pushboolean(L, v->flag); return;
    case VALUE_INT: lua_pushinteger(L, v->integer); return;
    case VALUE_REAL: lua_pushnumber(L, v->real); return;
    case VALUE_TEXT: lua_pushlstring(L, v->text, v->size); return;
    case VALUE_OBJECT: push_plain(L, v); return;
    case VALUE_LIST:
    case VALUE_MAP: break;
    }
    lua_createtable(L, v->type == VALUE_LIST ? (int)v->size : 0, v->type == VALUE_MAP ? (int)v->size : 0);
    for (size_t i = 0; i < v->size; i++) {
        value_push(L, v->items[i]);
        if (v->type == VALUE_MAP)
            lua_setfield(L, -2, v->keys[i]);
        else
            lua_rawseti(L, -2, (lua_Integer)i + 1);
    }
}

void value_push_nested(lua_State *L, const Value *flat)
{
    lua_newtable(L);
    for (size_t i = 0; flat && flat->type == VALUE_MAP && i < flat->size; i++) {
        const char *key = flat->keys[i], *dot = key + strcspn(key, ".("); /* settings of a metric may hold dots */
        if (*dot != '.') {
            value_push(L, flat->items[i]);
            lua_setfield(L, -2, key);
            continue;
        }
        lua_pushlstring(L, key, (size_t)(dot - key));
        if (lua_rawget(L, -2) != LUA_TTABLE) {
            lua_pop(L, 1);
            lua_newtable(L);
            lua_pushlstring(L, key, (size_t)(dot - key));
            lua_pushvalue(L, -2);
            lua_rawset(L, -4);
        }
        value_push(L, flat->items[i]);
        lua_setfield(L, -2, dot + 1);
        lua_pop(L, 1);
    }
}
