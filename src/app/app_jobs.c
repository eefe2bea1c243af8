/* The background jobs of the workbench: one at a time for the table, for the run and for the disk. The thread of the screen starts
 * them, looks whether they have ended, and never waits for one. */
#include "app/app_state.h"
#include "base/clock.h"
#include "base/io.h"
#include "base/thread.h"

static const double END_MOST = 1; /* seconds that the end of the program waits for jobs that were asked to stop */

AppJob *app_job_new(const AppJobKind *kind)
{
    AppJob *j = MEM_NEW(AppJob);
    j->kind = kind;
    j->doing = kind->doing;
    return j;
}

static void run_job(void *self)
{
    AppJob *j = self;
    j->kind->run(j);
    atomic_store(&j->finished, true);
}

void app_job_free(AppJob *j)
{
    if (!j)
        return;
    if (j->thread)
        thread_join(j->thread);
    mem_free(j->path);
    mem_free(j->text);
    mem_free(j->runs);
    mem_free(j->name);
    mem_free(j->run);
    mem_free(j->teacher);
    document_unref(j->against);
    text_list_done(&j->scripts);
    value_free(j->options);
    value_free(j->found);
    document_unref(j->document);
    pipeline_unref(j->pipeline);
    table_unref(j->table);
    profile_free(j->profile);
    app_ready_free(j->ready);
    text_list_done(&j->arguments);
    if (j->asks)
        params_free(j->asks, j->plan);
    app_work_place_done(&j->place);
    app_work_done(&j->work);
    app_judging_free(j->judging);
    tail_free(j->tail);
    run_index_close(j->index);
    app_listed_free(j->listed, 1);
    mem_free(j->listed);
    mem_free(j);
}

/* A replay does it when it looks for the results; so does a machine that gives no thread. */
static void launch(App *a, AppJob *j)
{
    Error ignored = {0};
    j->scripts = text_list_copy(&a->options.scripts);
    j->job.threads = a->options.threads > 0 ? a->options.threads : thread_cores();
    if (!a->options.headless)
        j->thread = thread_start(run_job, j, &ignored);
    a->jobs[j->kind->slot] = j;
}

static void append(AppJob **list, AppJob *j)
{
    while (*list)
        list = &(*list)->next;
    *list = j;
}

/* Not waited for any more; freed when it has ended. */
static void give_up(App *a, AppJob *j)
{
    atomic_store(&j->job.cancel, true);
    if (j->thread)
        append(&a->given_up, j);
    else
        app_job_free(j);
}

static AppJob *take_out(App *a, AppSlot slot)
{
    AppJob *j = a->jobs[slot];
    a->jobs[slot] = NULL;
    return j;
}

void app_start_job(App *a, AppJob *j)
{
    AppSlot slot = j->kind->slot;
    if (slot != APP_SLOT_TABLE && (a->jobs[slot] || a->waiting[slot])) {
        append(&a->waiting[slot], j);
        return;
    }
    if (a->jobs[slot])
        give_up(a, take_out(a, slot));
    launch(a, j);
}

static void go_on(App *a, AppSlot slot)
{
    AppJob *j = a->waiting[slot];
    if (a->jobs[slot] || !j)
        return;
    a->waiting[slot] = j->next;
    j->next = NULL;
    launch(a, j);
}

static bool is_finished(AppJob *j)
{
    if (!j->thread && !atomic_load(&j->finished))
        run_job(j);
    return atomic_load(&j->finished);
}

static void say_failure(App *a, const AppJob *j)
{
    if (j->error.code == ERROR_CANCELED && atomic_load(&j->job.cancel) && j->kind->stopped) {
        app_say(a, true, "%s", j->kind->stopped);
        return;
    }
    app_say_error(a, &j->error);
    a->news |= j->doing ? APP_NEWS_FAILED : 0;
}

bool app_finish_job(App *a, AppSlot slot)
{
    if (!a->jobs[slot] || !is_finished(a->jobs[slot]))
        return false;
    AppJob *j = take_out(a, slot);
    if (j->ok)
        j->kind->take(a, j);
    else
        say_failure(a, j);
    if (!j->ok && j->kind->fail)
        j->kind->fail(a, j);
    app_job_free(j);
    go_on(a, slot);
    return true;
}

static void reap(App *a)
{
    for (AppJob **at = &a->given_up; *at;) {
        AppJob *j = *at;
        if (atomic_load(&j->finished)) {
            *at = j->next;
            app_job_free(j);
        } else {
            at = &j->next;
        }
    }
}

