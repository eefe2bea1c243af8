/* Trained models in Lua: figures, evaluation, prediction, saving, comparison. */
#include <string.h>

#include "learn/bundle.h"
#include "learn/certificate.h"
#include "learn/horizon.h"
#include "learn/looks.h"
#include "learn/reconstruction.h"

#include "base/io.h"
#include "base/json.h"
#include "base/number.h"
#include "script/learn_text.h"
#include "script/bind.h"
#include "script/objects.h"
#include "script/value.h"
#include "table/reader.h"

static const char *const runs_directory = "runs";

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

bool part_of_name(const char *name, Part *part, Error *e)
{
    for (int i = 0; i < PART_COUNT; i++)
        if (text_equal(part_name((Part)i), name)) {
            *part = (Part)i;
            return true;
        }
    return error_set(e, ERROR_USAGE, "there is no part \"%s\"; on = \"train\", \"valid\" or \"test\"", name);
}

/* Rows to be judged: those of a part or of a given table that the model was not trained on. */
typedef struct Judged {
    Table *rows;
    const Table *history; /* borrowed: the rows among all others of the pipeline; NULL: they are all there are */
    size_t given;         /* rows before those it was trained on were left out */
    SeenReport seen;
    Value *certificate; /* of a figure of the test part */
    Value *counts;      /* of the rows of a given table; NULL: a part */
    bool is_given;      /* a table, beside which stand: */
    SideTables sides;
} Judged;

/* The training part is judged whole: who asks for it by name knows what it is. */
static bool rows_of_part(lua_State *L, ModelObject *o, const char *name, Judged *out, Error *e)
{
    Part part = PART_TEST;
    char test[HASH_ROOM];
    if (!part_of_name(name, &part, e))
        return false;
    if (!o->pipeline)
        return error_set(e, ERROR_USAGE, "eval: a loaded model has no parts; give it rows: eval { on = lb.read(\"file.csv\") }");
    if (!o->prepared && !pipeline_prepared(state_of(L), o->pipeline, &o->prepared, e))
        return false;
    Table *const *raw = o->prepared->raw;
    out->history = o->prepared->structural;
    SeenTask task = {part, runs_directory, (const Bundle *const *)o->bundles, 1};
    out->given = raw[part]->rows;
    out->rows = part == PART_TRAIN ? table_ref(raw[part]) : seen_filter_part(o->pipeline, raw, &task, &out->seen, e);
    if (!out->rows || part != PART_TEST)
        return out->rows != NULL;
    if (!seen_part_digest(o->pipeline, raw[part], test, e))
        return false;
    int64_t looks = looks_add(&(Look){.runs = runs_directory, .test = test, .by = "eval"}, raw[part]->rows);
    out->certificate =
        certificate_make(&(CertificateTask){o->pipeline, &o->prepared->split, raw, &out->seen, looks, &o->prepared->rows}, e);
    return out->certificate != NULL;
}

static bool rows_of_table(lua_State *L, const ModelObject *o, const Table *given, Judged *out, Error *e)
{
    const Bundle *b = o->bundles[0];
    Job *job = state_of(L)->job;
    Table *part = bundle_judgeable(job, b, given, &out->sides, &out->counts, e);
    out->is_given = true;
    out->sides.labelled = true;
    SeenQuery q = {.source = given, .part = part, .runs = runs_directory};
    out->given = part ? part->rows : 0;
    out->rows = part ? seen_filter(&q, &b, 1, &out->seen, e) : NULL;
    table_unref(part);
    return out->rows;
}

typedef struct EvaluateOptions {
    double threshold;
    char *anomaly;
} EvaluateOptions;

static Value *evaluate(Job *job, const Bundle *b, const Judged *judged, const EvaluateOptions *o, Error *e)
{
    BundleOutputs out;
    if (!bundle_outputs(job, b, judged->rows, judged->is_given ? &judged->sides : NULL, &out, e))
        return NULL;
    bool labelled = !o->anomaly || !*o->anomaly || reconstruction_label(&b->target, judged->rows, o->anomaly, &out.data, e);
    Value *metrics = labelled ? metrics_of(&b->target, &out.data, out.outputs, o->threshold > 0 ? o->threshold : b->threshold, e) : NULL;
    Roles roles = bundle_roles(b);
    HorizonTask task = {&b->target, &out.data, out.outputs, judged->history ? judged->history : judged->rows, b->before, &roles};
    bool ok = metrics && horizon_add(job, &task, metrics, e);
    if (ok)
        value_set(metrics, "rows", value_int((int64_t)out.data.rows));
    bundle_outputs_done(&out);
    if (ok)
        return metrics;
    value_free(metrics);
    return NULL;
}

