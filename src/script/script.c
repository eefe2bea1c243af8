/* Running a script once from top to bottom, and describing one. */
#include "script/script.h"

#include <string.h>

#include "base/io.h"
#include "base/number.h"
#include "base/proc.h"
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

static void take_seed(ScriptRun *run, int64_t n)
{
    run->seed = (uint64_t)n;
}

static void take_threads(ScriptRun *run, int64_t n)
{
    run->threads = (int)n;
}

static void take_quiet(ScriptRun *run, int64_t n)
{
    run->quiet = n != 0;
}

static void take_sandbox(ScriptRun *run, int64_t n)
{
    run->trust = n && run->trust != TRUST_ALL ? TRUST_SANDBOXED : run->trust;
}

/* What a run says of itself gives a script that is resumed no trust: the user does. */
static void take_trust(ScriptRun *run, int64_t n)
{
    run->trust = n && run->trust == TRUST_NAMED ? TRUST_ALL : run->trust;
}

static void take_memory(ScriptRun *run, int64_t n)
{
    run->memory = n;
}

static void take_seconds(ScriptRun *run, int64_t n)
{
    run->seconds = n;
}

/* Global options come to a worker as the first of its arguments; a word that is none of them is the script's. */
static const struct {
    const char *name;
    void (*take)(ScriptRun *run, int64_t n);
} global_options[] = {
    {"--limbeck-seed=", take_seed},       {"--limbeck-threads=", take_threads}, {"--limbeck-quiet=", take_quiet},
    {"--limbeck-sandbox=", take_sandbox}, {"--limbeck-trust=", take_trust},     {"--limbeck-memory=", take_memory},
    {"--limbeck-seconds=", take_seconds},
};

static bool take_global(ScriptRun *run, const char *word)
{
    int64_t n;
    for (size_t i = 0; i < sizeof global_options / sizeof *global_options; i++) {
        size_t size = strlen(global_options[i].name);
        bool bare = strlen(word) == size - 1 && text_starts(global_options[i].name, word); /* as older runs have it */
        n = 1;
        if (!bare && (!text_starts(word, global_options[i].name) || !number_parse_int(word + size, strlen(word) - size, &n)))
            continue;
        global_options[i].take(run, n);
        return true;
    }
    return false;
}

static void take_globals(ScriptRun *run, TextList *rest)
{
    for (size_t i = 0; run->arguments && i < run->arguments->count; i++)
        if (!take_global(run, run->arguments->items[i]))
            text_list_add(rest, run->arguments->items[i]);
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

Document *script_describe(const ScriptRun *given, Error *e)
{
    ScriptRun run = *given;
    run.seed = UINT64_MAX;
    run.threads = 1;
    run.describe = true;
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
                       run.path ? run.path : "script");
    if (ok) {
        detach(s->document);
        d = document_ref(s->document);
    }
    state_free(s);
    return d;
}

void script_give_up(void *self, const Error *why)
{
    (void)self;
    Error stopped = {0};
    error_set(&stopped, ERROR_CANCELED, "the script was stopped; it did not end by itself");
    io_print_error(why ? why : &stopped);
    proc_exit(!why && proc_signal() ? 128 + proc_signal() : error_exit_code(why ? why : &stopped));
}
