/* io.stdout and io.stderr of a script, and where its warnings go: through the one way that all text of the program takes, so that a
 * terminal gets nothing it would obey. The standard library's own streams write past it. */
#include <string.h>

#include "base/io.h"
#include "script/state.h"

static const char stream_name[] = "limbeck.stream";

static int stream_fd(lua_State *L)
{
    return *(int *)luaL_checkudata(L, 1, stream_name);
}

static int stream_write(lua_State *L)
{
    int fd = stream_fd(L), count = lua_gettop(L);
    for (int i = 2; i <= count; i++) {
        size_t size;
        const char *bytes = luaL_checklstring(L, i, &size);
        if (fd == 1)
            state_print(state_of(L), bytes, size);
        else if (!state_of(L)->run.describe)
            io_print_bytes(fd, bytes, size);
    }
    lua_settop(L, 1);
    return 1;
}

/* Nothing is held back, so there is nothing to flush and no buffer to set. */
static int stream_same(lua_State *L)
{
    stream_fd(L);
    lua_settop(L, 1);
    return 1;
}

static int stream_refuse(lua_State *L)
{
    stream_fd(L);
    lua_pushnil(L);
    lua_pushliteral(L, "this stream is only written to");
    return 2;
}

static int stream_text(lua_State *L)
{
    lua_pushstring(L, stream_fd(L) == 1 ? "stdout" : "stderr");
    return 1;
}

static void add_stream(lua_State *L, const char *name, int fd)
{
    static const luaL_Reg methods[] = {
        {"write", stream_write}, {"flush", stream_same},   {"setvbuf", stream_same}, {"close", stream_refuse},
        {"read", stream_refuse}, {"lines", stream_refuse}, {"seek", stream_refuse},  {NULL, NULL}};
    *(int *)lua_newuserdatauv(L, sizeof(int), 0) = fd;
    if (luaL_newmetatable(L, stream_name)) {
        luaL_newlib(L, methods);
        lua_setfield(L, -2, "__index");
        lua_pushcfunction(L, stream_text);
        lua_setfield(L, -2, "__tostring");
        lua_pushliteral(L, "stream");
        lua_setfield(L, -2, "__metatable");
    }
    lua_setmetatable(L, -2);
    lua_setfield(L, -2, name);
}

/* warn("@on") and warn("@off") are Lua's own switches. */
static void say_warning(void *self, const char *text, int goes_on)
{
    ScriptState *s = self;
    bool begins = !s->warning.size;
    if (begins && !goes_on && text[0] == '@') {
        s->warns = text_equal(text, "@on") || (s->warns && !text_equal(text, "@off"));
        return;
    }
    text_addf(&s->warning, "%s%s", begins ? "Lua warning: " : "", text);
    if (goes_on)
        return;
    text_add_char(&s->warning, '\n');
    if (s->warns && !s->run.describe)
        io_print(2, text_get(&s->warning));
    text_clear(&s->warning);
}

void stream_open(ScriptState *s)
{
    lua_State *L = s->lua;
    lua_getglobal(L, "io");
    add_stream(L, "stdout", 1);
    add_stream(L, "stderr", 2);
    lua_pop(L, 1);
    lua_setwarnf(L, say_warning, s);
}
