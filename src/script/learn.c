/* The calls that learn and give models: train, tune, distill. In a described script they only fill the document. */
#include "learn/learn.h"

#include <string.h>

#include "base/io.h"
#include "learn/call.h"
#include "learn/seeds.h"
#include "script/callback.h"
#include "script/learn_call.h"
#include "script/learn_text.h"
#include "script/objects.h"
#include "script/value.h"

/* Calls the function below `arguments`; one line of message, since the caller adds its own traceback. */
static bool call_back(ScriptState *s, int arguments, const char *what, Error *e)
{
    atomic_fetch_add(&s->callbacks, 1);
    bool ok = state_call(s, arguments, 1, e);
    atomic_fetch_add(&s->callbacks, 1);
    if (ok)
        return true;
    e->message[strcspn(e->message, "\n")] = 0;
    return error_prefix(e, "%s: ", what);
}

/* A call of C into the script: what is done on either side of the script's function raises inside of state_protect. */
typedef struct EpochCall {
    const Callbacks *of;
    const EpochReport *report;
    bool *stop;
    Error *e;
    bool ok;
} EpochCall;

static void push_epoch(lua_State *L, const EpochReport *report)
{
    result_push(L, report->metrics, "figures of an epoch");
    lua_pushinteger(L, report->epoch);
    lua_setfield(L, -2, "epoch");
    lua_pushinteger(L, report->epochs);
    lua_setfield(L, -2, "epochs");
    lua_pushinteger(L, report->step);
    lua_setfield(L, -2, "step");
    lua_pushnumber(L, report->learning_rate);
    lua_setfield(L, -2, "learning_rate");
}

static int run_on_epoch(lua_State *L)
{
    EpochCall *c = lua_touserdata(L, 1);
    lua_rawgeti(L, LUA_REGISTRYINDEX, (lua_Integer)c->of->on_epoch);
    push_epoch(L, c->report);
    if (c->of->state)
        lua_rawgeti(L, LUA_REGISTRYINDEX, (lua_Integer)c->of->state);
    c->ok = call_back(c->of->script, c->of->state ? 2 : 1, "on_epoch", c->e);
    if (!c->ok)
        return 0;
    *c->stop = lua_isstring(L, -1) && text_equal(lua_tostring(L, -1), "stop");
    c->ok = *c->stop || lua_isnil(L, -1) || lua_isboolean(L, -1);
    if (!c->ok)
        error_set(c->e, ERROR_FAILED, "on_epoch returned %s; it may return \"stop\" or nothing",
                  lua_isstring(L, -1) ? lua_tostring(L, -1) : luaL_typename(L, -1));
    return 0;
}

static bool call_on_epoch(void *self, const EpochReport *report, bool *stop, Error *e)
{
    const Callbacks *of = self;
    EpochCall c = {of, report, stop, e, false};
    return state_protect(of->script, run_on_epoch, &c, e) && c.ok;
}

typedef struct NetCall {
    const Callbacks *of;
    const Value *settings;
    SpecList *layers;
    TextList *read;
    Error *e;
    bool ok;
} NetCall;

static int run_make_net(lua_State *L)
{
    NetCall *c = lua_touserdata(L, 1);
    settings_push(L, c->settings);
    int pushed = lua_gettop(L);
    lua_rawgeti(L, LUA_REGISTRYINDEX, (lua_Integer)c->of->make_net);
    lua_pushvalue(L, pushed);
    c->ok = call_back(c->of->script, 1, "net", c->e) && bind_layers(L, -1, c->layers, c->e);
    settings_read(L, pushed, c->read);
    return 0;
}

/* The function gets settings that note what it asks for; layers come back. */
static bool call_make_net(void *self, const Value *settings, SpecList *layers, TextList *read, Error *e)
{
    const Callbacks *of = self;
    NetCall c = {of, settings, layers, read, e, false};
    return state_protect(of->script, run_make_net, &c, e) && c.ok;
}

/* Train, tune and distill on one pipeline come upon the same notes. */
static bool is_new(Callbacks *c, const char *text)
{
    TextList *said = &c->script->said;
    if (!*c->hash) {
        Value *plan = pipeline_to_value(c->pipeline);
        call_hash(plan, c->hash);
        value_free(plan);
    }
    char *line = text_format("%s %s", c->hash, text);
    bool found = text_list_has(said, line);
    if (!found)
        text_list_add(said, line);
    mem_free(line);
    return !found;
}

/* An error begins with the name of the program; a note does not. */
static void say_note(void *self, const char *text)
{
    Callbacks *c = self;
    if (c->script->run.quiet || !is_new(c, text))
        return;
    char *line = text_format("note: %s", text);
    io_print_line(2, line);
    mem_free(line);
}

