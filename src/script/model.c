/* Trained models in Lua: figures, evaluation, prediction, saving, comparison. */
#include <string.h>

#include "learn/baselines.h"
#include "learn/bundle.h"

#include "base/number.h"
#include "script/learn_text.h"
#include "script/bind.h"
#include "script/objects.h"
#include "script/value.h"
#include "table/reader.h"

const char script_runs[] = "runs";

int model_push(lua_State *L, Bundle *const *bundles, size_t count, const Pipeline *p, const Value *result)
{
    ModelObject *o = lua_newuserdatauv(L, sizeof *o, 0);
    *o = (ModelObject){.bundles = mem_alloc(count * sizeof *o->bundles), .count = count, .margin = -1};
    for (size_t i = 0; i < count; i++)
        o->bundles[i] = bundle_ref(bundles[i]);
    o->pipeline = p ? pipeline_ref(p) : NULL;
    o->result = result ? value_copy(result) : NULL;
    luaL_setmetatable(L, "limbeck.model");
    return 1;
}

ModelObject *model_test(lua_State *L, int index)
{
    return luaL_testudata(L, index, "limbeck.model");
}

ModelObject *model_check(lua_State *L, int index)
{
    return luaL_checkudata(L, index, "limbeck.model");
}

static int model_collect(lua_State *L)
{
    ModelObject *o = model_check(L, 1);
    for (size_t i = 0; i < o->count; i++)
        bundle_unref(o->bundles[i]);
    mem_free(o->bundles);
    pipeline_unref(o->pipeline);
    prepared_free(o->prepared);
    value_free(o->result);
    *o = (ModelObject){0};
    return 0;
}

int model_load_lua(lua_State *L)
{
    Error e = {0};
    const char *path = luaL_checkstring(L, 1);
    Bundle *b = access_may(state_of(L), path, ACCESS_READ, &e) ? bundle_load(path, &e) : NULL;
    if (!b)
        return state_raise(L, &e);
    model_push(L, &b, 1, NULL, b->facts);
    bundle_unref(b);
    return 1;
}

typedef struct PredictOptions {
    double threshold;
    bool last;
} PredictOptions;

static const Field predict_fields[] = {
    {REAL_FIELD(PredictOptions, threshold), .doc = "of the positive class; 0: the model's own", .def = "0", .min = 0, .max = 1},
    {FLAG_FIELD(PredictOptions, last), .doc = "only the newest row of each series; the others are its past", .def = "false"},
    {0},
};
static const Spec predict_spec = {.name = "predict", .params = predict_fields, .params_size = sizeof(PredictOptions)};

static int model_save(lua_State *L)
{
    ModelObject *o = model_check(L, 1);
    Error e = {0};
    const char *path = luaL_checkstring(L, 2);
    if (!access_may(state_of(L), path, ACCESS_WRITE, &e) || !bundle_save(o->bundles[0], path, &e))
        return state_raise(L, &e);
    lua_settop(L, 1);
    return 1;
}

/* A table, or the name of a file, which is read as the model's own rows were: words that look like numbers stay words. */
static Table *rows_to_predict(lua_State *L, const Bundle *b, Error *e)
{
    if (lua_type(L, 2) != LUA_TSTRING)
        return table_ref(table_check(L, 2)->table);
    Value *options = bundle_read_options(b);
    Table *t = table_read(state_of(L)->job, lua_tostring(L, 2), options, e);
    value_free(options);
    return t;
}

static Table *predict_at(Job *job, Bundle *b, double threshold, const PredictTask *task, Error *e)
{
    double own = b->threshold;
    b->threshold = threshold > 0 ? threshold : own;
    Table *t = bundle_predict(job, b, task, e);
    b->threshold = own;
    return t;
}

static int model_predict(lua_State *L)
{
    ModelObject *o = model_check(L, 1);
    Error e = {0};
    SideTables sides = {0};
    lua_settop(L, 3);
    bool ready = sides_take(L, 3, o->bundles[0], &sides, &e);
    PredictOptions *options = ready ? bind_params(L, 3, &predict_spec, &e) : NULL;
    Table *rows = options ? rows_to_predict(L, o->bundles[0], &e) : NULL;
    PredictTask task = {.rows = rows, .sides = &sides, .last = options && options->last};
    Table *t = rows ? predict_at(state_of(L)->job, o->bundles[0], options->threshold, &task, &e) : NULL;
    params_free(&predict_spec, options);
    table_unref(rows);
    side_tables_done(&sides);
    return t ? table_push(L, t, NULL) : state_raise(L, &e);
}

