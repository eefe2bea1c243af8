/* The one way a run begins: by t, Enter, u, D or the command line of the workbench. What a training would be told by preparing is
 * found out first, so that it is said where the user stands. */
#include <string.h>

#include "app/app_state.h"
#include "base/io.h"
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

static bool can_start(const App *a, Error *e)
{
    const Document *d = app_document(a);
    if (!d || !d->pipeline || !d->pipeline->source)
        return error_set(e, ERROR_FAILED, "no table open; o opens one");
    if (!d->pipeline->target)
        return error_set(e, ERROR_FAILED, "no target chosen; put the cursor on its column in Data and press T");
    if (a->run && tail_is_alive(a->run) && !a->run->end)
        return error_set(e, ERROR_FAILED, "a run is going on; s stops it and keeps the best");
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
    Model *m = model_new(net, (Shape){1, (int64_t)r->features, 1}, r->outputs ? r->outputs : 1, 1, e);
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

static bool try_prepare(App *a, AppCall call, Error *e)
{
    const Document *d = app_document(a);
    const Table *t = d->pipeline->source;
    if (is_known(a))
        return check_ready(d, call, a->ready, e);
    if (t->rows * t->columns_count > TRY_CELLS)
        return true;
    Job job = {.threads = 1};
    AppReady *found = app_find_ready(&job, d->pipeline);
    bool ok = check_ready(d, call, found, e);
    app_ready_free(found);
    return ok;
}

bool app_start(App *a, AppCall call, Error *e)
{
    if (!can_start(a, e) || !repair_untouched(a, e) || !try_prepare(a, call, e))
        return false;
    const Document *d = app_document(a);
    Document *wanted = with_call(d, call);
    if (wanted->has_train != d->has_train || wanted->has_tune != d->has_tune || wanted->has_distill != d->has_distill) {
        history_push(&a->history, document_ref(wanted));
        app_work_keep(a);
    }
    static const char *const doing[] = {[APP_TRAIN] = "training", [APP_TUNE] = "tuning", [APP_DISTILL] = "distilling"};
    Text script = {0};
    TextList arguments = {0};
    char *path = NULL, *name = run_name(a);
    char *teacher = call == APP_DISTILL ? app_find_teacher(a, wanted) : NULL;
    Document *run = document_edit(wanted, wanted->change, wanted->place);
    run->has_train = call != APP_TUNE; /* a study trains nets of its own */
    document_to_run(run, teacher, &script);
    bool ok = worker_start(a->runs, name, text_get(&script), NULL, &arguments, &path, e) && app_watch_new(a, path, e);
    if (ok)
        app_say(a, false, "%s in %s%s   q leaves, the run goes on", doing[call], path, teacher ? " by the teacher trained before" : "");
    document_unref(run);
    mem_free(teacher);
    mem_free(path);
    mem_free(name);
    text_done(&script);
    document_unref(wanted);
    return ok;
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
    char *run = NULL;
    const char *base = io_base_name(a->pending_path);
    char *name = mem_strndup(base, strcspn(base, "."));
    bool ok = worker_start(a->runs, name, a->pending_text, a->pending_path, &a->pending_arguments, &run, e) && app_watch_new(a, run, e);
    if (ok)
        app_say(a, false, "running in %s   q leaves, the run goes on", run);
    mem_free(name);
    mem_free(run);
    return ok;
}
