/* The report card of the watched run, and its model as a file. Both in the background; what was prepared for one part serves the next. */
#include <string.h>

#include "app/app_report.h"
#include "app/app_state.h"
#include "base/io.h"

void app_judging_free(AppJudging *j)
{
    if (!j)
        return;
    report_free(j->report);
    run_model_done(&j->model);
    params_free(&threshold_spec, j->plan);
    value_free(j->proof);
    mem_free(j->run);
    mem_free(j);
}

/* Each feature is shuffled and all rows are judged again, three times: nobody waits minutes for that unasked. */
static bool takes_seconds(const Bundle *b, const Table *rows)
{
    const double MOST = 4e10; /* multiplications */
    return 3.0 * (double)rows->rows * (double)b->features.count * (double)model_macs(b->model) < MOST;
}

static bool judge(AppJob *job, AppJudging *j, Error *e)
{
    JudgedRows rows = {0};
    RunModelTask task = {j->run, job->host, &job->scripts};
    bool ok = (j->model.model || run_model_open(&job->job, &task, &j->model, e)) &&
              (!j->plan || run_model_decide(&job->job, &j->model, j->plan, e)) &&
              run_model_judge(&job->job, &j->model, j->part, job->runs, &rows, e);
    if (ok) {
        ReportTask report = {.model = j->model.model,
                             .pipeline = j->model.document->pipeline,
                             .judged = &rows,
                             .on = part_name(j->part),
                             .importance = takes_seconds(j->model.model, rows.rows)};
        j->report = report_make(&job->job, &report, e);
    }
    judged_rows_done(&rows);
    return j->report;
}

static void run_judge(AppJob *j)
{
    j->ok = judge(j, j->judging, &j->error);
}

/* What the test part has said of this very model stays with it. */
static void keep_proof(AppJudging *j, AppJudging *before)
{
    if (before && before->proof && text_equal(before->run, j->run)) {
        j->proof = before->proof;
        before->proof = NULL;
    }
    if (j->part == PART_TEST && j->report) {
        value_free(j->proof);
        j->proof = report_proof(j->report);
    }
}

static void take(App *a, AppJob *j)
{
    AppJudging *before = a->judged;
    a->judged = j->judging;
    j->judging = NULL;
    keep_proof(a->judged, before);
    app_judging_free(before);
}

static void take_judged(App *a, AppJob *j)
{
    take(a, j);
    app_say(a, false, "%s", "");
}

static void fail_judged(App *a, AppJob *j)
{
    error_format(&j->error, j->judging->problem, sizeof j->judging->problem);
    take(a, j);
}

static const AppJobKind job_judge = {.slot = APP_SLOT_RUN,
                                     .doing = "judging the model",
                                     .stopped = "given up: the model is not judged",
                                     .waits = true,
                                     .run = run_judge,
                                     .take = take_judged,
                                     .fail = fail_judged};

/* The model as it was opened, with what was prepared of its table. */
static RunModel model_again(const RunModel *m)
{
    return (RunModel){.document = document_ref(m->document),
                      .model = bundle_ref(m->model),
                      .prepared = m->prepared ? prepared_ref(m->prepared) : NULL,
                      .model_path = mem_strdup(m->model_path)};
}

bool app_judge(App *a, Part part, const ThresholdPlan *plan, Error *e)
{
    if (!a->run)
        return error_set(e, ERROR_FAILED, "no run is watched; t trains, 8 lists the runs there are");
    if (!app_is_free(a, APP_SLOT_RUN, e))
        return false;
    AppJob *j = app_job_new(&job_judge);
    j->host = a->host;
    j->runs = mem_strdup(a->runs);
    j->judging = MEM_NEW(AppJudging);
    j->judging->run = mem_strdup(a->run->path);
    j->judging->part = part;
    j->judging->plan = plan ? params_copy(&threshold_spec, plan) : NULL;
    if (a->judged && a->judged->report && text_equal(a->judged->run, a->run->path))
        j->judging->model = model_again(&a->judged->model);
    app_start_job(a, j);
    return true;
}

const Report *app_report(const App *a)
{
    return a->judged ? a->judged->report : NULL;
}

const char *app_report_run(const App *a)
{
    return a->judged ? a->judged->run : NULL;
}

Part app_report_part(const App *a)
{
    return a->judged ? a->judged->part : PART_VALID;
}

const char *app_report_problem(const App *a)
{
    return a->judged ? a->judged->problem : "";
}

const Document *app_report_document(const App *a)
{
    return a->judged ? a->judged->model.document : NULL;
}

const char *app_report_model(const App *a)
{
    return a->judged ? a->judged->model.model_path : NULL;
}

char *app_model_name(const App *a)
{
    const char *file = a->judged && a->judged->model.document ? a->judged->model.document->pipeline->file : NULL;
    const char *base = file ? io_base_name(file) : "model";
    return text_format("%.*s.safetensors", (int)strcspn(base, "."), base);
}

AppSave app_model_check(const App *a, const char *path, Error *e)
{
    IoInfo is;
    if (!app_report(a)) {
        error_set(e, ERROR_FAILED, "no model was judged; 0 judges the one of the watched run");
        return APP_SAVE_REFUSED;
    }
    if (!text_ends(path, ".safetensors")) {
        error_set(e, ERROR_USAGE, "%s: models are saved as .safetensors", path);
        return APP_SAVE_REFUSED;
    }
    if (!io_stat(path, &is))
        return APP_SAVE_FREE;
    error_set(e, ERROR_USAGE, "%s is there already", path);
    return APP_SAVE_ASK;
}

static void run_save(AppJob *j)
{
    j->ok = bundle_save(j->judging->model.model, j->path, &j->error);
}

static void take_saved(App *a, AppJob *j)
{
    char *path = io_absolute(j->path);
    app_say(a, false, "saved %s   limbeck predict %s < rows.csv", path, j->path);
    mem_free(path);
}

static const AppJobKind job_save = {.slot = APP_SLOT_DISK, .doing = "saving the model", .run = run_save, .take = take_saved};

bool app_save_model(App *a, const AppModelSave *save, Error *e)
{
    AppSave answer = app_model_check(a, save->path, e);
    if (answer == APP_SAVE_REFUSED || (answer == APP_SAVE_ASK && !save->overwrite))
        return false;
    *e = (Error){0};
    AppJob *j = app_job_new(&job_save);
    j->path = mem_strdup(save->path);
    j->judging = MEM_NEW(AppJudging);
    j->judging->model.model = report_model(a->judged->report, a->judged->proof, save->threshold, save->costs);
    app_start_job(a, j);
    return true;
}