static void push_evaluation(lua_State *L, const char *name, const Judged *judged, Value *metrics)
{
    Text text = {0};
    int64_t rows = value_get_int(metrics, "rows", 0), dropped = (int64_t)judged->rows->rows - rows;
    text_addf(&text, "%s, %lld row%s:", name, (long long)rows, rows == 1 ? "" : "s");
    learn_text_metrics(metrics, &text);
    horizon_print(&model_check(L, 1)->bundles[0]->target, metrics, &text);
    if (judged->seen.rows || judged->seen.units || judged->seen.unknown) {
        text_add(&text, "; ");
        seen_print(&judged->seen, judged->given, &text);
    }
    if (dropped)
        text_addf(&text, "; %lld of %zu rows dropped by steps behind the split", (long long)dropped, judged->rows->rows);
    if (judged->counts) {
        bool all = !value_get_int(judged->counts, "unread", 0) && !value_get(judged->counts, "left_out")->size;
        text_add(&text, all ? "" : "\nrows: ");
        if (!all)
            rows_report_print(judged->counts, &text);
        value_set(metrics, "row_counts", value_copy(judged->counts));
    }
    if (judged->certificate) {
        text_add_char(&text, '\n');
        certificate_line(judged->certificate, &text);
        value_set(metrics, "certificate", value_copy(judged->certificate));
        value_set(metrics, "test_consulted", value_copy(value_get(judged->certificate, "test_consulted")));
    }
    value_set(metrics, "seen_rows", value_int((int64_t)(judged->seen.rows + judged->seen.units)));
    result_push(L, metrics, text_get(&text));
    text_done(&text);
}

typedef struct PredictOptions {
    double threshold;
    bool last;
} PredictOptions;

static const Field evaluate_fields[] = {
    {REAL_FIELD(EvaluateOptions, threshold), .doc = "of the positive class; 0: the model's own", .def = "0", .min = 0, .max = 1},
    {EXPRESSION_FIELD(EvaluateOptions, anomaly), .doc = "target = \"input\": condition of the rows to be told", .def = ""},
    {0},
};

static const Field predict_fields[] = {
    {REAL_FIELD(PredictOptions, threshold), .doc = "of the positive class; 0: the model's own", .def = "0", .min = 0, .max = 1},
    {FLAG_FIELD(PredictOptions, last), .doc = "only the newest row of each series; the others are its past", .def = "false"},
    {0},
};
static const Spec predict_spec = {.name = "predict", .params = predict_fields, .params_size = sizeof(PredictOptions)};
static const Spec evaluate_spec = {.name = "eval", .params = evaluate_fields, .params_size = sizeof(EvaluateOptions)};

/* What `on` names, on the stack at 3: a table, a part, or by default the test part. false: something else. */
static bool take_rows(lua_State *L, ModelObject *o, const char **name, Judged *out, Error *e)
{
    TableObject *given = luaL_testudata(L, 3, "limbeck.table");
    if (!given && !lua_isnil(L, 3) && lua_type(L, 3) != LUA_TSTRING)
        return error_set(e, ERROR_USAGE, "eval: on must be a table or the name of a part, found a %s", luaL_typename(L, 3));
    *name = given ? "given table" : lua_isnil(L, 3) ? "test" : lua_tostring(L, 3);
    return given ? rows_of_table(L, o, given->table, out, e) : rows_of_part(L, o, *name, out, e);
}

/* model:eval { on = "test", threshold = 0.3 }, on = a table with the target in it; also model:eval "valid". */
static int model_evaluate(lua_State *L)
{
    ModelObject *o = model_check(L, 1);
    Error e = {0};
    lua_settop(L, 2);
    if (lua_istable(L, 2)) {
        bind_take(L, 2, "on");
    } else {
        lua_pushvalue(L, 2);
        lua_pushnil(L);
        lua_replace(L, 2);
    }
    const char *name = "test";
    Judged judged = {0};
    bool ready = sides_take(L, 2, o->bundles[0], &judged.sides, &e);
    EvaluateOptions *options = ready ? bind_params(L, 2, &evaluate_spec, &e) : NULL;
    Value *metrics =
        options && take_rows(L, o, &name, &judged, &e) ? evaluate(state_of(L)->job, o->bundles[0], &judged, options, &e) : NULL;
    if (metrics)
        push_evaluation(L, name, &judged, metrics);
    params_free(&evaluate_spec, options);
    table_unref(judged.rows);
    side_tables_done(&judged.sides);
    value_free(judged.certificate);
    value_free(judged.counts);
    value_free(metrics);
    return metrics ? 1 : state_raise(L, &e);
}

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
    Value *metrics = value_map();
    char *prefix = text_format("%s.", part);
    size_t size = 0;
    while (prefix[size])
        size++;
    const Value *nested = value_get(result, part);
    for (size_t i = 0; result && i < result->size; i++)
        if (text_starts(result->keys[i], prefix))
            value_set(metrics, result->keys[i] + size, value_copy(result->items[i]));
    if (nested || metrics->size) {
        text_addf(out, "\n  %-5s", part);
        learn_text_metrics(nested ? nested : metrics, out);
    }
    mem_free(prefix);
    value_free(metrics);
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

