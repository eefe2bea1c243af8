/* model:report, the card of a model on rows, and model:with_threshold, the same model deciding otherwise. */
#include "learn/report.h"
#include "learn/threshold.h"
#include "script/bind.h"
#include "script/objects.h"
#include "script/value.h"

typedef struct ReportOptions {
    double threshold;
    TextList slices;
    bool importance;
    int64_t seed;
} ReportOptions;

static const Field report_fields[] = {
    {REAL_FIELD(ReportOptions, threshold), .doc = "of the positive class; 0: the model's own", .def = "0", .min = 0, .max = 1},
    {TEXTS_FIELD(ReportOptions, slices), .doc = "columns whose values part the rows; empty: all that can", .def = "", .unique = true},
    {FLAG_FIELD(ReportOptions, importance), .doc = "what shuffling each feature costs", .def = "false"},
    {INT_FIELD(ReportOptions, seed), .doc = "of the shuffling", .def = "0", .min = 0, .max = 9007199254740992.0},
    {0},
};
static const Spec report_spec = {.name = "report", .params = report_fields, .params_size = sizeof(ReportOptions)};

/* What `on` names goes to 3; the validation part when nothing is said: the test part is looked at by name only. */
static void take_on(lua_State *L)
{
    lua_settop(L, 2);
    if (lua_istable(L, 2)) {
        bind_take(L, 2, "on");
    } else {
        lua_pushvalue(L, 2);
        lua_pushnil(L);
        lua_replace(L, 2);
    }
    if (lua_isnil(L, 3)) {
        lua_pushstring(L, part_name(PART_VALID));
        lua_replace(L, 3);
    }
}

/* model:report { on = "valid", slices = { "contract" }, importance = true }; also model:report "test". */
int model_report(lua_State *L)
{
    ModelObject *o = model_check(L, 1);
    Error e = {0};
    JudgedRows judged = {0};
    const char *name = "";
    take_on(L);
    bool ready = sides_take(L, 2, o->bundles[0], &judged.sides, &e);
    ReportOptions *options = ready ? bind_params(L, 2, &report_spec, &e) : NULL;
    Report *r = NULL;
    if (options && model_rows(L, o, &name, &judged, &e)) {
        ReportTask task = {.model = o->bundles[0],
                           .pipeline = judged.is_given ? NULL : o->pipeline,
                           .judged = &judged,
                           .on = name,
                           .threshold = options->threshold,
                           .slices = &options->slices,
                           .importance = options->importance,
                           .seed = (uint64_t)options->seed};
        r = report_make(state_of(L)->job, &task, &e);
    }
    if (r) {
        Text text = {0};
        report_print(r->card, &text);
        result_push(L, r->card, text_get(&text));
        text_done(&text);
    }
    bool ok = r != NULL;
    report_free(r);
    params_free(&report_spec, options);
    judged_rows_done(&judged);
    return ok ? 1 : state_raise(L, &e);
}

static Bundle *decide_one(Job *job, const Bundle *b, const ThresholdPlan *plan, const JudgedRows *judged, const char *name, Error *e)
{
    BundleOutputs out = {0};
    Decision d = {0};
    bool ok = !judged->rows || bundle_outputs(job, b, judged->rows, judged->is_given ? &judged->sides : NULL, &out, e);
    ok = ok && threshold_choose(plan, &(ThresholdRows){&b->target, &out.data, out.outputs, name}, &d, e);
    Bundle *other = ok ? bundle_with_decision(b, &d) : NULL;
    decision_done(&d);
    bundle_outputs_done(&out);
    return other;
}

static int push_decided(lua_State *L, const ModelObject *o, const ThresholdPlan *plan, const JudgedRows *judged, const char *name, Error *e)
{
    Bundle **others = mem_alloc((o->count + 1) * sizeof *others);
    size_t n = 0;
    while (n < o->count && (others[n] = decide_one(state_of(L)->job, o->bundles[n], plan, judged, name, e)))
        n++;
    int pushed = n == o->count ? model_push(L, others, n, o->pipeline, o->result) : 0;
    for (size_t i = 0; i < n; i++)
        bundle_unref(others[i]);
    mem_free(others);
    return pushed;
}

/* model:with_threshold(0.3), or { costs = { Yes = { No = 5 } }, by = "cost", on = "valid" }: chosen on rows unless it is said. */
int model_with_threshold(lua_State *L)
{
    ModelObject *o = model_check(L, 1);
    Error e = {0};
    JudgedRows judged = {0};
    const char *name = "";
    if (lua_type(L, 2) == LUA_TNUMBER) {
        lua_createtable(L, 0, 1);
        lua_pushvalue(L, 2);
        lua_setfield(L, -2, "at");
        lua_replace(L, 2);
    }
    take_on(L);
    bool ready = sides_take(L, 2, o->bundles[0], &judged.sides, &e);
    ThresholdPlan *plan = ready ? bind_params(L, 2, &threshold_spec, &e) : NULL;
    bool asks_rows = plan && plan->at <= 0;
    int pushed = plan && (!asks_rows || model_rows(L, o, &name, &judged, &e)) ? push_decided(L, o, plan, &judged, name, &e) : 0;
    params_free(&threshold_spec, plan);
    judged_rows_done(&judged);
    return pushed ? pushed : state_raise(L, &e);
}
