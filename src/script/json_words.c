/* lb.json: text and files to values, and back, by the reader of our own files. */
#include "base/io.h"
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

/* lb.json.read "windows.json": a whole file. */
static int read_file(lua_State *L)
{
    enum { BYTES_MOST = 64 << 20 };
    Error e = {0};
    const char *path = luaL_checkstring(L, 1);
    char *bytes = NULL;
    size_t size = 0;
    bool ok = access_may(state_of(L), path, ACCESS_READ, &e) && io_read_file(path, BYTES_MOST, &bytes, &size, &e);
    Value *v = ok ? json_parse(bytes, size, &e) : NULL;
    if (ok && !v)
        error_prefix(&e, "%s: ", path);
    mem_free(bytes);
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
    static const ScriptMethod words[] = {{"decode", decode, "s", NULL}, {"read", read_file, "s", NULL}, {"encode", encode, "a", NULL}, {0}};
    lua_newtable(L);
    script_functions(L, words);
}