static Value *get_state(void *self, Error *e)
{
    const Callbacks *c = self;
    return callback_state(c->script->lua, c->state, e);
}

static void set_state(void *self, const Value *state)
{
    const Callbacks *c = self;
    callback_set_state(c->script->lua, c->state, state);
}

static bool prepare(void *self, const Pipeline *p, Prepared **out, Error *e)
{
    const Callbacks *c = self;
    return pipeline_prepared(c->script, p, out, e);
}

CallContext *callbacks_begin(Callbacks *c, lua_State *L, const Pipeline *p, const TrainPlan *plan, const FunctionUse *make_net)
{
    ScriptState *s = state_of(L);
    *c = (Callbacks){.script = s,
                     .pipeline = p,
                     .on_epoch = plan->on_epoch.reference,
                     .state = plan->on_epoch.state,
                     .make_net = make_net ? make_net->reference : 0};
    c->memory = c->on_epoch ? callback_memory(L, c->on_epoch) : NULL;
    c->hooks = (TrainHooks){.self = c, .on_epoch = c->on_epoch ? call_on_epoch : NULL, .on_note = say_note, .memory = c->memory};
    if (c->state) {
        c->hooks.state = get_state;
        c->hooks.set_state = set_state;
    }
    c->context = (CallContext){.job = s->job,
                               .prepare = prepare,
                               .journal = s->run.journal,
                               .runs = s->run.runs ? s->run.runs : "runs",
                               .hooks = &c->hooks,
                               .make_net = c->make_net ? call_make_net : NULL,
                               .self = c};
    atomic_store(&s->is_learning, true); /* last: memory that cannot be had raises above */
    return &c->context;
}

void callbacks_end(lua_State *L)
{
    atomic_store(&state_of(L)->is_learning, false);
}

bool learn_check_target(const Pipeline *p, const char *what, Error *e)
{
    return p->target ? true
                     : error_set(e, ERROR_USAGE, "%s: the pipeline has no target; lb.pipeline { source = ..., target = \"column\" }", what);
}

bool learn_check_no_callback(const TrainPlan *plan, const char *what, Error *e)
{
    return !plan->on_epoch.reference || error_set(e, ERROR_USAGE, "%s: on_epoch is called by train only; take it out", what);
}

void *learn_take_plan(lua_State *L, int index, const Spec *spec, Error *e)
{
    Value *map = bind_options(L, index, spec->name, spec->params, e);
    const Value *net = map ? value_get(map, "net") : NULL;
    if (net && net->type == VALUE_MAP && value_get(net, "reference") && fields_find(spec->params, "net_function")) {
        value_set(map, "net_function", value_copy(net));
        value_remove(map, "net");
    }
    void *plan = map ? plan_from_given(spec, map, e) : NULL;
    value_free(map);
    return plan;
}

static int describe_call(lua_State *L, const Spec *spec, void *plan, const Pipeline *p)
{
    Document *d = state_of(L)->document;
    document_set_plan(d, spec, plan);
    params_free(spec, plan);
    if (!d->has_train || spec == &train_spec) {
        pipeline_unref(d->pipeline);
        d->pipeline = pipeline_ref(p);
    }
    d->has_train = d->has_train || spec == &train_spec;
    d->has_tune = d->has_tune || spec == &tune_spec;
    d->has_distill = d->has_distill || spec == &distill_spec;
    return hollow_push(L);
}

static bool train_seeds(lua_State *L, Callbacks *c, const Pipeline *p, const TrainPlan *plan, Error *e)
{
    Bundle **models = NULL;
    Value *result = NULL;
    bool ok = learn_check_no_callback(plan, "train with several seeds", e) &&
              call_train_seeds(callbacks_begin(c, L, p, plan, NULL), p, plan, &models, &result, e);
    callbacks_end(L);
    if (ok)
        model_push(L, models, (size_t)plan->seeds, p, result);
    seeds_free(models, ok ? (size_t)plan->seeds : 0);
    value_free(result);
    return ok;
}

static bool train_one(lua_State *L, Callbacks *c, const Pipeline *p, const TrainPlan *plan, Error *e)
{
    Bundle *b = NULL;
    Value *result = NULL;
    bool ok = call_train(callbacks_begin(c, L, p, plan, NULL), p, plan, &b, &result, e);
    callbacks_end(L);
    if (ok)
        model_push(L, &b, 1, p, result);
    bundle_unref(b);
    value_free(result);
    return ok;
}

int learn_train(lua_State *L)
{
    const Pipeline *p = pipeline_check(L, 1)->pipeline;
    Error e = {0};
    Callbacks c = {0};
    TrainPlan *plan = learn_take_plan(L, 2, &train_spec, &e);
    if (!plan)
        return state_raise(L, &e);
    if (state_of(L)->document)
        return describe_call(L, &train_spec, plan, p);
    bool ok = learn_check_target(p, "train", &e) && (plan->seeds > 1 ? train_seeds : train_one)(L, &c, p, plan, &e);
    params_free(&train_spec, plan);
    return ok ? 1 : state_raise(L, &e);
}

