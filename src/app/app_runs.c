/* Runs as the workbench sees them: starting a worker, following a directory, asking it for things. */
#include <string.h>

#include "app/app_state.h"
#include "base/clock.h"
#include "base/io.h"
#include "base/json.h"
#include "run/run_dir.h"
#include "run/worker.h"

static char *run_name(const App *a)
{
    const char *base = a->file ? io_base_name(a->file) : "run";
    size_t size = strcspn(base, ".");
    return size ? mem_strndup(base, size) : mem_strdup("run");
}

static Document *with_call(const Document *d, AppCall call)
{
    Document *next = document_edit(d, d->change, d->place);
    next->has_train = true;
    next->has_tune = call == APP_TUNE;
    next->has_distill = call == APP_DISTILL;
    return next;
}

bool app_start(App *a, AppCall call, Error *e)
{
    const Document *d = app_document(a);
    if (!d || !d->pipeline || !d->pipeline->source)
        return error_set(e, ERROR_FAILED, "no table open; o opens one");
    if (!d->pipeline->target)
        return error_set(e, ERROR_FAILED, "no target chosen; put the cursor on its column in Data and press T");
    if (a->run && (a->run->state == RUN_RUNNING || a->run->state == RUN_PAUSED) && !a->run->end)
        return error_set(e, ERROR_FAILED, "a run is going on; s stops it and keeps the best");
    Document *wanted = with_call(d, call);
    if (wanted->has_train != d->has_train || wanted->has_tune != d->has_tune || wanted->has_distill != d->has_distill) {
        history_push(&a->history, document_ref(wanted));
        app_work_keep(a);
    }
    Text script = {0};
    TextList arguments = {0};
    char *path = NULL, *name = run_name(a);
    document_to_script(wanted, &script);
    bool ok = worker_start(a->runs, name, text_get(&script), NULL, &arguments, &path, e) && app_watch(a, path, e);
    if (ok)
        app_say(a, false, "training in %s   q leaves, the run goes on", path);
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
    bool ok = worker_start(a->runs, name, a->pending_text, a->pending_path, &a->pending_arguments, &run, e) && app_watch(a, run, e);
    if (ok)
        app_say(a, false, "running in %s   q leaves, the run goes on", run);
    mem_free(name);
    mem_free(run);
    return ok;
}

bool app_watch(App *a, const char *run, Error *e)
{
    Tail *t = tail_open(run, e);
    if (!t)
        return false;
    tail_free(a->run);
    a->run = t;
    a->asked = NULL;
    value_free(a->comparison);
    a->comparison = NULL;
    Error ignored = {0};
    tail_poll(t, true, &ignored);
    return true;
}

bool app_resume(App *a, const char *run, Error *e)
{
    if (!worker_resume(run, e) || !app_watch(a, run, e))
        return false;
    app_say(a, false, "resumed %s", run);
    return true;
}

/* What a run says when it took a request. */
static const char *const answers[][2] = {
    {"pause", "paused; p goes on"},  {"resume", "going on"},           {"stop", "stopped; the best weights are kept"},
    {"set", "changed from here on"}, {"note", "noted at this epoch"},  {"checkpoint", "a checkpoint is written"},
};

static size_t count_answers(const Tail *t)
{
    size_t count = 0;
    for (size_t i = 0; i < t->notes_count; i++)
        count += text_equal(t->notes[i].event, "control");
    for (size_t i = 0; i < t->children_count; i++)
        count += count_answers(t->children[i]);
    return count;
}

static bool take_answer(App *a)
{
    if (!a->asked || !a->run || (count_answers(a->run) <= a->answers && !a->run->end))
        return false;
    for (size_t i = 0; i < sizeof answers / sizeof *answers; i++)
        if (text_equal(answers[i][0], a->asked))
            app_say(a, false, "%s", answers[i][1]);
    a->asked = NULL;
    return true;
}

bool app_control(App *a, const char *verb, const Value *arguments, Error *e)
{
    if (!a->run)
        return error_set(e, ERROR_FAILED, "no run is watched; t starts one");
    if (a->run->end)
        return error_set(e, ERROR_FAILED, "the run has ended; t starts another");
    if (!run_request(a->run->path, verb, arguments, e))
        return false;
    for (size_t i = 0; i < sizeof answers / sizeof *answers; i++)
        if (text_equal(answers[i][0], verb))
            a->asked = answers[i][0];
    a->answers = count_answers(a->run);
    app_say(a, false, "%s asked; the run answers between two steps", verb);
    return true;
}

const Tail *app_run(const App *a)
{
    return a->run;
}

static bool refresh_runs(App *a)
{
    Error ignored = {0};
    IoInfo info;
    if (a->run_list && clock_now() - a->run_checked < 1 && !a->options.headless)
        return false;
    a->run_checked = clock_now();
    for (size_t i = 0; i < a->run_count; i++)
        tail_free(a->run_list[i]);
    mem_free(a->run_list);
    a->run_list = NULL;
    a->run_count = 0;
    if (io_stat(a->runs, &info) && info.is_directory)
        run_list(a->runs, &a->run_list, &a->run_count, &ignored);
    return true;
}

Tail *const *app_runs(App *a, size_t *count)
{
    refresh_runs(a);
    *count = a->run_count;
    return a->run_list;
}

const Value *app_comparison(const App *a)
{
    return a->comparison;
}

/* A comparison is one small file in the run's directory, written when it is whole. */
static bool read_comparison(App *a)
{
    char *path = a->run && !a->comparison ? io_join(a->run->path, "compare.json") : NULL, *bytes = NULL;
    size_t size;
    IoInfo info;
    Error ignored = {0};
    if (path && io_stat(path, &info) && io_read_file(path, 16 << 20, &bytes, &size, &ignored))
        a->comparison = json_parse(bytes, size, &ignored);
    bool found = bytes && a->comparison;
    mem_free(path);
    mem_free(bytes);
    return found;
}

bool app_poll(App *a)
{
    bool changed = app_finish_job(a);
    Error e = {0};
    if (a->run && tail_poll(a->run, true, &e))
        changed = true;
    if (take_answer(a))
        changed = true;
    if (read_comparison(a))
        changed = true;
    return changed;
}