static int model_hash(lua_State *L)
{
    char hex[HASH_ROOM];
    bundle_hash(model_check(L, 1)->bundles[0], hex);
    lua_pushstring(L, hex);
    return 1;
}

static void add_part_metrics(const Value *result, const char *part, Text *out)
{
    char *prefix = text_format("%s.", part);
    const Value *nested = value_get(result, part);
    bool has = nested != NULL;
    for (size_t i = 0; i < result->size; i++)
        has = has || text_starts(result->keys[i], prefix);
    if (has) {
        text_addf(out, "\n  %-5s", part);
        learn_text_metrics(nested ? nested : result, nested ? "" : prefix, out);
    }
    mem_free(prefix);
}

/* What has to be given beside rows to predict. */
static void add_tables(const Bundle *b, Text *out)
{
    SideNeeds needs = {0};
    bundle_side_needs(b, &needs);
    char *text = side_needs_text(&needs);
    if (text)
        text_addf(out, "\n  tables  %s", text);
    mem_free(text);
    side_needs_done(&needs);
}

static int model_text(lua_State *L)
{
    const ModelObject *o = model_check(L, 1);
    const Model *m = o->bundles[0]->model;
    Text out = {0};
    char number[NUMBER_ROOM];
    char *net = net_summary(model_layers(m), model_input(m), model_outputs(m));
    text_addf(&out, "net %s, %s parameters", net, number_format_count(model_params(m), number));
    if (o->count > 1)
        text_addf(&out, ", %zu seeds", o->count);
    if (o->result && value_get(o->result, "epochs"))
        text_addf(&out, ", %s%lld epochs, best %lld",
                  text_equal(value_get_text(o->result, "status", "done"), "done") ? "" : "stopped after ",
                  (long long)value_get_int(o->result, "epochs", 0), (long long)value_get_int(o->result, "best_epoch", 0));
    const char *why = value_get_text(o->result, "why", "");
    if (*why && !text_starts(why, "all "))
        text_addf(&out, " (%s)", why);
    if (o->result) {
        add_part_metrics(o->result, "train", &out);
        add_part_metrics(o->result, "valid", &out);
        learn_text_seeds(o->result, "valid.", &out);
        baselines_print(value_get(o->result, "baselines"), &out);
    }
    if (o->result && value_get(o->result, "row_counts")) {
        text_add(&out, "\n  rows  ");
        rows_report_print(value_get(o->result, "row_counts"), &out);
    }
    add_tables(o->bundles[0], &out);
    if (!bundle_has_facts_hash(o->bundles[0]))
        text_add(&out, "\n  saved before figures had a hash: nothing shows that these are those of its training");
    lua_pushstring(L, text_get(&out));
    text_done(&out);
    mem_free(net);
    return 1;
}

/* model.valid.auc, model.epochs, model.params: figures of the training. */
static int model_index(lua_State *L)
{
    const ModelObject *o = model_check(L, 1);
    const char *name = luaL_checkstring(L, 2);
    if (object_method(L, "model", name))
        return 1;
    if (text_equal(name, "params")) {
        lua_pushinteger(L, (lua_Integer)model_params(o->bundles[0]->model));
        return 1;
    }
    if (text_equal(name, "path")) {
        lua_pushstring(L, o->bundles[0]->path);
        return 1;
    }
    if (!o->result)
        return object_unknown(L, "model", name);
    result_push(L, o->result, "figures of a training");
    if (text_equal(name, "metrics"))
        return 1;
    lua_getfield(L, -1, name);
    return 1;
}

void model_open(lua_State *L)
{
    static const ScriptMethod methods[] = {
        {"eval", model_evaluate, "a", NULL},
        {"report", model_report, "a", NULL},
        {"with_threshold", model_with_threshold, "a", NULL},
        {"save", model_save, "s", NULL},
        {"predict", model_predict, "at", NULL},
        {"hash", model_hash, "", NULL},
        {0},
    };
    static const luaL_Reg events[] = {{"__gc", model_collect}, {"__tostring", model_text}, {NULL, NULL}};
    object_define(L, "model", methods, events, model_index);
}