/* study.trials, study.best (a trial), study.front (numbers of trials), study.model, study.plan. */
static void push_study(lua_State *L, const Value *result, const Bundle *b, const Pipeline *p)
{
    static const char *const counts[] = {"done", "failed", "repeated", "exhausted"}, *const as_they_are[] = {"trials", "front",
                                                                                                             "row_counts"};
    char *text = learn_text_study(result);
    Value *fields = value_map();
    const Value *trials = value_get(result, "trials");
    int64_t best = value_get_int(result, "best", -1);
    for (size_t i = 0; trials && i < trials->size; i++)
        if (value_get_int(trials->items[i], "n", (int64_t)i + 1) == best)
            value_set(fields, "best", value_copy(trials->items[i]));
    if (value_get(result, "best_plan"))
        value_set(fields, "plan", value_copy(value_get(result, "best_plan")));
    for (size_t i = 0; i < sizeof as_they_are / sizeof *as_they_are; i++)
        if (value_get(result, as_they_are[i]))
            value_set(fields, as_they_are[i], value_copy(value_get(result, as_they_are[i])));
    for (size_t i = 0; i < sizeof counts / sizeof *counts; i++)
        value_set(fields, counts[i], value_int(value_get_int(result, counts[i], 0)));
    result_push(L, fields, text);
    if (b) {
        Bundle *model = (Bundle *)(uintptr_t)b;
        model_push(L, &model, 1, p, b->facts);
        lua_setfield(L, -2, "model");
    }
    value_free(fields);
    mem_free(text);
}

int learn_tune(lua_State *L)
{
    const Pipeline *p = pipeline_check(L, 1)->pipeline;
    Error e = {0};
    Callbacks c = {0};
    Bundle *b = NULL;
    Value *result = NULL;
    TunePlan *plan = learn_take_plan(L, 2, &tune_spec, &e);
    if (!plan)
        return state_raise(L, &e);
    if (state_of(L)->document)
        return describe_call(L, &tune_spec, plan, p);
    bool ok = learn_check_target(p, "tune", &e) && learn_check_no_callback(&plan->base, "tune", &e) &&
              call_tune(callbacks_begin(&c, L, p, &plan->base, &plan->net_function), p, plan, &b, &result, &e);
    callbacks_end(L);
    if (ok)
        push_study(L, result, b, p);
    params_free(&tune_spec, plan);
    bundle_unref(b);
    value_free(result);
    return ok ? 1 : state_raise(L, &e);
}

static void push_distilled(lua_State *L, const Distilled *d, const Pipeline *p, double margin)
{
    char *text = text_format("%zu student%s and as many trained alone", d->seeds, d->seeds == 1 ? "" : "s");
    Value *none = value_map();
    result_push(L, d->result && d->result->type == VALUE_MAP ? d->result : none, text);
    value_free(none);
    mem_free(text);
    model_push(L, d->students, d->seeds, p, d->students[0]->facts);
    model_check(L, -1)->margin = margin;
    lua_setfield(L, -2, "student");
    model_push(L, d->alone, d->seeds, p, d->alone[0]->facts);
    lua_setfield(L, -2, "alone");
    model_push(L, &d->teacher, 1, p, d->teacher->facts);
    lua_setfield(L, -2, "teacher");
}

int learn_distill(lua_State *L)
{
    const Pipeline *p = pipeline_check(L, 1)->pipeline;
    Error e = {0};
    Callbacks c = {0};
    Distilled *d = NULL;
    lua_settop(L, 2);
    bind_take(L, 2, "teacher");
    DistillPlan *plan = learn_take_plan(L, 2, &distill_spec, &e);
    if (!plan)
        return state_raise(L, &e);
    if (state_of(L)->document)
        return describe_call(L, &distill_spec, plan, p);
    const ModelObject *teacher = model_test(L, 3);
    bool ok = teacher ? learn_check_target(p, "distill", &e)
                      : error_set(&e, ERROR_USAGE, "distill: needs teacher = a trained model, found a %s", luaL_typename(L, 3));
    ok = ok && learn_check_no_callback(&plan->base, "distill", &e) &&
         call_distill(callbacks_begin(&c, L, p, &plan->base, NULL), p, plan, teacher->bundles[0], &d, &e);
    callbacks_end(L);
    if (ok)
        push_distilled(L, d, p, plan->margin);
    params_free(&distill_spec, plan);
    if (d)
        distilled_free(d);
    return ok ? 1 : state_raise(L, &e);
}
