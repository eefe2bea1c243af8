/* Runs modules that define steps: each call of fit and apply has a Lua state of its own, without files and output, that ends when it
 * takes too long. */
#include <math.h>

#include "base/clock.h"
#include "base/thread.h"
#include "script/define.h"
#include "script/objects.h"
#include "script/value.h"
#include "steps/defined.h"

static const double PATIENCE = 0.6; /* seconds beyond its limit until what does not let go ends with the process */

static ScriptRun limits; /* memory and seconds */

/* What a protected function works on: all that C owns lies here, so that an error of Lua leaves nothing behind. */
typedef struct Work {
    const StepModule *module;
    const DefinedCall *call;
    const char *function;
    Value *value;
    Table *made;
    Error e;
} Work;

/* A function of Lua's library that does not return lets no hook look: nothing but the end of the process stops it. */
static void give_up(void *self)
{
    const ScriptState *s = self;
    Error why = {0};
    error_set(&why, ERROR_FAILED,
              "%s: it took %lld seconds of processor time, its limit, and could not be stopped; --script-seconds=N allows more", s->name,
              (long long)access_seconds(&s->run));
    mem_give_terminal_back();
    script_give_up(NULL, &why);
}

/* A state that has run the module. */
typedef struct Host {
    ScriptState *state;
    Deadline *deadline;
} Host;

static void host_close(Host *h)
{
    deadline_end(h->deadline);
    state_free(h->state);
}

static bool host_open(Host *h, const StepModule *m, Job *job, Error *e)
{
    ScriptRun run = {.path = m->name,
                     .alone = true,
                     .trust = TRUST_SANDBOXED,
                     .seed = UINT64_MAX,
                     .threads = 1,
                     .quiet = true,
                     .memory = limits.memory,
                     .seconds = limits.seconds};
    ScriptState *s = state_new(&run, e);
    *h = (Host){.state = s};
    if (!s)
        return false;
    s->awaited_by = job;
    s->deadline = clock_thread_cpu() + (double)access_seconds(&run);
    h->deadline = deadline_start((double)access_seconds(&run) + PATIENCE, give_up, s, e);
    char *chunk = text_format("@%s", m->name);
    bool ok = h->deadline && state_load(s, m->text, m->size, chunk, e) && state_call(s, 0, 0, e);
    mem_free(chunk);
    if (!ok)
        host_close(h);
    return ok;
}

static bool run(ScriptState *s, lua_CFunction function, Work *w, Error *e)
{
    if (state_protect(s, function, w, e))
        return true;
    value_free(w->value);
    table_unref(w->made);
    w->value = NULL;
    w->made = NULL;
    return false;
}

static int declare_all(lua_State *L)
{
    static const char *const said[] = {"name", "doc", "params"};
    Work *w = lua_touserdata(L, 1);
    define_push_all(L);
    lua_Integer count = (lua_Integer)lua_rawlen(L, -1);
    for (lua_Integer i = 1; i <= count; i++) {
        lua_rawgeti(L, 2, i);
        value_free(w->value);
        w->value = value_map();
        for (size_t k = 0; k < sizeof said / sizeof *said; k++) {
            bool given = lua_getfield(L, 3, said[k]) != LUA_TNIL;
            Value *v = given ? value_plain_from_lua(L, -1, &w->e) : NULL;
            if (given && !v)
                return state_raise(L, &w->e);
            if (v)
                value_set(w->value, said[k], v);
            lua_pop(L, 1);
        }
        if (!defined_declare(w->module, w->value, &w->e))
            return state_raise(L, &w->e);
        lua_settop(L, 2);
    }
    return 0;
}

static bool host_load(const StepModule *module, Error *e)
{
    Work w = {.module = module};
    Host h;
    if (!host_open(&h, module, NULL, e))
        return false;
    bool ok = run(h.state, declare_all, &w, e);
    value_free(w.value);
    host_close(&h);
    return ok;
}

