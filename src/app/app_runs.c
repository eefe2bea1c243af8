/* Runs as the workbench sees them: starting a worker, following a directory, asking it for things. */
#include <stdio.h>
#include <string.h>

#include "app/app_state.h"
#include "base/clock.h"
#include "base/io.h"
#include "base/json.h"
#include "base/proc.h"
#include "run/run_dir.h"
#include "run/worker.h"

Tail *app_open_tail(const char *run, Error *e)
{
    Error ignored = {0};
    Tail *t = tail_open(run, e);
    if (t)
        tail_poll(t, true, &ignored);
    return t;
}

static size_t count_answers(const Tail *t)
{
    size_t count = 0;
    for (size_t i = 0; i < t->notes_count; i++)
        count += text_equal(t->notes[i].event, "control");
    for (size_t i = 0; i < t->children_count; i++)
        count += count_answers(t->children[i]);
    return count;
}

void app_watch_tail(App *a, Tail *t, bool is_new)
{
    tail_free(a->run);
    a->run = t;
    a->controls = t ? count_answers(t) : 0;
    a->asked[0] = 0;
    value_free(a->comparison);
    a->comparison = NULL;
    a->run_is_new = is_new;
}

static void tell_watched(App *a, AppJob *j, bool is_new)
{
    app_watch_tail(a, j->tail, is_new);
    j->tail = NULL;
    a->news |= text_equal(tail_main(a->run)->kind, "trial") ? APP_NEWS_TUNING : APP_NEWS_WATCHED;
}

static void run_watch(AppJob *j)
{
    j->tail = app_open_tail(j->path, &j->error);
    j->ok = j->tail != NULL;
}

static void take_watched(App *a, AppJob *j)
{
    tell_watched(a, j, false);
}

static const AppJobKind job_watch = {.slot = APP_SLOT_RUN,
                                     .doing = "opening the run",
                                     .stopped = "given up: the run is not opened",
                                     .waits = true,
                                     .run = run_watch,
                                     .take = take_watched};

