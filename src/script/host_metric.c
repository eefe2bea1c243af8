/* Metrics of modules: compute(truth, outputs, params, weights, about) gives a number; nil where it is not defined. */
#include <math.h>

#include "net/metrics/defined.h"
#include "script/host.h"
#include "script/value.h"
#include "script/vector.h"

typedef struct MetricWork {
    const MetricInput *in;
    Value *params;
    double figure;
} MetricWork;

static int positive_of(const MetricInput *in)
{
    return in->positive >= 0 ? in->positive : 1;
}

static bool takes_positive(const MetricInput *in)
{
    return in->classes == 2 && ((const DefinedMetric *)in->spec)->takes & TAKES_POSITIVE;
}

static void push_truth(lua_State *L, const MetricInput *in)
{
    Vector *v = vector_push(L, in->rows);
    v->whole = in->classes > 0;
    for (size_t i = 0; i < in->rows; i++)
        v->cells[i] = !in->classes ? in->values[i] : takes_positive(in) ? in->labels[i] == positive_of(in) : in->labels[i] + 1;
}

static void push_class(lua_State *L, const MetricInput *in, size_t class)
{
    Vector *v = vector_push(L, in->rows);
    for (size_t i = 0; i < in->rows; i++)
        v->cells[i] = (double)in->probabilities[i * in->classes + class];
}

static void push_outputs(lua_State *L, const MetricInput *in)
{
    if (!in->classes) {
        vector_push_reals(L, in->predicted, in->rows);
        return;
    }
    if (takes_positive(in)) {
        push_class(L, in, (size_t)positive_of(in));
        return;
    }
    lua_createtable(L, (int)in->classes, 0);
    for (size_t c = 0; c < in->classes; c++) {
        push_class(L, in, c);
        lua_rawseti(L, -2, (lua_Integer)c + 1);
    }
}

static void push_weights(lua_State *L, const MetricInput *in)
{
    if (!in->classes || !in->class_weights) {
        lua_pushnil(L);
        return;
    }
    Vector *v = vector_push(L, in->rows);
    for (size_t i = 0; i < in->rows; i++)
        v->cells[i] = in->class_weights[in->labels[i]];
}

static void push_about(lua_State *L, const MetricInput *in)
{
    lua_newtable(L);
    lua_pushinteger(L, (lua_Integer)in->classes);
    lua_setfield(L, -2, "classes");
    lua_pushnumber(L, in->threshold);
    lua_setfield(L, -2, "threshold");
}

static int call_compute(lua_State *L)
{
    HostCall *c = lua_touserdata(L, 1);
    MetricWork *w = c->own;
    host_push_function(L, c);
    push_truth(L, w->in);
    push_outputs(L, w->in);
    value_push(L, w->params);
    push_weights(L, w->in);
    push_about(L, w->in);
    lua_call(L, 5, 1);
    if (lua_type(L, -1) == LUA_TNUMBER)
        w->figure = lua_tonumber(L, -1);
    else if (!lua_isnil(L, -1))
        error_set(&c->e, ERROR_FAILED, "a %s, not a number", luaL_typename(L, -1));
    return c->e.code ? host_raise(L, c) : 0;
}

static double compute(const MetricInput *in)
{
    MetricWork w = {.in = in, .params = fields_to_value(in->spec->params, in->params, true), .figure = (double)NAN};
    HostCall c = {.member = in->spec, .family = "metric", .function = "compute", .body = call_compute, .own = &w};
    if (in->rows)
        host_call(&c, in->error);
    value_free(w.params);
    return w.figure;
}

void host_open_metrics(void)
{
    defined_metrics_open(compute);
}
