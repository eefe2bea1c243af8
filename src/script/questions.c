/* The calls that learn and give figures: cross_validate, price, select_features, regularize, find_rate. A described script skips them. */
#include "learn/find_rate.h"
#include "learn/keep.h"
#include "learn/price.h"
#include "learn/regularize.h"
#include "script/learn_call.h"
#include "script/learn_text.h"
#include "script/value.h"

/* A call that gives figures and no model. The rows of its plan begin with those of a training. */
typedef struct Question {
    const Spec *spec;
    bool (*run)(CallContext *c, const Pipeline *p, const void *plan, Value **result, Error *e);
    bool (*push)(lua_State *L, const Pipeline *p, const void *plan, const Value *result, Error *e);
} Question;

static int ask(lua_State *L, const Question *q)
{
    const Pipeline *p = pipeline_check(L, 1)->pipeline;
    Error e = {0};
    Callbacks c = {0};
    Value *result = NULL;
    void *plan = learn_take_plan(L, 2, q->spec, &e);
    if (!plan)
        return state_raise(L, &e);
    if (state_of(L)->document) {
        params_free(q->spec, plan);
        return hollow_push(L);
    }
    bool ok = learn_check_target(p, q->spec->name, &e) && learn_check_no_callback(plan, q->spec->name, &e) &&
              q->run(callbacks_begin(&c, L, p, plan, NULL), p, plan, &result, &e);
    callbacks_end(L);
    ok = ok && q->push(L, p, plan, result, &e);
    params_free(q->spec, plan);
    value_free(result);
    return ok ? 1 : state_raise(L, &e);
}

static bool push_text(lua_State *L, const Value *result, Text *text)
{
    result_push(L, result, text_get(text));
    text_done(text);
    return true;
}

static bool run_cross_validate(CallContext *c, const Pipeline *p, const void *plan, Value **result, Error *e)
{
    return call_cross_validate(c, p, plan, result, e);
}

static bool push_folds(lua_State *L, const Pipeline *p, const void *plan, const Value *result, Error *e)
{
    (void)p, (void)e;
    char *text = learn_text_folds(result, ((const CrossPlan *)plan)->folds);
    result_push(L, result, text);
    mem_free(text);
    return true;
}

static bool run_price(CallContext *c, const Pipeline *p, const void *plan, Value **result, Error *e)
{
    return price_steps(c, p, plan, result, e);
}

static bool push_price(lua_State *L, const Pipeline *p, const void *plan, const Value *result, Error *e)
{
    Text text = {0};
    (void)p, (void)plan, (void)e;
    price_print(result, &text);
    return push_text(L, result, &text);
}

static bool run_find_rate(CallContext *c, const Pipeline *p, const void *plan, Value **result, Error *e)
{
    return find_rate(c, p, plan, result, e);
}

static bool push_rate(lua_State *L, const Pipeline *p, const void *plan, const Value *result, Error *e)
{
    (void)p, (void)plan, (void)e;
    char *text = find_rate_text(result);
    result_push(L, result, text);
    mem_free(text);
    return true;
}

static bool run_select(CallContext *c, const Pipeline *p, const void *plan, Value **result, Error *e)
{
    return select_features(c, p, plan, result, e);
}

/* The result, with the pipeline that has only the features that stay. */
static bool push_selected(lua_State *L, const Pipeline *p, const void *plan, const Value *result, Error *e)
{
    Pipeline *kept = select_features_apply(p, result, e);
    Text text = {0};
    (void)plan;
    if (!kept)
        return false;
    select_features_print(result, &text);
    push_text(L, result, &text);
    pipeline_push(L, kept);
    lua_setfield(L, -2, "pipeline");
    return true;
}

static bool run_regularize(CallContext *c, const Pipeline *p, const void *plan, Value **result, Error *e)
{
    return regularize(c, p, plan, result, e);
}

/* The result, with its curves as a table. */
static bool push_regularized(lua_State *L, const Pipeline *p, const void *plan, const Value *result, Error *e)
{
    Table *t = regularize_table(result, e);
    Text text = {0};
    (void)p, (void)plan;
    if (!t)
        return false;
    regularize_print(result, &text);
    push_text(L, result, &text);
    table_push(L, t, NULL);
    lua_setfield(L, -2, "table");
    return true;
}

int learn_cross_validate(lua_State *L)
{
    return ask(L, &(Question){&cross_validate_spec, run_cross_validate, push_folds});
}

int learn_price(lua_State *L)
{
    return ask(L, &(Question){&price_spec, run_price, push_price});
}

int learn_find_rate(lua_State *L)
{
    return ask(L, &(Question){&find_rate_spec, run_find_rate, push_rate});
}

int learn_select_features(lua_State *L)
{
    return ask(L, &(Question){&select_features_spec, run_select, push_selected});
}

int learn_regularize(lua_State *L)
{
    return ask(L, &(Question){&regularize_spec, run_regularize, push_regularized});
}

int learn_preview_schedule(lua_State *L)
{
    Error e = {0};
    PreviewPlan *plan = learn_take_plan(L, 1, &preview_schedule_spec, &e);
    if (!plan)
        return state_raise(L, &e);
    Value *curve = preview_schedule(plan);
    value_push(L, curve);
    value_free(curve);
    params_free(&preview_schedule_spec, plan);
    return 1;
}