bool app_finish_jobs(App *a)
{
    bool any = app_finish_job(a, APP_SLOT_TABLE);
    any = app_finish_job(a, APP_SLOT_LIST) || any;
    while (app_finish_job(a, APP_SLOT_RUN) || app_finish_job(a, APP_SLOT_DISK))
        any = true;
    reap(a);
    return any;
}

static bool stop(App *a, bool only_waited)
{
    bool any = false;
    for (AppSlot slot = APP_SLOT_TABLE; slot <= APP_SLOT_RUN; slot++) {
        AppJob *j = a->jobs[slot];
        if (!j || (only_waited && !j->kind->waits))
            continue;
        any = true;
        atomic_store(&j->job.cancel, true);
        if (!j->kind->drops) {
            app_say(a, false, "stopping: %s", j->doing);
            continue;
        }
        app_say(a, true, "%s", j->kind->stopped);
        take_out(a, slot);
        if (j->kind->fail)
            j->kind->fail(a, j);
        give_up(a, j);
    }
    return any;
}

bool app_cancel(App *a)
{
    return stop(a, false);
}

bool app_give_up(App *a)
{
    return stop(a, true);
}

bool app_end_jobs(App *a)
{
    double until = clock_now() + END_MOST;
    static const AppSlot idle[] = {APP_SLOT_TABLE, APP_SLOT_LIST};
    for (size_t i = 0; i < sizeof idle / sizeof *idle; i++)
        if (a->jobs[idle[i]])
            give_up(a, take_out(a, idle[i]));
    if (a->jobs[APP_SLOT_RUN])
        atomic_store(&a->jobs[APP_SLOT_RUN]->job.cancel, true);
    for (;;) {
        while (app_finish_job(a, APP_SLOT_RUN) || app_finish_job(a, APP_SLOT_DISK))
            ;
        reap(a);
        if (!app_is_finishing(a, NULL) && !a->given_up)
            return true;
        if (clock_now() > until)
            return false;
        clock_sleep(0.002);
    }
}

const AppJob *app_find_job(const App *a, const AppJobKind *kind)
{
    const AppJob *now = a->jobs[kind->slot];
    if (now && now->kind == kind)
        return now;
    for (const AppJob *j = a->waiting[kind->slot]; j; j = j->next)
        if (j->kind == kind)
            return j;
    return NULL;
}

bool app_may_edit(const App *a, Error *e)
{
    const AppJob *j = a->jobs[APP_SLOT_TABLE];
    if (!a->has_document || !j || !j->kind->opens || j->is_again)
        return true;
    return error_set(e, ERROR_FAILED, "%s is being opened; ^C gives it up", io_base_name(j->path));
}

bool app_is_free(const App *a, AppSlot slot, Error *e)
{
    const AppJob *j = a->jobs[slot];
    return !j || !j->doing || error_set(e, ERROR_FAILED, "already %s; Esc gives it up", j->doing);
}

bool app_is_idle(const App *a)
{
    return !a->jobs[APP_SLOT_TABLE] && !app_is_finishing(a, NULL);
}

bool app_is_busy(const App *a)
{
    return !app_is_idle(a) || a->jobs[APP_SLOT_LIST];
}

bool app_is_finishing(const App *a, const char **what)
{
    const AppJob *run = a->jobs[APP_SLOT_RUN], *disk = a->jobs[APP_SLOT_DISK], *j = run ? run : disk;
    if (j && what)
        *what = j->doing ? j->doing : "writing";
    return j != NULL;
}

/* What the user asked for last comes first. */
bool app_progress(const App *a, const char **doing, double *share)
{
    static const AppSlot order[] = {APP_SLOT_RUN, APP_SLOT_TABLE, APP_SLOT_DISK};
    const AppJob *j = NULL;
    for (size_t i = 0; i < sizeof order / sizeof *order && !j; i++)
        j = a->jobs[order[i]] && a->jobs[order[i]]->doing ? a->jobs[order[i]] : NULL;
    if (!j)
        return false;
    uint64_t done = atomic_load(&j->job.done), total = atomic_load(&j->job.total);
    *doing = j->doing;
    *share = total && j->kind->slot == APP_SLOT_TABLE ? (double)done / (double)total : -1;
    return true;
}

unsigned app_take_news(App *a)
{
    unsigned news = a->news;
    a->news = 0;
    return news;
}
