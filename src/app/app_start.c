/* The one way a run begins: by t, Enter, u, D or the command line of the workbench. What a training would be told by preparing is
 * found out first, so that it is said where the user stands. All of it goes on in the background, on the document as it was. */
#include <string.h>

#include "app/app_state.h"
#include "base/io.h"
#include "learn/call.h"
#include "learn/contest.h"
#include "net/model.h"
#include "run/worker.h"

/* Cells that are prepared at once when nothing is known yet; larger tables are left to the worker. */
enum { TRY_CELLS = 2000000 };

static char *run_name(const App *a)
{
    const char *base = a->file ? io_base_name(a->file) : "run";
    size_t size = strcspn(base, ".");
    return size ? mem_strndup(base, size) : mem_strdup("run");
}

static Document *with_call(const Document *d, AppCall call)
{
    static const char *const words[][2] = {[APP_TRAIN] = {"train the net", "t"},
                                           [APP_TUNE] = {"search settings", "Tune u"},
                                           [APP_DISTILL] = {"teach a small net", "Distill D"}};
    Document *next = document_edit(d, words[call][0], words[call][1]);
    next->has_train = true;
    next->has_tune = call == APP_TUNE;
    next->has_distill = call == APP_DISTILL;
    return next;
}

bool app_can_start(const App *a, Error *e)
{
    const Document *d = app_document(a);
    if (!app_may_edit(a, e) || !app_is_free(a, APP_SLOT_RUN, e))
        return false;
    if (!d || !d->pipeline || !d->pipeline->source)
        return error_set(e, ERROR_FAILED, "no table open; o opens one");
    if (!d->pipeline->target)
        return error_set(e, ERROR_FAILED, "no target chosen; put the cursor on its column in Data and press T");
    if (a->run && tail_is_alive(a->run) && !a->run->end)
        return error_set(e, ERROR_FAILED, "a run is going on; %s",
                         app_is_asking(a) ? app_how_to_stop(a) : "s in its view stops it and keeps the best");
    return true;
}

static bool is_known(const App *a)
{
    return a->ready && !a->is_stale;
}

/* An untouched table gets its repairs and encoding first: without them no net can read it. */
static bool repair_untouched(App *a, Error *e)
{
    bool untouched = app_document(a)->pipeline->recipe->count == 0;
    return !untouched || (is_known(a) && !*a->ready->problem) || app_repair(a, e);
}

static bool net_fits(const SpecList *net, const AppReady *r, const char *what, Error *e)
{
    Model *m = model_new(net, &r->input, r->outputs ? r->outputs : 1, 1, e);
    model_free(m);
    return m || error_prefix(e, "%s does not fit together: ", what);
}

static bool check_ready(const Document *d, AppCall call, const AppReady *r, Error *e)
{
    if (*r->problem && !r->is_part) /* of a part only the whole can tell */
        return error_set(e, ERROR_FAILED, "%s", r->problem);
    if (r->features == 0)
        return true;
    const EarlyStop *stop = d->train.early_stop.params;
    if (stop && stop->metric && *stop->metric && !train_check_metric(stop->metric, r->classes, r->rows[PART_VALID], e))
        return false;
    if (!net_fits(&d->train.net, r, "the net (4 shows it)", e))
        return false;
    if (call != APP_DISTILL)
        return true;
    return train_check_teachable(d->pipeline->target, r->classes, e) &&
           net_fits(&d->distill.base.net, r, "the student (7 p changes it)", e);
}

static bool check_against(const AppJob *j, Error *e)
{
    return !j->against || !j->ready || !j->ready->features || net_fits(&j->against->train.net, j->ready, "the net that is pinned as B", e);
}

static bool try_prepare(AppJob *j)
{
    const Pipeline *p = j->document->pipeline;
    if (!j->ready && p->source->rows * p->source->columns_count <= TRY_CELLS)
        j->ready = app_find_ready(&j->job, p);
    return job_go_on(&j->job, &j->error) && (!j->ready || check_ready(j->document, j->call, j->ready, &j->error)) &&
           check_against(j, &j->error);
}

