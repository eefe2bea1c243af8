/* model:eval: figures of a model on a part or a table, on rows that it was not trained on; of several seeds their mean and spread. */
#include "learn/baselines.h"
#include "learn/bundle.h"
#include "learn/certificate.h"
#include "learn/horizon.h"
#include "learn/judged_rows.h"
#include "learn/reconstruction.h"
#include "learn/seeds.h"
#include "script/bind.h"
#include "script/learn_text.h"
#include "script/objects.h"

/* The rows of a part of the model's pipeline, which is prepared when that was not done before. */
static bool rows_of_part(lua_State *L, ModelObject *o, const char *name, JudgedRows *out, Error *e)
{
    Part part = PART_TEST;
    if (!judged_part_of_name(name, &part, e))
        return false;
    if (!o->pipeline)
        return error_set(e, ERROR_USAGE, "a loaded model has no parts; give it rows: on = lb.read(\"file.csv\")");
    JudgedTask task = {(const Bundle *const *)o->bundles, o->count, script_runs, "eval"};
    return (o->prepared || pipeline_prepared(state_of(L), o->pipeline, &o->prepared, e)) &&
           judged_rows_of_part(&task, o->pipeline, o->prepared, part, out, e);
}

static bool rows_of_table(lua_State *L, const ModelObject *o, const Table *given, JudgedRows *out, Error *e)
{
    JudgedTask task = {(const Bundle *const *)o->bundles, o->count, script_runs, "eval"};
    return judged_rows_of_table(state_of(L)->job, &task, given, out, e);
}

typedef struct EvaluateOptions {
    double threshold;
    char *anomaly;
    int baselines;
    TextList metrics;
} EvaluateOptions;

static Value *evaluate_one(Job *job, const Bundle *b, const JudgedRows *judged, const EvaluateOptions *o, Error *e)
{
    BundleOutputs out;
    if (!figures_check(&o->metrics, target_classes(&b->target), e) ||
        !bundle_outputs(job, b, judged->rows, judged->is_given ? &judged->sides : NULL, &out, e))
        return NULL;
    bool labelled = !o->anomaly || !*o->anomaly || reconstruction_label(&b->target, judged->rows, o->anomaly, &out.data, e);
    double threshold = o->threshold > 0 ? o->threshold : b->threshold;
    TargetInfo asked = b->target;
    asked.also = &o->metrics;
    Value *metrics = labelled ? metrics_of(&asked, &out.data, out.outputs, threshold, e) : NULL;
    if (metrics && b->target.is_classes)
        value_set(metrics, "confusion", confusion_of(&b->target, &out.data, out.outputs, threshold));
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

/* Of several seeds: the mean of each figure, and what each seed gives. */
static Value *evaluate(Job *job, const ModelObject *o, const JudgedRows *judged, const EvaluateOptions *options, Error *e)
{
    if (o->count == 1)
        return evaluate_one(job, o->bundles[0], judged, options, e);
    Value *each = value_list(), *mean = NULL;
    for (size_t i = 0; i < o->count; i++) {
        Value *one = evaluate_one(job, o->bundles[i], judged, options, e);
        if (!one)
            break;
        value_add(each, one);
    }
    if (each->size == o->count) {
        mean = value_map();
        value_set(mean, "rows", value_copy(value_get(each->items[0], "rows")));
        seeds_add(mean, each);
    }
    value_free(each);
    return mean;
}

static bool add_baselines(lua_State *L, ModelObject *o, const JudgedRows *judged, const char *name, Value *metrics, Error *e)
{
    BundleOutputs out;
    if (!o->pipeline)
        return error_set(e, ERROR_USAGE, "eval: baselines are trained on the rows of a pipeline, and this model was loaded from a file");
    if (!o->prepared && !pipeline_prepared(state_of(L), o->pipeline, &o->prepared, e))
        return false;
    Job *job = state_of(L)->job;
    if (!bundle_outputs(job, o->bundles[0], judged->rows, judged->is_given ? &judged->sides : NULL, &out, e))
        return false;
    BaselinesTask task = {.data = o->prepared,
                          .nets = o->bundles,
                          .count = o->count,
                          .judged = &out.data,
                          .raw = judged->rows,
                          .on = name,
                          .seed = (uint64_t)value_get_int(o->bundles[0]->facts, "seed", 0),
                          .threads = job && job->threads > 0 ? job->threads : 1};
    Value *contest = baselines_judge(job, &task, e);
    if (contest)
        value_set(metrics, "baselines", contest);
    bundle_outputs_done(&out);
    return contest != NULL;
}

static void push_evaluation(lua_State *L, const char *name, const JudgedRows *judged, Value *metrics)
{
    Text text = {0};
    int64_t rows = value_get_int(metrics, "rows", 0), dropped = (int64_t)judged->rows->rows - rows;
    text_addf(&text, "%s, %lld row%s:", name, (long long)rows, rows == 1 ? "" : "s");
    learn_text_metrics(metrics, "", &text);
    horizon_print(&model_check(L, 1)->bundles[0]->target, metrics, &text);
    learn_text_seeds(metrics, "", &text);
    baselines_print(value_get(metrics, "baselines"), &text);
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

static const Field evaluate_fields[] = {
    {REAL_FIELD(EvaluateOptions, threshold), .doc = "of the positive class; 0: the model's own", .def = "0", .min = 0, .max = 1},
    {EXPRESSION_FIELD(EvaluateOptions, anomaly), .doc = "target = \"input\": condition of the rows to be told", .def = ""},
    {CHOICE_FIELD(EvaluateOptions, baselines), .doc = "auto: simple models beside it, on the same rows", .def = "none",
     .choices = baseline_choices},
    {TEXTS_FIELD(EvaluateOptions, metrics), .doc = "metrics with settings besides: \"f_beta(beta=2)\"", .def = "", .unique = true},
    {0},
};

static const Spec evaluate_spec = {.name = "eval", .params = evaluate_fields, .params_size = sizeof(EvaluateOptions)};

bool model_rows(lua_State *L, ModelObject *o, const char **name, JudgedRows *out, Error *e)
{
    TableObject *given = luaL_testudata(L, 3, "limbeck.table");
    if (!given && !lua_isnil(L, 3) && lua_type(L, 3) != LUA_TSTRING)
        return error_set(e, ERROR_USAGE, "on must be a table or the name of a part, found a %s", luaL_typename(L, 3));
    *name = given ? "given table" : lua_isnil(L, 3) ? "test" : lua_tostring(L, 3);
    return given ? rows_of_table(L, o, given->table, out, e) : rows_of_part(L, o, *name, out, e);
}

/* model:eval { on = "test", threshold = 0.3 }, on = a table with the target in it; also model:eval "valid". */
int model_evaluate(lua_State *L)
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
    JudgedRows judged = {0};
    bool ready = sides_take(L, 2, o->bundles[0], &judged.sides, &e);
    EvaluateOptions *options = ready ? bind_params(L, 2, &evaluate_spec, &e) : NULL;
    Value *metrics = options && model_rows(L, o, &name, &judged, &e) ? evaluate(state_of(L)->job, o, &judged, options, &e) : NULL;
    if (metrics && options->baselines && !add_baselines(L, o, &judged, name, metrics, &e)) {
        value_free(metrics);
        metrics = NULL;
    }
    if (metrics)
        push_evaluation(L, name, &judged, metrics);
    params_free(&evaluate_spec, options);
    judged_rows_done(&judged);
    value_free(metrics);
    return metrics ? 1 : state_raise(L, &e);
}