static int column_unknown(lua_State *L)
{
    Error e = {0};
    error_set(&e, ERROR_FAILED, "it was given no column \"%s\"; its parameters of type columns select what it is given",
              luaL_tolstring(L, 2, NULL));
    return state_raise(L, &e);
}

static void push_columns(lua_State *L, const Table *t)
{
    lua_createtable(L, 0, (int)t->columns_count);
    for (size_t i = 0; i < t->columns_count; i++) {
        table_push_cells(L, t->columns[i]);
        lua_setfield(L, -2, t->names[i]);
    }
    lua_newtable(L);
    lua_pushcfunction(L, column_unknown);
    lua_setfield(L, -2, "__index");
    lua_setmetatable(L, -2);
}

/* Calls the function; its result stays on the stack. false: the step has none. */
static bool call_function(lua_State *L, Work *w)
{
    define_push_named(L, w->call->step->step.spec.name);
    if (!lua_istable(L, -1) || lua_getfield(L, -1, w->function) != LUA_TFUNCTION)
        return false;
    push_columns(L, w->call->columns);
    value_push(L, w->call->params);
    value_push(L, w->call->learned);
    lua_call(L, 3, 1);
    return true;
}

/* What is wrong with a result is said with the place of the function that gave it. */
static int raise_at_function(lua_State *L, Work *w)
{
    lua_Debug info = {0};
    define_push_named(L, w->call->step->step.spec.name);
    lua_getfield(L, -1, w->function);
    lua_getinfo(L, ">S", &info);
    error_prefix(&w->e, "%s:%d: %s returns: ", info.short_src, info.linedefined, w->function);
    return state_raise(L, &w->e);
}

static bool is_finite(const Value *v)
{
    if (v->type == VALUE_REAL)
        return isfinite(v->real);
    for (size_t i = 0; i < value_items(v); i++)
        if (!is_finite(v->items[i]))
            return false;
    return true;
}

static int call_fit(lua_State *L)
{
    Work *w = lua_touserdata(L, 1);
    if (!call_function(L, w) || lua_isnil(L, -1))
        return 0;
    w->value = value_plain_from_lua(L, -1, &w->e);
    if (w->value && !is_finite(w->value))
        error_set(&w->e, ERROR_FAILED, "a number that is not finite, which no model could store");
    return w->e.code ? raise_at_function(L, w) : 0;
}

static int call_apply(lua_State *L)
{
    Work *w = lua_touserdata(L, 1);
    w->made = table_new(w->call->columns->rows);
    if (call_function(L, w) && !lua_istable(L, -1))
        error_set(&w->e, ERROR_FAILED, "a %s, not a table of columns by name", luaL_typename(L, -1));
    else
        table_take_columns(L, lua_gettop(L), w->made, &w->e);
    return w->e.code ? raise_at_function(L, w) : 0;
}

static bool host_call(const DefinedCall *call, const char *name, lua_CFunction function, Work *w, Error *e)
{
    *w = (Work){.module = call->step->module, .call = call, .function = name};
    Host h;
    if (!host_open(&h, w->module, call->job, e))
        return false;
    bool ok = run(h.state, function, w, e);
    host_close(&h);
    return ok;
}

static bool host_fit(const DefinedCall *call, Value **learned, Error *e)
{
    Work w;
    bool ok = host_call(call, "fit", call_fit, &w, e);
    *learned = w.value;
    return ok;
}

static bool host_apply(const DefinedCall *call, Table **made, Error *e)
{
    Work w;
    bool ok = host_call(call, "apply", call_apply, &w, e);
    *made = w.made;
    return ok;
}

void script_host_modules(int64_t memory, int64_t seconds)
{
    static const ModuleHost host = {host_load, host_fit, host_apply};
    limits.memory = memory;
    limits.seconds = seconds;
    defined_set_host(&host);
}
