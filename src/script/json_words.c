/* lb.json: text to values and back, by the reader of our own files. */
#include "base/json.h"

#include "script/objects.h"
#include "script/value.h"

static int decode(lua_State *L)
{
    Error e = {0};
    size_t size;
    const char *text = luaL_checklstring(L, 1, &size);
    Value *v = json_parse(text, size, &e);
    if (!v)
        return state_raise(L, &e);
    value_push(L, v);
    value_free(v);
    return 1;
}

static int encode(lua_State *L)
{
    Error e = {0};
    Value *v = value_from_lua(L, 1, &e);
    if (!v)
        return state_raise(L, &e);
    char *text = json_format(v, JSON_COMPACT);
    lua_pushstring(L, text);
    mem_free(text);
    value_free(v);
    return 1;
}

void json_words_push(lua_State *L)
{
    static const ScriptMethod words[] = {{"decode", decode, "s", NULL}, {"encode", encode, "a", NULL}, {0}};
    lua_newtable(L);
    script_functions(L, words);
}
