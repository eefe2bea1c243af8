/* Commands of the Report view: from a run to its card, from a place of the card to its rows, the threshold, and the model as a file. */
#include <math.h>
#include <string.h>

#include "base/number.h"
#include "views/commands.h"
#include "views/data.h"
#include "views/report.h"

static ReportState *state_of(Workbench *w)
{
    return VIEW_STATE(ReportState, w, VIEW_REPORT);
}

static bool need_report(const Workbench *w, Text *why)
{
    if (app_report(w->app))
        return true;
    text_add(why, *app_report_problem(w->app) ? "the model could not be judged" : "no report yet; 0 judges the model of the watched run");
    return false;
}

static bool need_two(const Workbench *w, Text *why)
{
    if (!need_report(w, why))
        return false;
    if (report_is_two(app_report(w->app)) && app_report_part(w->app) == PART_VALID)
        return true;
    text_add(why, report_is_two(app_report(w->app)) ? "a threshold is chosen on valid, never on test; v goes back to it"
                                                    : "a threshold is of two classes");
    return false;
}

static bool need_classes(const Workbench *w, Text *why)
{
    if (!need_report(w, why))
        return false;
    if (!report_is_numbers(app_report(w->app)))
        return true;
    text_add(why, "costs are of classes, and this model gives numbers");
    return false;
}

static bool has_left_model(const Workbench *w, Text *why)
{
    const Tail *run = app_run(w->app);
    if (run && run->end)
        return true;
    text_add(why, run ? "the run is going on; its model is judged when it has ended" : "no run is watched; t trains");
    return false;
}

static bool judge(Workbench *w, Part part, const ThresholdPlan *plan, Error *e)
{
    if (!app_judge(w->app, part, plan, e))
        return false;
    app_say(w->app, false, "judging on %s ...   Esc gives it up", part_name(part));
    return true;
}

bool report_open(Workbench *w, Error *e)
{
    const Tail *run = app_run(w->app);
    bool known = app_report(w->app) && run && text_equal(app_report_run(w->app), run->path);
    workbench_show(w, VIEW_REPORT);
    Text why = {0};
    bool can = has_left_model(w, &why);
    text_done(&why);
    return known || !can || judge(w, PART_VALID, NULL, e);
}

static bool run_report(Workbench *w, const char *argument, Error *e)
{
    (void)argument;
    return report_open(w, e);
}

static bool run_valid(Workbench *w, const char *argument, Error *e)
{
    (void)argument;
    return judge(w, PART_VALID, NULL, e);
}

static bool test_answer(Workbench *w, const char *text, Error *e)
{
    return *text != 'y' || judge(w, PART_TEST, NULL, e);
}

static bool run_test(Workbench *w, const char *argument, Error *e)
{
    if (argument)
        return test_answer(w, argument, e);
    popup_ask(w, "Judge on the test part? The look is counted: y looks, n stays", "y", test_answer);
    return true;
}

static bool run_lower(Workbench *w, const char *argument, Error *e)
{
    (void)argument, (void)e;
    double at = round(state_of(w)->threshold * 100 - 1) / 100;
    report_set_threshold(w, at < 0.01 ? 0.01 : at, true);
    return true;
}

static bool run_higher(Workbench *w, const char *argument, Error *e)
{
    (void)argument, (void)e;
    double at = round(state_of(w)->threshold * 100 + 1) / 100;
    report_set_threshold(w, at > 1 ? 1 : at, true);
    return true;
}

/* Round the thresholds that would be best on the validation rows, and back to the model's own. */
static bool run_best(Workbench *w, const char *argument, Error *e)
{
    (void)argument, (void)e;
    const Report *r = app_report(w->app);
    const Value *best = value_get(r->card, "best");
    size_t next = 0;
    for (size_t i = 0; i < value_entries(best); i++)
        if (state_of(w)->moved && value_number(best->items[i]) == state_of(w)->threshold)
            next = i + 1;
    if (next >= value_entries(best)) {
        report_set_threshold(w, r->threshold, false);
        app_say(w->app, false, "the model's own threshold, %.4g", r->threshold);
        return true;
    }
    report_set_threshold(w, value_number(best->items[next]), true);
    app_say(w->app, false, "best by %s on valid: %.4g", best->keys[next], state_of(w)->threshold);
    return true;
}

static bool costs_answer(Workbench *w, const char *text, Error *e)
{
    const TargetInfo *t = &app_report(w->app)->model->target;
    Value *costs = costs_from_text(t, text, e);
    double *checked = costs ? costs_from_value(t, costs, e) : NULL;
    bool ok = checked && judge(w, PART_VALID, &(ThresholdPlan){.by = THRESHOLD_BY_COST, .costs = costs}, e);
    mem_free(checked);
    value_free(costs);
    return ok;
}

