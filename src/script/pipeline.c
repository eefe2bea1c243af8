/* Pipelines in Lua: each call gives a new one. */
#include <string.h>

#include "learn/certificate.h"

#include "script/bind.h"
#include "script/objects.h"
#include "script/value.h"

int pipeline_push(lua_State *L, Pipeline *pipeline)
{
    ScriptState *s = state_of(L);
    PipelineObject *o = lua_newuserdatauv(L, sizeof *o, 0);
    *o = (PipelineObject){.pipeline = pipeline};
    luaL_setmetatable(L, "limbeck.pipeline");
    if (s->document && !s->document->has_train) {
        pipeline_unref(s->document->pipeline);
        s->document->pipeline = pipeline_ref(pipeline);
    }
    return 1;
}

PipelineObject *pipeline_check(lua_State *L, int index)
{
    return luaL_checkudata(L, index, "limbeck.pipeline");
}

static int pipeline_collect(lua_State *L)
{
    PipelineObject *o = pipeline_check(L, 1);
    pipeline_unref(o->pipeline);
    prepared_free(o->prepared);
    *o = (PipelineObject){0};
    return 0;
}

static const char *const targets = "targets"; /* the array that several columns to predict become */

/* target = { "y1", "y2" }, left at 3: the columns are stacked to one array, by the first step. */
static void take_targets(lua_State *L)
{
    bind_take(L, 1, "target");
    if (lua_istable(L, 3))
        lua_pushstring(L, targets);
    else
        lua_pushvalue(L, 3);
    lua_setfield(L, 1, "target");
}

static void stack_targets(lua_State *L)
{
    lua_getfield(L, -1, "stack");
    lua_pushvalue(L, -2);
    lua_newtable(L);
    lua_pushvalue(L, 3);
    lua_setfield(L, -2, "columns");
    lua_pushstring(L, targets);
    lua_setfield(L, -2, "into");
    lua_call(L, 2, 1);
}

int pipeline_new_lua(lua_State *L)
{
    ScriptState *s = state_of(L);
    Error e = {0};
    lua_settop(L, 1);
    bind_take(L, 1, "source");
    TableObject *source = luaL_testudata(L, 2, "limbeck.table");
    if (!source) {
        error_set(&e, ERROR_USAGE, "pipeline: needs source = lb.read(\"file.csv\"), found a %s", luaL_typename(L, 2));
        return state_raise(L, &e);
    }
    if (lua_istable(L, 1))
        take_targets(L);
    void *params = bind_params(L, 1, &pipeline_spec, &e);
    if (!params)
        return state_raise(L, &e);
    const Side *from = source->side && !source->side->steps->count ? source->side : NULL;
    Pipeline *p = pipeline_begin(source->table, from ? from->file : NULL, from ? from->read : NULL, params, s->job->seed);
    params_free(&pipeline_spec, params);
    pipeline_push(L, p);
    if (lua_istable(L, 3))
        stack_targets(L);
    return 1;
}

/* A step that may not do what it says is refused where it stands in the script. */
static int push_checked(lua_State *L, Pipeline *next)
{
    Error e = {0};
    if (pipeline_check_target(next, &e))
        return pipeline_push(L, next);
    pipeline_unref(next);
    return state_raise(L, &e);
}

/* off = true keeps a step in the recipe without running it. */
static bool take_off(lua_State *L)
{
    if (!lua_istable(L, 2))
        return false;
    bind_take(L, 2, "off");
    bool off = lua_toboolean(L, -1);
    lua_pop(L, 1);
    return off;
}

static int pipeline_step(lua_State *L)
{
    const Step *step = lua_touserdata(L, lua_upvalueindex(1));
    PipelineObject *o = pipeline_check(L, 1);
    Error e = {0};
    script_check_count(L, step->spec.name, 2, 1);
    lua_settop(L, 2);
    bool off = take_off(L);
    void *params = bind_params(L, 2, &step->spec, &e);
    if (!params)
        return state_raise(L, &e);
    Pipeline *next = pipeline_with_step(o->pipeline, step, params);
    params_free(&step->spec, params);
    if (off) {
        Recipe *recipe = recipe_switch(next->recipe, next->recipe->count - 1, true);
        Pipeline *switched = pipeline_with_recipe(next, recipe, next->split_at);
        recipe_unref(recipe);
        pipeline_unref(next);
        next = switched;
    }
    return push_checked(L, next);
}

static int pipeline_divide(lua_State *L)
{
    PipelineObject *o = pipeline_check(L, 1);
    Error e = {0};
    if (o->pipeline->split_at != SIZE_MAX) {
        error_set(&e, ERROR_USAGE, "split: the pipeline has a split already");
        return state_raise(L, &e);
    }
    SplitPlan *plan = bind_params(L, 2, &split_spec, &e);
    if (!plan)
        return state_raise(L, &e);
    Pipeline *next = pipeline_with_split(o->pipeline, plan);
    params_free(&split_spec, plan);
    return push_checked(L, next);
}

/* The rows of one part as a net gets them; of the training part with those that steps made. */
static Table *part_table(lua_State *L, PipelineObject *o, const char *name, Error *e)
{
    Part part;
    if (!judged_part_of_name(name, &part, e) || (!o->prepared && !pipeline_prepare(state_of(L)->job, o->pipeline, &o->prepared, e)))
        return NULL;
    return table_ref(o->prepared->parts[part]);
}

/* The table after all steps, fitted on training rows; p:table("test"): the rows of that part. */
static int pipeline_table(lua_State *L)
{
    PipelineObject *o = pipeline_check(L, 1);
    Error e = {0};
    Table *t = lua_isnoneornil(L, 2) ? pipeline_view(state_of(L)->job, o->pipeline, o->pipeline->recipe->count, &e)
                                     : part_table(L, o, lua_tostring(L, 2), &e);
    return t ? table_push(L, t, NULL) : state_raise(L, &e);
}