static void run_script(AppJob *j)
{
    WorkerStart start = {.runs = j->runs, .name = j->name, .script_text = j->text, .script_path = j->path, .arguments = &j->arguments};
    j->tail = worker_start(&start, &j->job, &j->run, &j->error) ? app_open_tail(j->run, &j->error) : NULL;
    j->ok = j->tail != NULL;
}

static void run_start(AppJob *j)
{
    Text script = {0};
    if (!try_prepare(j))
        return;
    if (j->asks || j->against) {
        if (j->asks)
            document_to_ask(j->document, j->asks, j->plan, &script);
        else
            document_to_contest(j->document, j->against, &script);
        j->text = text_take(&script);
        run_script(j);
        return;
    }
    j->teacher = j->call == APP_DISTILL ? app_find_teacher(j->runs, j->document) : NULL;
    Document *run = with_call(j->document, j->call);
    run->has_train = j->call != APP_TUNE; /* a study trains nets of its own */
    document_to_run(run, j->teacher, &script);
    document_unref(run);
    j->text = text_take(&script);
    run_script(j);
}

/* A stop that came when the worker had been started already would be too late to keep it from running. */
static void take_start(App *a, AppJob *j)
{
    static const char *const doing[] = {[APP_TRAIN] = "training",
                                        [APP_TUNE] = "tuning",
                                        [APP_DISTILL] = "distilling",
                                        [APP_PRICE] = "pricing the steps",
                                        [APP_SELECT] = "finding how few features do",
                                        [APP_REGULARIZE] = "trying ways to regularize",
                                        [APP_CONTEST] = "training A and B"};
    app_watch_tail(a, j->tail, true);
    j->tail = NULL;
    if (j->asks) {
        mem_free(a->question);
        a->question = mem_strdup(j->run);
        a->question_call = j->call;
    }
    a->news |= j->asks || j->against ? 0 : (unsigned)APP_NEWS_TRAINING << j->call;
    if (atomic_load(&j->job.cancel))
        app_say(a, true, "it runs already in %s; s stops it", j->run);
    else
        app_say(a, false, "%s in %s%s   %sq leaves, the run goes on", j->document ? doing[j->call] : "running", j->run,
                j->teacher ? " by the teacher trained before" : "",
                j->asks      ? "s stops it   "
                : j->against ? "5 s stops it   "
                             : "");
}

static bool has_calls(const Document *d, const Document *other)
{
    return d->has_train == other->has_train && d->has_tune == other->has_tune && d->has_distill == other->has_distill;
}

/* The script of the session makes the call from now on. */
static void take_call(App *a, AppJob *j)
{
    const Document *d = app_document(a);
    Document *wanted = d ? with_call(d, j->call) : NULL;
    if (wanted && !has_calls(wanted, d)) {
        history_push(&a->history, document_ref(wanted));
        app_work_keep(a);
    }
    document_unref(wanted);
    take_start(a, j);
}

static const AppJobKind job_start = {.slot = APP_SLOT_RUN,
                                     .doing = "starting the training",
                                     .stopped = "given up: nothing was started",
                                     .waits = true,
                                     .run = run_start,
                                     .take = take_call};

static const AppJobKind job_start_script = {.slot = APP_SLOT_RUN,
                                            .doing = "starting the script",
                                            .stopped = "given up: nothing was started",
                                            .waits = true,
                                            .run = run_script,
                                            .take = take_start};

static const AppJobKind job_question = {.slot = APP_SLOT_RUN,
                                        .doing = "starting the pricing",
                                        .stopped = "given up: nothing was started",
                                        .waits = true,
                                        .run = run_start,
                                        .take = take_start};

static void take_contest(App *a, AppJob *j)
{
    app_contest_done(a);
    a->contest = mem_strdup(j->run);
    a->contest_a = document_ref(j->document);
    a->contest_b = document_ref(j->against);
    take_start(a, j);
}

static const AppJobKind job_contest = {.slot = APP_SLOT_RUN,
                                       .doing = "starting A and B",
                                       .stopped = "given up: nothing was started",
                                       .waits = true,
                                       .run = run_start,
                                       .take = take_contest};

