/* Makes and ends Lua states, runs chunks in them, and carries errors across the border in both directions. */
#include "script/state.h"

#include <string.h>

#include "base/clock.h"
#include "base/io.h"
#include "base/json.h"
#include "base/proc.h"
#include "base/thread.h"
#include "learn/looks.h"

enum { HOOK_EVERY = 1000, TRACEBACK_LEVELS = 12, ENVIRONMENT_BYTES = 16 << 20 };

ScriptState *state_of(lua_State *L)
{
    return *(ScriptState **)lua_getextraspace(L);
}

static bool is_late(ScriptState *s)
{
    if (s->deadline <= 0 || clock_thread_cpu() < s->deadline)
        return false;
    if (!s->limit_hit.code)
        error_set(&s->limit_hit, ERROR_FAILED,
                  "%s: it took %lld seconds of processor time, its limit, and was stopped; "
                  "--script-seconds=N allows more",
                  s->name, (long long)access_seconds(&s->run));
    return true;
}

static void on_hook(lua_State *L, lua_Debug *where)
{
    (void)where;
    ScriptState *s = state_of(L);
    Error e = {0};
    if ((proc_signal() && !s->warden) || !job_go_on(s->awaited_by, &e) || is_late(s))
        state_stop(s);
    if (!atomic_load(&s->is_stopping) && job_go_on(s->job, &e))
        return;
    state_halt(L);
}

bool state_is_stopping(lua_State *L)
{
    return atomic_load(&state_of(L)->is_stopping);
}

int state_halt(lua_State *L)
{
    ScriptState *s = state_of(L);
    if (s->stopped.code == ERROR_NONE && s->limit_hit.code != ERROR_NONE)
        s->stopped = s->limit_hit;
    else if (s->stopped.code == ERROR_NONE)
        error_set(&s->stopped, ERROR_CANCELED, "the script was stopped here");
    state_stop(s);
    return state_raise(L, &s->stopped);
}

void state_stop(ScriptState *s)
{
    atomic_store(&s->job->cancel, true);
    atomic_store(&s->is_stopping, true);
}

/* A run directory begins with its time: a resumed script sees the same clock. */
static double time_of_run(const ScriptRun *run)
{
    const char *base = run->journal ? io_base_name(run->journal->path) : "";
    int part[6];
    static const int at[6] = {0, 4, 6, 9, 11, 13}, size[6] = {4, 2, 2, 2, 2, 2};
    if (strlen(base) < 16 || base[8] != 'T' || base[15] != 'Z')
        return clock_wall();
    for (int i = 0; i < 6; i++) {
        part[i] = 0;
        for (int k = 0; k < size[i]; k++)
            part[i] = part[i] * 10 + (base[at[i] + k] - '0');
    }
    int64_t year = part[0] - (part[1] <= 2), month = part[1] + (part[1] > 2 ? -3 : 9);
    int64_t days = year * 365 + year / 4 - year / 100 + year / 400 + (153 * month + 2) / 5 + part[2] - 1 - 719468;
    return (double)(days * 86400 + part[3] * 3600 + part[4] * 60 + part[5]);
}

static bool is_environment(const Value *v)
{
    bool ok = v->type == VALUE_MAP;
    for (size_t i = 0; ok && i < v->size; i++)
        ok = v->items[i]->type == VALUE_TEXT || v->items[i]->type == VALUE_NULL;
    return ok;
}

/* What an earlier life of the run was told. With a damaged record this one would be told something else, in silence. */
static Value *read_environment(const char *run, Error *e)
{
    char *path = io_join(run, "environment.json"), *bytes = NULL;
    size_t size;
    IoInfo info;
    Value *v = NULL;
    if (!io_stat(path, &info))
        v = value_map();
    else if (io_read_file(path, ENVIRONMENT_BYTES, &bytes, &size, e) && !(v = json_parse(bytes, size, e)))
        error_prefix(e, "%s is damaged, start the script again: ", path);
    if (v && !is_environment(v)) {
        error_set(e, ERROR_FAILED, "%s is damaged, start the script again: it is not a map of texts", path);
        value_free(v);
        v = NULL;
    }
    mem_free(bytes);
    mem_free(path);
    return v;
}

