/* States for modules: the members that they declare, and calls of their functions within limits. */
#include "script/host.h"

#include "base/clock.h"
#include "base/thread.h"
#include "script/define.h"
#include "script/objects.h"
#include "script/value.h"

static const double PATIENCE = 0.6; /* seconds beyond its limit until what does not let go ends with the process */

static ScriptRun limits; /* memory and seconds */

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

struct Host {
    ScriptState *state;
    Deadline *deadline; /* of the call that runs */
};

static bool begin_time(Host *h, Error *e)
{
    double seconds = (double)access_seconds(&h->state->run);
    h->state->deadline = clock_thread_cpu() + seconds;
    h->deadline = deadline_start(seconds + PATIENCE, give_up, h->state, e);
    return h->deadline != NULL;
}

static void end_time(Host *h)
{
    deadline_end(h->deadline);
    h->deadline = NULL;
}

void host_close(Host *h)
{
    if (!h)
        return;
    end_time(h);
    state_free(h->state);
    mem_free(h);
}

Host *host_open(const Module *m, Job *job, Error *e)
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
    if (!s)
        return NULL;
    Host *h = MEM_NEW(Host);
    h->state = s;
    s->awaited_by = job;
    char *chunk = text_format("@%s", m->name);
    bool ok = begin_time(h, e) && state_load(s, m->text, m->size, chunk, e) && state_call(s, 0, 0, e);
    mem_free(chunk);
    end_time(h);
    if (ok)
        return h;
    host_close(h);
    return NULL;
}

bool host_call_in(Host *h, HostCall *c, Error *e)
{
    bool ok = begin_time(h, e) && state_protect(h->state, c->body, c, e);
    end_time(h);
    return ok;
}

bool host_call(HostCall *c, Error *e)
{
    Host *h = host_open(module_of(c->member), c->job, e);
    bool ok = h && host_call_in(h, c, e);
    host_close(h);
    return ok;
}

bool host_push_function(lua_State *L, const HostCall *c)
{
    define_push_named(L, c->family, c->member->name);
    if (lua_istable(L, -1)) {
        lua_getfield(L, -1, c->function);
        lua_remove(L, -2);
    }
    return lua_isfunction(L, -1);
}

int host_raise(lua_State *L, HostCall *c)
{
    lua_Debug info = {0};
    if (!host_push_function(L, c))
        return state_raise(L, &c->e);
    lua_getinfo(L, ">S", &info);
    error_prefix(&c->e, "%s:%d: %s returns: ", info.short_src, info.linedefined, c->function);
    return state_raise(L, &c->e);
}

/* The declarations of a module, all but their functions, of which is said that they are there. */
typedef struct Declaring {
    const Module *module;
    Value *value; /* the one that is being read */
    Error e;
} Declaring;

static void take_entry(lua_State *L, Declaring *d)
{
    const char *key = lua_tostring(L, -2);
    char *has = lua_isfunction(L, -1) ? text_format("has_%s", key) : NULL;
    Value *v = has ? value_flag(true) : value_plain_from_lua(L, -1, &d->e);
    if (v)
        value_set(d->value, has ? has : key, v);
    mem_free(has);
}

static int declare_all(lua_State *L)
{
    Declaring *d = lua_touserdata(L, 1);
    define_push_all(L);
    lua_Integer count = (lua_Integer)lua_rawlen(L, 2);
    for (lua_Integer i = 1; i <= count; i++) {
        lua_rawgeti(L, 2, i);
        lua_rawgeti(L, 3, 1);
        value_free(d->value);
        d->value = value_map();
        for (lua_pushnil(L); !d->e.code && lua_next(L, 4); lua_pop(L, 1))
            if (lua_type(L, -2) == LUA_TSTRING)
                take_entry(L, d);
        lua_getfield(L, 3, "family");
        if (d->e.code || !module_declare(d->module, lua_tostring(L, -1), d->value, &d->e))
            return state_raise(L, &d->e);
        lua_settop(L, 2);
    }
    return 0;
}

static bool load(const Module *module, Error *e)
{
    Declaring d = {.module = module};
    Host *h = host_open(module, NULL, e);
    bool ok = h && begin_time(h, e) && state_protect(h->state, declare_all, &d, e);
    value_free(d.value);
    host_close(h);
    return ok;
}

void script_host_modules(int64_t memory, int64_t seconds)
{
    limits.memory = memory;
    limits.seconds = seconds;
    host_open_steps();
    host_open_metrics();
    host_open_losses();
    module_set_host(load);
}