static void start(App *a, AppJob *j)
{
    j->runs = mem_strdup(a->runs);
    app_say(a, false, "%s ...   Esc gives it up", j->doing);
    app_start_job(a, j);
}

bool app_start(App *a, AppCall call, Error *e)
{
    static const char *const doing[] = {
        [APP_TRAIN] = "starting the training", [APP_TUNE] = "starting the search", [APP_DISTILL] = "starting the distillation"};
    if (!app_can_start(a, e) || !repair_untouched(a, e))
        return false;
    AppJob *j = app_job_new(&job_start);
    j->doing = doing[call];
    j->call = call;
    j->document = document_ref(app_document(a));
    j->ready = is_known(a) ? app_ready_copy(a->ready) : NULL;
    j->name = run_name(a);
    start(a, j);
    return true;
}

void app_start_question(App *a, const AppQuestion *question)
{
    AppJob *j = app_job_new(&job_question);
    j->doing = question->doing;
    j->call = question->call;
    j->asks = question->spec;
    j->plan = question->plan;
    j->document = document_ref(app_document(a));
    j->ready = is_known(a) ? app_ready_copy(a->ready) : NULL;
    j->name = run_name(a);
    start(a, j);
}

/* Seeds alone differ between the trainings of a net; baselines have no part in it. */
static Document *contestant(const Document *d, const SpecList *net, const char *name, int64_t seeds)
{
    Document *one = document_edit(d, "", "");
    TrainPlan *plan = &one->train;
    spec_list_done(&plan->net);
    spec_list_copy(&plan->net, net);
    mem_free(plan->name);
    plan->name = mem_strdup(name);
    plan->seeds = seeds;
    plan->baselines = 0;
    return one;
}

bool app_start_contest(App *a, const SpecList *other, int64_t seeds, Error *e)
{
    if (!app_can_start(a, e) || !repair_untouched(a, e))
        return false;
    const Document *d = app_document(a);
    AppJob *j = app_job_new(&job_contest);
    j->doing = "starting A and B";
    j->call = APP_CONTEST;
    j->document = contestant(d, &d->train.net, "A", seeds);
    j->against = contestant(d, other, "B", seeds);
    j->ready = is_known(a) ? app_ready_copy(a->ready) : NULL;
    j->name = run_name(a);
    start(a, j);
    return true;
}

AppContest app_contest(const App *a)
{
    return (AppContest){.a = a->contest_a,
                        .b = a->contest_b,
                        .result = a->contest_result,
                        .run = a->run && text_equal(a->run->path, a->contest) ? a->run : NULL};
}

bool app_read_contest(App *a)
{
    if (a->contest_result || !a->run || !text_equal(a->run->path, a->contest))
        return false;
    a->contest_result = call_read_json(a->run->path, CONTEST_FILE);
    return a->contest_result != NULL;
}

void app_contest_done(App *a)
{
    mem_free(a->contest);
    document_unref(a->contest_a);
    document_unref(a->contest_b);
    value_free(a->contest_result);
    a->contest = NULL;
    a->contest_a = a->contest_b = NULL;
    a->contest_result = NULL;
}

bool app_pend_script(App *a, const char *path, const TextList *arguments, Error *e)
{
    char *text = NULL;
    size_t size;
    if (!io_read_file(path, 16 << 20, &text, &size, e))
        return false;
    a->pending_path = mem_strdup(path);
    a->pending_text = text;
    a->pending_arguments = text_list_copy(arguments);
    return true;
}

bool app_start_pending(App *a, Error *e)
{
    if (!app_is_free(a, APP_SLOT_RUN, e))
        return false;
    const char *base = io_base_name(a->pending_path);
    AppJob *j = app_job_new(&job_start_script);
    j->name = mem_strndup(base, strcspn(base, "."));
    j->path = mem_strdup(a->pending_path);
    j->text = mem_strdup(a->pending_text);
    j->arguments = text_list_copy(&a->pending_arguments);
    start(a, j);
    return true;
}
