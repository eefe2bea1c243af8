/* Scripts: text becomes a document or an error with a place. They run inside the sandbox, for so many instructions and so much memory,
 * and without files. */
#include "script/state.h"
#include "tests/fuzz/fuzz.h"

enum { INSTRUCTIONS = 50000, MEMORY = 32 << 20 };
static size_t used;

static void *limited(void *unused, void *block, size_t old_size, size_t new_size)
{
    size_t before = block ? old_size : 0;
    if (new_size > before && used + (new_size - before) > MEMORY)
        return NULL;
    void *out = mem_lua_alloc(unused, block, old_size, new_size);
    if (out || !new_size)
        used += new_size - before;
    return out;
}

static void on_limit(lua_State *L, lua_Debug *where)
{
    (void)where;
    lua_sethook(L, on_limit, LUA_MASKCOUNT, 1); /* also inside pcall */
    luaL_error(L, "so many instructions are enough");
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const char *const closed[] = {"io", "os", "require", "collectgarbage"};
    Error e = {0};
    fuzz_families();
    ScriptRun run = {.path = "fuzz.lua", .text = "", .seed = 1, .threads = 1, .describe = true};
    ScriptState *s = state_new(&run, &e);
    if (!s)
        abort();
    used = (size_t)lua_gc(s->lua, LUA_GCCOUNT) << 10;
    lua_setallocf(s->lua, limited, NULL);
    luaL_dostring(s->lua, "limbeck = require 'limbeck'");
    for (size_t i = 0; i < sizeof closed / sizeof *closed; i++) {
        lua_pushboolean(s->lua, false);
        lua_setglobal(s->lua, closed[i]);
    }
    lua_sethook(s->lua, on_limit, LUA_MASKCOUNT, INSTRUCTIONS);
    bool ok = state_load(s, (const char *)data, size, "@fuzz.lua", &e) && state_call(s, 0, 1, &e);
    fuzz_check(ok || s->is_exiting, &e);
    state_free(s);
    return 0;
}
