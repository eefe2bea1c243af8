/* Steps of modules: fit and apply, each call in a state of its own. */
#include <math.h>

#include "script/host.h"
#include "script/vector.h"
#include "script/value.h"
#include "steps/defined.h"

typedef struct StepWork {
    const DefinedCall *call;
    Value *learned;
    Table **made; /* of each group; NULL: fit is called */
} StepWork;

static int column_unknown(lua_State *L)
{
    Error e = {0};
    error_set(&e, ERROR_FAILED, "it was given no column \"%s\"; its parameters of type columns select what it is given",
              luaL_tolstring(L, 2, NULL));
    return state_raise(L, &e);
}

static void push_columns(lua_State *L, const Table *t, size_t from, size_t rows)
{
    lua_createtable(L, 0, (int)t->columns_count);
    for (size_t i = 0; i < t->columns_count; i++) {
        vector_push_cells(L, t->columns[i], from, rows);
        lua_setfield(L, -2, t->names[i]);
    }
    lua_newtable(L);
    lua_pushcfunction(L, column_unknown);
    lua_setfield(L, -2, "__index");
    lua_setmetatable(L, -2);
}

/* Of the rows of a group; its result stays on the stack. false: the step has none. */
static bool call_function(lua_State *L, HostCall *c, size_t from, size_t rows)
{
    const StepWork *w = c->own;
    if (!host_push_function(L, c))
        return false;
    push_columns(L, w->call->columns, from, rows);
    value_push(L, w->call->params);
    value_push(L, w->call->learned);
    lua_call(L, 3, 1);
    return true;
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
    HostCall *c = lua_touserdata(L, 1);
    StepWork *w = c->own;
    if (!call_function(L, c, 0, w->call->columns->rows) || lua_isnil(L, -1))
        return 0;
    w->learned = value_plain_from_lua(L, -1, &c->e);
    if (w->learned && !is_finite(w->learned))
        error_set(&c->e, ERROR_FAILED, "a number that is not finite, which no model could store");
    return c->e.code ? host_raise(L, c) : 0;
}

static int call_apply(lua_State *L)
{
    HostCall *c = lua_touserdata(L, 1);
    StepWork *w = c->own;
    const DefinedCall *call = w->call;
    for (size_t g = 0; g < call->groups; g++) {
        size_t from = call->starts ? call->starts[g] : 0, to = call->starts ? call->starts[g + 1] : call->columns->rows;
        w->made[g] = table_new(to - from);
        if (call_function(L, c, from, to - from) && !lua_istable(L, -1))
            error_set(&c->e, ERROR_FAILED, "a %s, not a table of columns by name", luaL_typename(L, -1));
        else
            table_take_columns(L, lua_gettop(L), w->made[g], &c->e);
        if (c->e.code)
            return host_raise(L, c);
        lua_settop(L, 1);
    }
    return 0;
}

static bool run(const DefinedCall *call, const char *function, int (*body)(lua_State *L), StepWork *w, Error *e)
{
    HostCall c = {.member = &call->step->step.spec, .family = "step", .function = function, .job = call->job, .body = body, .own = w};
    w->call = call;
    return host_call(&c, e);
}

static bool host_fit(const DefinedCall *call, Value **learned, Error *e)
{
    StepWork w = {0};
    bool ok = run(call, "fit", call_fit, &w, e);
    *learned = ok ? w.learned : NULL;
    if (!ok)
        value_free(w.learned);
    return ok;
}

static bool host_apply(const DefinedCall *call, Table **made, Error *e)
{
    StepWork w = {.made = made};
    for (size_t g = 0; g < call->groups; g++)
        made[g] = NULL;
    if (run(call, "apply", call_apply, &w, e))
        return true;
    for (size_t g = 0; g < call->groups; g++) {
        table_unref(made[g]);
        made[g] = NULL;
    }
    return false;
}

void host_open_steps(void)
{
    static const StepHost host = {host_fit, host_apply};
    defined_steps_open(&host);
}