/* Of all rows after all steps; what speaks of the target is that of training rows. */
static int pipeline_describe(lua_State *L)
{
    const Pipeline *p = pipeline_check(L, 1)->pipeline;
    Error e = {0};
    uint8_t *training = NULL;
    Table *t = pipeline_view(state_of(L)->job, p, p->recipe->count, &e);
    if (!t || !pipeline_view_training(state_of(L)->job, p, t, &training, &e)) {
        table_unref(t);
        return state_raise(L, &e);
    }
    table_push(L, t, NULL);
    /* a block of Lua's, so that an error leaves nothing behind */
    ProfileUse use = {pipeline_target_column(p), p->positive,
                      training ? memcpy(lua_newuserdatauv(L, t->rows + 1, 0), training, t->rows) : NULL};
    mem_free(training);
    return profile_push(L, t, &use);
}

bool pipeline_prepared(ScriptState *s, const Pipeline *p, Prepared **out, Error *e)
{
    *out = NULL;
    if (s->prepared_of != p) {
        Prepared *made = NULL;
        if (!pipeline_prepare(s->job, p, &made, e))
            return false;
        pipeline_unref(s->prepared_of);
        prepared_free(s->prepared);
        s->prepared_of = pipeline_ref(p);
        s->prepared = made;
    }
    *out = prepared_ref(s->prepared);
    return true;
}

/* What the program decides by itself: moved steps, the positive class, rows left out. */
static int pipeline_notes(lua_State *L)
{
    PipelineObject *o = pipeline_check(L, 1);
    Error e = {0};
    if (!o->prepared && !pipeline_prepared(state_of(L), o->pipeline, &o->prepared, &e))
        return state_raise(L, &e);
    lua_newtable(L);
    for (size_t i = 0; i < o->prepared->notes.count; i++) {
        lua_pushstring(L, o->prepared->notes.items[i]);
        lua_rawseti(L, -2, (lua_Integer)i + 1);
    }
    return 1;
}

/* pipeline:certificate { model = m }: what stands behind a figure of its test part. */
static int pipeline_certificate(lua_State *L)
{
    PipelineObject *o = pipeline_check(L, 1);
    Error e = {0};
    lua_settop(L, 2);
    ModelObject *m = NULL;
    if (lua_istable(L, 2)) {
        bind_take(L, 2, "model");
        m = lua_isnil(L, -1) ? NULL : model_check(L, -1);
    }
    SeenTask models = {PART_TEST, "runs", m ? (const Bundle *const *)m->bundles : NULL, m ? m->count : 0};
    Error unready = {0}; /* steps that do not work out yet leave no account of their own */
    bool ready = o->prepared || pipeline_prepared(state_of(L), o->pipeline, &o->prepared, &unready);
    Value *v = certificate_of(state_of(L)->job, o->pipeline, &models, ready ? &o->prepared->rows : NULL, &e);
    if (!v)
        return state_raise(L, &e);
    Text text = {0};
    certificate_print(v, &text);
    text_cut(&text, text.size ? text.size - 1 : 0);
    result_push(L, v, text_get(&text));
    text_done(&text);
    value_free(v);
    return 1;
}

static int pipeline_text(lua_State *L)
{
    const Pipeline *p = pipeline_check(L, 1)->pipeline;
    Text out = {0};
    text_addf(&out, "pipeline of %s", p->file ? p->file : "a table");
    if (p->target)
        text_addf(&out, ", target %s", p->target);
    for (size_t i = 0; i <= p->recipe->count; i++) {
        if (i == p->split_at)
            text_add(&out, "\n  -- split --");
        if (i == p->recipe->count)
            break;
        text_addf(&out, "\n  %zu %s  ", i + 1, p->recipe->uses[i].step->spec.name);
        step_use_describe(&p->recipe->uses[i], &out);
    }
    lua_pushstring(L, text_get(&out));
    text_done(&out);
    return 1;
}

static int pipeline_index(lua_State *L)
{
    pipeline_check(L, 1);
    const char *name = luaL_checkstring(L, 2);
    if (object_method(L, "pipeline", name))
        return 1;
    const Spec *step = registry_find("step", name);
    if (!step)
        return object_unknown(L, "pipeline", name);
    lua_pushlightuserdata(L, (void *)(uintptr_t)step);
    lua_pushcclosure(L, pipeline_step, 1);
    return 1;
}

void pipeline_open(lua_State *L)
{
    static const ScriptMethod methods[] = {
        {"split", pipeline_divide, "a", NULL},
        {"table", pipeline_table, "s", NULL},
        {"profile", pipeline_describe, "", NULL},
        {"notes", pipeline_notes, "", NULL},
        {"train", learn_train, "a", NULL},
        {"certificate", pipeline_certificate, "t", " model "},
        {"tune", learn_tune, "a", NULL},
        {"distill", learn_distill, "t", NULL},
        {"cross_validate", learn_cross_validate, "a", NULL},
        {"leak_demo", learn_leak_demo, "a", NULL},
        {"price", learn_price, "a", NULL},
        {"find_rate", learn_find_rate, "a", NULL},
        {"select_features", learn_select_features, "a", NULL},
        {"regularize", learn_regularize, "a", NULL},
        {0},
    };
    static const luaL_Reg events[] = {{"__gc", pipeline_collect}, {"__tostring", pipeline_text}, {NULL, NULL}};
    object_define(L, "pipeline", methods, events, pipeline_index);
}
