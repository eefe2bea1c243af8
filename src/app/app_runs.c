/* Runs as the workbench sees them: starting a worker, following a directory, asking it for things. */
#include <string.h>

#include "app/app_state.h"
#include "base/clock.h"
#include "base/io.h"
#include "base/json.h"
#include "run/run_dir.h"
#include "run/worker.h"

static const double BEGIN_MOST = 10; /* seconds that a worker has to begin before that is said */

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
    a->run_is_new = a->run_begins = false;
    Error ignored = {0};
    tail_poll(t, true, &ignored);
    return true;
}

bool app_watch_new(App *a, const char *run, Error *e)
{
    bool ok = app_watch(a, run, e);
    a->run_is_new = ok;
    return ok;
}

/* A run that was started here and ended badly says so wherever the user stands; that it goes on is no longer said of one that ended. */
static void tell_end(App *a)
{
    if (!a->run_is_new || !a->run->end)
        return;
    a->run_is_new = false;
    if (a->run->state == RUN_FAILED || a->run->state == RUN_LOST)
        app_say(a, true, "the run has failed: %s", value_get_text(a->run->end, "message", run_state_name(a->run->state)));
    else if (strstr(a->status, a->run->path))
        app_say(a, false, "%s", "");
}

/* The worker needs a moment, or more on a busy machine: the screen goes on meanwhile. */
static bool resume_soon(App *a, const char *run, Error *e)
{
    uint64_t before;
    if (!worker_resume_soon(run, &before, e) || !app_watch(a, run, e))
        return false;
    a->run_begins = true;
    a->run_before = before;
    a->run_asked = clock_now();
    app_say(a, false, "resuming %s", run);
    return true;
}

bool app_resume(App *a, const char *run, Error *e)
{
    if (!a->options.headless)
        return resume_soon(a, run, e);
    if (!worker_resume(run, e) || !app_watch_new(a, run, e))
        return false;
    app_say(a, false, "resumed %s", run);
    return true;
}

static bool take_beginning(App *a)
{
    if (!a->run_begins || !a->run)
        return false;
    bool begun = worker_has_begun(a->run->path, a->run_before);
    if (!begun && clock_now() - a->run_asked < BEGIN_MOST)
        return false;
    Error ignored = {0};
    tail_poll(a->run, true, &ignored); /* the end that it still knows is that of the old life */
    a->run_begins = false;
    a->run_is_new = begun;
    if (begun)
        app_say(a, false, "resumed %s", a->run->path);
    else
        app_say(a, true, "the worker has not begun; see %s/errors.log", a->run->path);
    return true;
}

/* What a run says when it took a request. */
static const char *const answers[][2] = {
    {"pause", "paused; p goes on"},  {"resume", "going on"},          {"stop", "stopped; the best weights are kept"},
    {"set", "changed from here on"}, {"note", "noted at this epoch"}, {"checkpoint", "a checkpoint is written"},
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
    if (take_beginning(a))
        changed = true;
    if (a->run)
        tell_end(a);
    if (read_comparison(a))
        changed = true;
    return changed;
}