typedef struct Compared { /* one side of a comparison */
    ModelObject *model;
    bool given;
} Compared;

static Compared take_side(lua_State *L, const char *name, Error *e)
{
    bind_take(L, 1, name);
    Compared side = {model_test(L, -1), !lua_isnil(L, -1)};
    if (side.given && !side.model)
        error_set(e, ERROR_USAGE, "compare: %s must be a model, found a %s", name, luaL_typename(L, -1));
    return side;
}

/* The students' own margin, from their distillation, unless the call gives one. */
static ComparePlan *compare_plan(lua_State *L, const Compared *student, Error *e)
{
    Value *map = bind_options(L, 1, compare_spec.name, compare_spec.params, e);
    if (map && !value_get(map, "margin") && student->model->margin >= 0)
        value_set(map, "margin", value_real(student->model->margin));
    ComparePlan *plan = map ? params_from_value(&compare_spec, map, e) : NULL;
    value_free(map);
    return plan;
}

static Value *compare(lua_State *L, const Compared *teacher, const Compared *student, const Compared *alone, Error *e)
{
    ComparePlan *plan = compare_plan(L, student, e);
    const Pipeline *p = student->model->pipeline ? student->model->pipeline : teacher->model ? teacher->model->pipeline : NULL;
    bool ok = plan && (p || error_set(e, ERROR_USAGE, "compare: the models were loaded from files; `limbeck compare` compares those"));
    size_t seeds = student->model->count;
    if (alone->model && alone->model->count < seeds)
        seeds = alone->model->count;
    CompareTask task = {.pipeline = p,
                        .teacher = teacher->model ? teacher->model->bundles[0] : NULL,
                        .students = student->model->bundles,
                        .alone = alone->model ? alone->model->bundles : NULL,
                        .seeds = seeds,
                        .part = ok ? (Part)plan->on : PART_TEST,
                        .margin = ok ? plan->margin : 0,
                        .runs = runs_directory};
    Value *result = ok ? compare_bundles(state_of(L)->job, &task, e) : NULL;
    params_free(&compare_spec, plan);
    return result;
}

/* In a worker the newest comparison is a file of the run, for viewers. */
static bool keep_comparison(lua_State *L, const Value *v, Error *e)
{
    const Journal *journal = state_of(L)->run.journal;
    if (!journal)
        return true;
    char *path = io_join(journal->path, "compare.json"), *json = json_format(v, JSON_PRETTY);
    bool ok = io_replace(path, json, strlen(json), e);
    mem_free(path);
    mem_free(json);
    return ok;
}

int model_compare_lua(lua_State *L)
{
    Error e = {0};
    lua_settop(L, 1);
    luaL_checktype(L, 1, LUA_TTABLE);
    if (state_of(L)->document)
        return hollow_push(L);
    Compared teacher = take_side(L, "teacher", &e), student = take_side(L, "student", &e), alone = take_side(L, "alone", &e);
    if (!e.code && !student.model)
        error_set(&e, ERROR_USAGE, "compare: needs student = a model");
    Value *v = e.code ? NULL : compare(L, &teacher, &student, &alone, &e);
    if (!v)
        return state_raise(L, &e);
    Text text = {0};
    compare_print(v, &text);
    while (text.size && text.bytes[text.size - 1] == '\n')
        text.bytes[--text.size] = 0;
    char *verdict = compare_verdict(v);
    if (!value_get(v, "verdict"))
        value_set(v, "verdict", value_text(verdict));
    bool kept = keep_comparison(L, v, &e);
    if (kept)
        result_push(L, v, text_get(&text));
    mem_free(verdict);
    text_done(&text);
    value_free(v);
    return kept ? 1 : state_raise(L, &e);
}

void model_open(lua_State *L)
{
    static const ScriptMethod methods[] = {
        {"eval", model_evaluate, "a", NULL},
        {"save", model_save, "s", NULL},
        {"predict", model_predict, "at", NULL},
        {"hash", model_hash, "", NULL},
        {0},
    };
    static const luaL_Reg events[] = {{"__gc", model_collect}, {"__tostring", model_text}, {NULL, NULL}};
    object_define(L, "model", methods, events, model_index);
}
