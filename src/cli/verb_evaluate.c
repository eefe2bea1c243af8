/* limbeck evaluate: the report card of a model, on a part of its run or on rows of a file; and a threshold chosen by cost, which can be
 * saved with the model. */
#include <string.h>

#include "app/run_model.h"
#include "base/io.h"
#include "base/json.h"
#include "cli/model_input.h"
#include "cli/workbench.h"
#include "run/run_dir.h"
#include "table/reader.h"

typedef struct EvaluateParams {
    char *on, *output, *by;
    double threshold;
    TextList cost, slice, table;
    bool importance;
} EvaluateParams;

static const Field fields[] = {
    {TEXT_FIELD(EvaluateParams, on), .doc = "part of a run: valid, test (a look at it is counted) or train", .def = "valid"},
    {REAL_FIELD(EvaluateParams, threshold), .doc = "of the positive class; 0: the model's own, or chosen", .def = "0", .min = 0, .max = 1},
    {TEXTS_FIELD(EvaluateParams, cost), .doc = "TRUTH:DECISION=NUMBER; the threshold is then chosen by them", .def = ""},
    {TEXT_FIELD(EvaluateParams, by), .doc = "the threshold is chosen by cost, f1 or balanced", .def = ""},
    {TEXTS_FIELD(EvaluateParams, slice), .doc = "a column whose values part the rows; none: all that can", .def = ""},
    {FLAG_FIELD(EvaluateParams, importance), .doc = "what shuffling each feature costs", .def = "false"},
    {TEXTS_FIELD(EvaluateParams, table), .doc = "NAME=FILE: a table that the model reads beside the rows", .def = ""},
    {TEXT_FIELD(EvaluateParams, output), .doc = "where the model is saved, with its threshold", .def = ""},
    {0},
};

/* NULL with e unset: nothing is asked. */
static ThresholdPlan *threshold_asked(const EvaluateParams *p, const TargetInfo *target, Error *e)
{
    Value *map = value_map();
    Text cells = {0};
    bool ok = true;
    for (size_t i = 0; i < p->cost.count; i++)
        text_addf(&cells, "%s ", p->cost.items[i]);
    if (cells.size) {
        Value *costs = costs_from_text(target, text_get(&cells), e);
        ok = costs != NULL;
        if (costs)
            value_set(map, "costs", costs);
    }
    if (p->by && *p->by)
        value_set(map, "by", value_text(p->by));
    if (p->threshold > 0)
        value_set(map, "at", value_real(p->threshold));
    ThresholdPlan *plan = ok && map->size ? threshold_plan_from_value(map, e) : NULL;
    text_done(&cells);
    value_free(map);
    return plan;
}

static Report *report_of_run(const CliCall *call, const char *run, Error *e)
{
    const EvaluateParams *p = call->params;
    RunModel m = {0};
    JudgedRows judged = {0};
    Part part;
    Report *r = NULL;
    TextList scripts = cli_script_options(call->options);
    RunModelTask task = {run, &cli_host, &scripts};
    bool ok = judged_part_of_name(p->on, &part, e) && run_model_open(call->job, &task, &m, e);
    ThresholdPlan *plan = ok ? threshold_asked(p, &m.model->target, e) : NULL;
    ok = ok && e->code == ERROR_NONE && (!plan || run_model_decide(call->job, &m, plan, e)) &&
         run_model_judge(call->job, &m, part, "runs", &judged, e);
    if (ok) {
        ReportTask report = {.model = m.model,
                             .pipeline = m.document->pipeline,
                             .judged = &judged,
                             .on = p->on,
                             .slices = &p->slice,
                             .importance = p->importance};
        r = report_make(call->job, &report, e);
    }
    params_free(&threshold_spec, plan);
    judged_rows_done(&judged);
    run_model_done(&m);
    text_list_done(&scripts);
    return r;
}

/* The decision is chosen on the very rows that are given: who names costs for a file asks for that. */
static bool decide_on(const CliCall *call, Bundle **model, const JudgedRows *judged, const char *on, Error *e)
{
    ThresholdPlan *plan = threshold_asked(call->params, &(*model)->target, e);
    BundleOutputs out = {0};
    Decision d = {0};
    bool ok = e->code == ERROR_NONE;
    if (plan)
        ok = bundle_outputs(call->job, *model, judged->rows, &judged->sides, &out, e) &&
             threshold_choose(plan, &(ThresholdRows){&(*model)->target, &out.data, out.outputs, on}, &d, e);
    if (ok && plan) {
        Bundle *other = bundle_with_decision(*model, &d);
        bundle_unref(*model);
        *model = other;
    }
    params_free(&threshold_spec, plan);
    decision_done(&d);
    bundle_outputs_done(&out);
    return ok;
}

static Report *report_of_file(const CliCall *call, Error *e)
{
    const EvaluateParams *p = call->params;
    const char *path = call->words->items[0], *input = call->words->count > 1 ? call->words->items[1] : "-";
    Bundle *b = cli_open_model(path, e);
    JudgedRows judged = {0};
    Value *options = b ? bundle_read_options(b) : NULL;
    Table *rows = b && cli_read_tables(call->job, b, &p->table, &judged.sides, e) ? table_read(call->job, input, options, e) : NULL;
    JudgedTask task = {(const Bundle *const *)&b, 1, "runs", "report"};
    const char *on = text_equal(input, "-") ? "standard input" : io_base_name(input);
    Report *r = NULL;
    if (rows && judged_rows_of_table(call->job, &task, rows, &judged, e) && decide_on(call, &b, &judged, on, e)) {
        ReportTask report = {.model = b, .judged = &judged, .on = on, .slices = &p->slice, .importance = p->importance};
        r = report_make(call->job, &report, e);
    }
    judged_rows_done(&judged);
    value_free(options);
    table_unref(rows);
    bundle_unref(b);
    return r;
}

static void print(const CliCall *call, const Report *r)
{
    Text out = {0};
    if (call->options->json)
        json_write(r->card, JSON_PRETTY, &out);
    else
        report_print(r->card, &out);
    text_add_char(&out, '\n');
    io_print(1, text_get(&out));
    text_done(&out);
}

static bool save(const Report *r, const char *path, Error *e)
{
    Value *proof = report_proof(r);
    Bundle *leaves = report_model(r, proof, 0, NULL);
    bool ok = bundle_save(leaves, path, e);
    bundle_unref(leaves);
    value_free(proof);
    return ok;
}

static int run(const CliCall *call, Error *e)
{
    const EvaluateParams *p = call->params;
    size_t words = call->words->count;
    if (words < 1 || words > 2) {
        error_set(e, ERROR_USAGE,
                  "evaluate needs a run, or a model and its rows: limbeck evaluate runs/NAME; limbeck evaluate MODEL rows.csv");
        return 2;
    }
    bool is_run = words == 1 && run_is_directory(call->words->items[0]);
    Report *r = is_run ? report_of_run(call, call->words->items[0], e) : report_of_file(call, e);
    bool ok = r && (!p->output || !*p->output || save(r, p->output, e));
    if (ok)
        print(call, r);
    report_free(r);
    return ok ? 0 : error_exit_code(e);
}

const Verb verb_evaluate = {
    .spec = {.name = "evaluate",
             .doc = "the report card of a model on a part of its run, or on rows",
             .group = "models",
             .params = fields,
             .params_size = sizeof(EvaluateParams)},
    .usage = "RUN [--on PART] | MODEL [ROWS]  [--cost T:D=N]... [--by WAY] [--slice COLUMN]... [-o MODEL] [--json]",
    .run = run,
};
