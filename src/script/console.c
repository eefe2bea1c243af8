/* A Lua state that lives on: the console of the workbench, and the interpreter's prompt. */
#include <string.h>

#include "script/console.h"
#include "script/objects.h"
#include "steps/recipe.h"

struct Console {
    ScriptState *state;
    Text pending; /* lines of an unfinished chunk */
};

/* p: the pipeline of the document; t: its table. */
static void set_globals(ScriptState *s, const Document *d)
{
    luaL_dostring(s->lua, "lb = require 'limbeck'");
    lua_settop(s->lua, 0);
    if (!d || !d->pipeline)
        return;
    pipeline_push(s->lua, pipeline_ref(d->pipeline));
    lua_setglobal(s->lua, "p");
    if (!d->pipeline->source)
        return;
    Error ignored = {0};
    const Pipeline *p = d->pipeline;
    Side *from = p->file ? side_of_file(p->file, p->read_options, p->source, &ignored) : NULL;
    table_push(s->lua, table_ref(p->source), from);
    lua_setglobal(s->lua, "t");
}

Console *console_open(const Document *d, Error *e)
{
    ScriptRun run = {.seed = UINT64_MAX};
    ScriptState *s = state_new(&run, e);
    if (!s)
        return NULL;
    Console *c = MEM_NEW(Console);
    c->state = s;
    set_globals(s, d);
    return c;
}

Console *console_of(ScriptState *s)
{
    Console *c = MEM_NEW(Console);
    c->state = s;
    set_globals(s, NULL);
    return c;
}

void console_close(Console *c)
{
    if (!c)
        return;
    state_free(c->state);
    text_done(&c->pending);
    mem_free(c);
}

bool console_is_open(const Console *c)
{
    return c->pending.size > 0;
}

bool console_is_exiting(const Console *c, int *exit_code)
{
    *exit_code = c->state->exit_code;
    return c->state->is_exiting;
}

static bool load_chunk(ScriptState *s, const Text *chunk, bool *is_unfinished, Error *e)
{
    Text as_value = {0};
    text_addf(&as_value, "return %s", text_get(chunk));
    *is_unfinished = false;
    bool ok = state_load(s, text_get(&as_value), as_value.size, "=console", e);
    text_done(&as_value);
    if (ok)
        return true;
    error_clear(e);
    if (state_load(s, text_get(chunk), chunk->size, "=console", e))
        return true;
    *is_unfinished = strstr(e->message, "near <eof>") != NULL;
    return false;
}

static bool print_results(ScriptState *s, int count, Error *e)
{
    if (!count)
        return true;
    lua_getglobal(s->lua, "print");
    lua_insert(s->lua, -count - 1);
    return state_call(s, count, 0, e);
}

char *console_run(Console *c, const char *line)
{
    ScriptState *s = c->state;
    Text out = {0};
    Error e = {0};
    bool is_unfinished = false;
    text_addf(&c->pending, "%s%s", c->pending.size ? "\n" : "", line);
    s->capture = &out;
    state_go_on(s);
    lua_settop(s->lua, 0);
    bool ok = load_chunk(s, &c->pending, &is_unfinished, &e);
    if (ok || !is_unfinished)
        text_clear(&c->pending);
    ok = ok && state_call(s, 0, LUA_MULTRET, &e) && print_results(s, lua_gettop(s->lua), &e);
    if (!ok && !is_unfinished && !s->is_exiting)
        text_addf(&out, "%s\n", e.message);
    s->capture = NULL;
    return text_take(&out);
}