static bool run_costs(Workbench *w, const char *argument, Error *e)
{
    if (argument)
        return costs_answer(w, argument, e);
    const TargetInfo *t = &app_report(w->app)->model->target;
    Text now = {0};
    double *costs = t->costs ? NULL : costs_from_value(t, NULL, e);
    costs_to_text(t, t->costs ? t->costs : costs, &now);
    popup_ask(w, "What errors cost, truth:decision=cost; the threshold that costs least on valid is taken", text_get(&now), costs_answer);
    text_done(&now);
    mem_free(costs);
    return true;
}

/* The rows are those of the file that the run was of. */
static bool is_same_file(const Workbench *w, Error *e)
{
    const Document *run = app_report_document(w->app), *here = app_document(w->app);
    const char *file = run && run->pipeline->file ? run->pipeline->file : "";
    if (here && here->pipeline && here->pipeline->file && text_equal(here->pipeline->file, file))
        return true;
    return error_set(e, ERROR_FAILED, "these rows are of %s; :open %s opens it", *file ? file : "another table", file);
}

static bool run_rows(Workbench *w, const char *argument, Error *e)
{
    (void)argument;
    const Report *r = app_report(w->app);
    const ReportPane *pane = report_focused(w);
    ReportPick pick = {.threshold = state_of(w)->threshold};
    if (!pane || !pane->pick || !pane->pick(w, &pick))
        return error_set(e, ERROR_FAILED, "no rows stand behind this; Tab goes to the next pane");
    if (!is_same_file(w, e))
        return false;
    uint64_t *ids = mem_try_alloc(r->out.data.rows + 1, sizeof *ids, e);
    size_t count = ids ? report_pick(r, &pick, ids) : 0;
    char *why = report_pick_text(r, &pick);
    if (count)
        state_of(w)->pane_left = w->pane + 1;
    bool ok = ids && (count || error_set(e, ERROR_FAILED, "no rows here: %s", why)) && data_show_only(w, ids, count, why, e);
    mem_free(why);
    mem_free(ids);
    return ok;
}

static bool save_as(Workbench *w, const char *path, bool overwrite, Error *e)
{
    const ReportState *s = state_of(w);
    return app_save_model(w->app, &(AppModelSave){.path = path, .overwrite = overwrite, .threshold = s->moved ? s->threshold : 0}, e);
}

static bool overwrite_answer(Workbench *w, const char *text, Error *e)
{
    return *text != 'y' || save_as(w, w->asked, true, e);
}

static bool save_answer(Workbench *w, const char *text, Error *e)
{
    if (app_model_check(w->app, text, e) != APP_SAVE_ASK)
        return save_as(w, text, false, e);
    char *question = text_format("%s is there already: y writes over it, n stays", text);
    *e = (Error){0};
    mem_free(w->asked);
    w->asked = mem_strdup(text);
    popup_ask(w, question, "n", overwrite_answer);
    mem_free(question);
    return true;
}

static bool run_save(Workbench *w, const char *argument, Error *e)
{
    if (argument)
        return save_answer(w, argument, e);
    char *name = app_model_name(w->app);
    popup_ask(w, "Save the model with this threshold as", name, save_answer);
    mem_free(name);
    return true;
}

#define REPORT(id, text, k, place, short_word, fn, may) \
    const Command command_report_##id = {.spec = {.name = "report_" #id, .doc = text, .group = "r report"}, \
                                         .key = k, \
                                         .views = IN(VIEW_REPORT), \
                                         .hint = place, \
                                         .word = short_word, \
                                         .can_run = may, \
                                         .run = fn}

REPORT(rows, "the raw rows behind the cursor, in Data; Esc comes back", "<Enter>", 1, "rows", run_rows, need_report);
REPORT(lower, "lower the threshold by a hundredth", "<", 0, NULL, run_lower, need_two);
REPORT(higher, "raise the threshold by a hundredth", ">", 2, "threshold", run_higher, need_two);
REPORT(best, "the threshold that is best by cost, F1, both classes; then the own", "b", 3, "best", run_best, need_two);
REPORT(costs, "what errors cost; the threshold is chosen by it on valid", "$", 4, "costs", run_costs, need_classes);
REPORT(save, "save the model as a file, with this threshold", "w", 5, "save model", run_save, need_report);
REPORT(valid, "judge on the validation part", "v", 6, "on valid", run_valid, has_left_model);
REPORT(test, "judge on the test part; the look is counted", "T", 7, "on test", run_test, has_left_model);

const Command command_report = {.spec = {.name = "report", .doc = "the report card of the model", .group = "r report"},
                                .key = "r",
                                .views = IN(VIEW_TRAIN) | IN(VIEW_TUNE) | IN(VIEW_DISTILL),
                                .hint = 2,
                                .word = "report",
                                .can_run = has_left_model,
                                .run = run_report};