/* An error that no protected call catches: while the libraries are opened, or a value is handed over. */
static int on_panic(lua_State *L)
{
    const char *text = lua_tostring(L, -1);
    if (!text || strstr(text, "not enough memory"))
        mem_give_up();
    Error e = {0};
    error_set(&e, ERROR_FAILED, "Lua: %s", text);
    io_print_error(&e);
    proc_exit(1);
    return 0;
}

/* Lua's values are counted; beyond the limit there is no more memory, which a script may catch and live with. */
static void *allocate(void *self, void *block, size_t old_size, size_t new_size)
{
    ScriptState *s = self;
    size_t before = block ? old_size : 0;
    if (new_size > before && s->memory_limit && s->memory_used + (new_size - before) > s->memory_limit) {
        s->memory_hit = true;
        return NULL;
    }
    void *out = mem_lua_alloc(NULL, block, old_size, new_size);
    if (out || !new_size)
        s->memory_used += new_size - before;
    return out;
}

ScriptState *state_new(const ScriptRun *run, Error *e)
{
    Value *environment = run->journal ? read_environment(run->journal->path, e) : NULL;
    if (run->journal && !environment)
        return NULL;
    ScriptState *s = MEM_NEW(ScriptState);
    lua_State *L = lua_newstate(allocate, s);
    if (!L) {
        value_free(environment);
        mem_free(s);
        error_set(e, ERROR_MEMORY, "out of memory for a Lua state");
        return NULL;
    }
    *(ScriptState **)lua_getextraspace(L) = s;
    lua_atpanic(L, on_panic);
    s->lua = L;
    s->run = *run;
    s->name = mem_strdup(run->path && !text_equal(run->path, "-") ? io_base_name(run->path) : run->path ? "stdin" : "console");
    s->directory = run->path ? io_directory(run->path) : mem_strdup(".");
    s->job = run->job ? run->job : &s->own_job;
    s->job->threads = run->threads > 0 ? run->threads : thread_cores();
    s->job->seed = run->seed == UINT64_MAX ? 1 : run->seed;
    s->time = time_of_run(run);
    s->environment = environment;
    if (!run->alone)
        looks_record(run->journal ? run->journal->path : NULL);
    if (run->describe)
        s->document = document_new();
    access_open(s);
    sandbox_open(s);
    lua_sethook(L, on_hook, LUA_MASKCOUNT, HOOK_EVERY);
    s->memory_limit = (size_t)access_memory(run) << 20;
    if (run->give_up)
        s->warden = warden_start(s, e);
    if (!run->give_up || s->warden)
        return s;
    state_free(s);
    return NULL;
}

void state_go_on(ScriptState *s)
{
    atomic_store(&s->is_stopping, false);
    atomic_store(&s->job->cancel, false);
    s->stopped = (Error){0};
    lua_sethook(s->lua, on_hook, LUA_MASKCOUNT, HOOK_EVERY);
}

void state_free(ScriptState *s)
{
    if (!s)
        return;
    warden_end(s->warden);
    lua_sethook(s->lua, NULL, 0, 0);
    lua_close(s->lua);
    access_close(s);
    document_unref(s->document);
    value_free(s->environment);
    pipeline_unref(s->prepared_of);
    prepared_free(s->prepared);
    text_list_done(&s->said);
    mem_free(s->name);
    mem_free(s->directory);
    mem_free(s->raised_text);
    text_done(&s->warning);
    mem_free(s);
}

void state_print(ScriptState *s, const char *bytes, size_t size)
{
    if (s->capture)
        text_add_bytes(s->capture, bytes, size);
    else if (!s->run.describe && !s->run.alone)
        io_print_bytes(1, bytes, size);
}

