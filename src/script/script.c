/* Running a script once from top to bottom, and describing one. */
#include "script/script.h"

#include <string.h>

#include "base/io.h"
#include "base/number.h"
#include "script/objects.h"

static void push_arguments(ScriptState *s)
{
    lua_State *L = s->lua;
    lua_newtable(L);
    lua_pushstring(L, s->run.path ? s->run.path : "-");
    lua_rawseti(L, -2, 0);
    for (size_t i = 0; s->run.arguments && i < s->run.arguments->count; i++) {
        lua_pushstring(L, s->run.arguments->items[i]);
        lua_rawseti(L, -2, (lua_Integer)i + 1);
    }
    lua_setglobal(L, "arg");
}

/* nil or true: 0; false: 1; an integer: itself. */
static int exit_code_of(lua_State *L, int index)
{
    if (lua_isboolean(L, index))
        return lua_toboolean(L, index) ? 0 : 1;
    return lua_isinteger(L, index) ? (int)(lua_tointeger(L, index) & 255) : 0;
}

static bool run_text(ScriptState *s, int *exit_code, Error *e)
{
    char *read = NULL;
    const char *text = s->run.text;
    size_t size = 0;
    if (!text) {
        if (!io_read_file(s->run.path, 16 << 20, &read, &size, e))
            return false;
        text = read;
    } else {
        while (text[size])
            size++;
    }
    char *chunk = text_format("@%s", s->run.path && !text_equal(s->run.path, "-") ? s->run.path : "stdin");
    push_arguments(s);
    bool ok = state_load(s, text, size, chunk, e) && state_call(s, 0, 1, e);
    mem_free(chunk);
    mem_free(read);
    if (ok)
        *exit_code = exit_code_of(s->lua, -1);
    return ok;
}

/* The global --seed, --threads and --quiet come to a worker as the first of its arguments. */
static void take_globals(ScriptRun *run, TextList *rest)
{
    static const char seed[] = "--limbeck-seed=", threads[] = "--limbeck-threads=";
    int64_t n;
    for (size_t i = 0; run->arguments && i < run->arguments->count; i++) {
        const char *word = run->arguments->items[i];
        if (text_starts(word, seed) && number_parse_int(word + sizeof seed - 1, strlen(word) - sizeof seed + 1, &n))
            run->seed = (uint64_t)n;
        else if (text_starts(word, threads) && number_parse_int(word + sizeof threads - 1, strlen(word) - sizeof threads + 1, &n))
            run->threads = (int)n;
        else if (text_equal(word, "--limbeck-quiet"))
            run->quiet = true;
        else
            text_list_add(rest, word);
    }
    run->arguments = rest;
}

bool script_run(const ScriptRun *given, int *exit_code, Error *e)
{
    *exit_code = 1;
    ScriptRun run = *given;
    TextList arguments = {0};
    take_globals(&run, &arguments);
    ScriptState *s = state_new(&run, e);
    bool ok = s && run_text(s, exit_code, e);
    if (s && !ok && s->is_exiting && !s->raised.code) { /* os.exit and --help are no failure */
        error_clear(e);
        *exit_code = s->exit_code;
        ok = true;
    } else if (!ok) {
        *exit_code = error_exit_code(e);
    }
    state_free(s);
    text_list_done(&arguments);
    return ok;
}

/* The state that could call its functions ends; a study whose nets come from one starts from the net that is trained. */
static void detach(Document *d)
{
    FunctionUse *uses[] = {&d->train.on_epoch, &d->tune.base.on_epoch, &d->distill.base.on_epoch, &d->tune.net_function};
    for (size_t i = 0; i < sizeof uses / sizeof *uses; i++)
        uses[i]->reference = uses[i]->state = 0;
    if (d->has_tune && !d->tune.base.net.count)
        spec_list_copy(&d->tune.base.net, &d->train.net);
}

Document *script_describe(Job *job, const char *path, const char *text, Error *e)
{
    ScriptRun run = {.path = path, .text = text, .seed = UINT64_MAX, .threads = 1, .describe = true, .job = job};
    ScriptState *s = state_new(&run, e);
    int exit_code;
    Document *d = NULL;
    if (!s)
        return NULL;
    bool ok = run_text(s, &exit_code, e);
    if (!ok && (hollow_caused(e) || (s->is_exiting && !s->raised.code))) { /* what follows needs results: the document stands */
        error_clear(e);
        ok = true;
    }
    if (ok && !s->document->pipeline)
        ok = error_set(e, ERROR_FAILED, "%s: builds no pipeline, so there is nothing to open; `limbeck run` runs it",
                       path ? path : "script");
    if (ok) {
        detach(s->document);
        d = document_ref(s->document);
    }
    state_free(s);
    return d;
}