bool app_watch(App *a, const char *run, Error *e)
{
    if (!app_is_free(a, APP_SLOT_RUN, e))
        return false;
    AppJob *j = app_job_new(&job_watch);
    j->path = mem_strdup(run);
    app_start_job(a, j);
    return true;
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

static void run_resume(AppJob *j)
{
    j->tail = worker_resume(j->path, &j->scripts, &j->job, &j->error) ? app_open_tail(j->path, &j->error) : NULL;
    j->ok = j->tail != NULL;
}

static void take_resumed(App *a, AppJob *j)
{
    tell_watched(a, j, true);
    app_say(a, false, "resumed %s", j->path);
}

static const AppJobKind job_resume = {.slot = APP_SLOT_RUN,
                                      .doing = "resuming the run",
                                      .stopped = "given up; 8 shows whether its worker has begun",
                                      .waits = true,
                                      .run = run_resume,
                                      .take = take_resumed};

bool app_resume(App *a, const char *run, Error *e)
{
    if (!app_is_free(a, APP_SLOT_RUN, e))
        return false;
    AppJob *j = app_job_new(&job_resume);
    j->path = mem_strdup(run);
    app_say(a, false, "resuming %s ...   Esc gives it up", run);
    app_start_job(a, j);
    return true;
}

/* What a run says when it took a request. */
static const char *const answers[][2] = {
    {"pause", "paused; p goes on"},         {"resume", "going on"},          {"stop", "stopped; the best weights are kept"},
    {"set", "changed from here on"},        {"note", "noted at this epoch"}, {"checkpoint", "a checkpoint is written"},
    {"abort", "aborted; no model is kept"},
};

/* What the run, or one below it, has written down about the request; NULL: nothing yet. */
static const TailNote *find_answer(const Tail *t, const char *id)
{
    for (size_t i = t->notes_count; i-- > 0;)
        if (text_equal(t->notes[i].event, "control") && text_equal(value_get_text(t->notes[i].fields, "id", ""), id))
            return &t->notes[i];
    const TailNote *found = NULL;
    for (size_t i = 0; i < t->children_count && !found; i++)
        found = find_answer(t->children[i], id);
    return found;
}

static void tell_answer(App *a, const TailNote *answer)
{
    const char *why = value_get_text(answer->fields, "refused", NULL);
    bool leaves_no_model = app_is_question(a, a->run->path);
    if (why) {
        app_say(a, true, "refused: %s", why);
        return;
    }
    for (size_t i = 0; i < sizeof answers / sizeof *answers; i++)
        if (text_equal(answers[i][0], answer->verb))
            app_say(a, false, "%s",
                    leaves_no_model && text_equal(answer->verb, "stop") ? "stopped; what is known so far stays" : answers[i][1]);
    if (text_equal(answer->verb, "set"))
        app_say(a, false, "done at step %lld: %s", (long long)answer->step, answer->text);
}

static bool take_answer(App *a)
{
    if (!*a->asked || !a->run)
        return false;
    const TailNote *answer = find_answer(a->run, a->asked_id);
    if (answer)
        tell_answer(a, answer);
    else if (a->run->end)
        app_say(a, true, "the run ended before it took that: %s", a->asked);
    else if (a->run->state == RUN_LOST)
        app_say(a, true, "the worker was killed before it took that: %s   8 r resumes", a->asked);
    else
        return false;
    a->asked[0] = 0;
    return true;
}

/* The newest control event of a run and all below it. */
static const TailNote *last_control(const Tail *t)
{
    const TailNote *last = NULL;
    for (size_t i = t->children_count; !last && i-- > 0;)
        last = last_control(t->children[i]);
    for (size_t i = t->notes_count; !last && i-- > 0;)
        if (text_equal(t->notes[i].event, "control"))
            last = &t->notes[i];
    return last;
}

/* What somebody else asked of the watched run is said where the user stands. */
static bool tell_others(App *a)
{
    size_t count = a->run ? count_answers(a->run) : 0;
    bool grew = count > a->controls;
    a->controls = count;
    const TailNote *note = grew ? last_control(a->run) : NULL;
    if (!note || !*note->by || text_equal(note->by, run_requester()))
        return false;
    char *line = tail_note_line(note);
    app_say(a, false, "asked by %s: %s", note->by, line);
    mem_free(line);
    return true;
}

const char *app_asked(const App *a)
{
    return a->asked;
}

static void run_ask(AppJob *j)
{
    j->ok = run_request(j->path, j->text, j->options, &j->error);
}

static void take_asked(App *a, AppJob *j)
{
    if (!a->run || !text_equal(a->run->path, j->path))
        return;
    snprintf(a->asked_id, sizeof a->asked_id, "%s", value_get_text(j->options, "id", ""));
    snprintf(a->asked, sizeof a->asked, "%s", j->text);
    app_say(a, false, "%s asked; the run answers between two steps", j->text);
}

static const AppJobKind job_ask = {.slot = APP_SLOT_RUN, .run = run_ask, .take = take_asked};

bool app_control(App *a, const char *verb, const Value *arguments, Error *e)
{
    if (!a->run)
        return error_set(e, ERROR_FAILED, "no run is watched; t starts one");
    if (a->run->end)
        return error_set(e, ERROR_FAILED, "the run has ended; t starts another");
    AppJob *j = app_job_new(&job_ask);
    j->path = mem_strdup(a->run->path);
    j->text = mem_strdup(verb);
    j->options = arguments ? value_copy(arguments) : value_map();
    char *id = text_format("%ld-%lld", proc_self(), (long long)(clock_wall() * 1e6));
    value_set(j->options, "id", value_text(id));
    mem_free(id);
    app_start_job(a, j);
    return true;
}

const Tail *app_run(const App *a)
{
    return a->run;
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
    bool changed = app_finish_jobs(a);
    Error e = {0};
    if (a->run && tail_poll(a->run, true, &e))
        changed = true;
    if (take_answer(a))
        changed = true;
    if (tell_others(a))
        changed = true;
    if (a->run)
        tell_end(a);
    if (read_comparison(a))
        changed = true;
    if (app_read_contest(a))
        changed = true;
    if (app_read_cards(a))
        changed = true;
    if (app_poll_listed(a))
        changed = true;
    return changed;
}