int state_raise(lua_State *L, const Error *e)
{
    ScriptState *s = state_of(L);
    char line[1100];
    if (e->code == ERROR_CANCELED) {
        if (s->stopped.code == ERROR_NONE)
            s->stopped = *e;
        state_stop(s);
    }
    if (atomic_load(&s->is_stopping))
        lua_sethook(L, on_hook, LUA_MASKCOUNT, 1);
    error_format(e, line, sizeof line);
    luaL_where(L, 1);
    lua_pushstring(L, line);
    lua_concat(L, 2);
    s->raised = *e;
    mem_free(s->raised_text);
    s->raised_text = mem_strdup(lua_tostring(L, -1));
    return lua_error(L);
}

/* Message handler: a plain sentence first, then where it came from. */
static int add_traceback(lua_State *L)
{
    ScriptState *s = state_of(L);
    const char *message = lua_tostring(L, 1);
    if (!message) {
        if (luaL_callmeta(L, 1, "__tostring"))
            return 1;
        message = lua_pushfstring(L, "(error object is a %s)", luaL_typename(L, 1));
    }
    if (!s->is_exiting)
        luaL_traceback(L, L, message, 1);
    return 1;
}

/* Lines of our own C functions and of the loader tell a script's author nothing, nor does a single level: the message names it. */
static void copy_traceback(const char *trace, Text *out)
{
    size_t levels = 0, size = 0, sentence = 0;
    for (; *trace; trace += size + (trace[size] == '\n')) {
        size = strcspn(trace, "\n");
        bool ours = text_starts(trace, "\t[C]:");
        if (text_starts(trace, "stack traceback:"))
            sentence = out->size;
        levels += sentence && *trace == '\t' && !ours;
        if (ours || levels > TRACEBACK_LEVELS)
            continue;
        if (out->size)
            text_add_char(out, '\n');
        text_add_bytes(out, trace, size);
    }
    if (sentence && levels < 2)
        text_cut(out, sentence);
}

static bool keep_code(ErrorCode code)
{
    return code == ERROR_CHECK || code == ERROR_DIVERGED || code == ERROR_CANCELED || code == ERROR_MEMORY;
}

/* Takes the message on top of the stack. A usage error inside a script is the script's failure: exit 1. */
static bool take_error(ScriptState *s, Error *e)
{
    const char *text = lua_tostring(s->lua, -1);
    ErrorCode code = ERROR_FAILED;
    if (atomic_load(&s->is_stopping))
        code = s->stopped.code ? s->stopped.code : ERROR_CANCELED;
    else if (s->is_exiting && s->raised.code)
        code = s->raised.code;
    else if (text && s->raised_text && text_starts(text, s->raised_text) && keep_code(s->raised.code))
        code = s->raised.code;
    Text out = {0};
    copy_traceback(text ? text : "unknown error", &out);
    error_set(e, code, "%s", text_get(&out));
    if (s->memory_hit && text && strstr(text, "not enough memory"))
        error_set(e, ERROR_MEMORY, "%s: its values need more than %zu MiB of memory, its limit; --script-memory=MIB allows more", s->name,
                  s->memory_limit >> 20);
    text_done(&out);
    lua_pop(s->lua, 1);
    return false;
}

bool state_load(ScriptState *s, const char *text, size_t size, const char *chunk, Error *e)
{
    if (size > 0 && text[0] == '#') { /* the shebang line; its newline stays, so that lines count right */
        const char *end = memchr(text, '\n', size);
        size_t skip = end ? (size_t)(end - text) : size;
        text += skip;
        size -= skip;
    }
    if (luaL_loadbufferx(s->lua, text, size, chunk, "t") == LUA_OK)
        return true;
    return take_error(s, e);
}

bool state_call(ScriptState *s, int arguments, int results, Error *e)
{
    int base = lua_gettop(s->lua) - arguments;
    lua_pushcfunction(s->lua, add_traceback);
    lua_insert(s->lua, base);
    int status = lua_pcall(s->lua, arguments, results, base);
    lua_remove(s->lua, base);
    return status == LUA_OK ? true : take_error(s, e);
}

bool state_protect(ScriptState *s, lua_CFunction function, void *argument, Error *e)
{
    lua_pushcfunction(s->lua, function);
    lua_pushlightuserdata(s->lua, argument);
    return state_call(s, 1, 0, e);
}
