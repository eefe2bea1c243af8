/* The list of runs as the workbench sees it: cards at once, and what is asked of one run when it is asked. */
#include <string.h>

#include "app/app_state.h"
#include "app/run_card.h"
#include "app/run_compare.h"
#include "app/run_lineage.h"
#include "app/run_settings.h"
#include "base/clock.h"
#include "base/number.h"
#include "run/labels.h"
#include "run/run_disk.h"

enum { LISTED_MOST = 24 };

void app_listed_free(AppListed *l, size_t count)
{
    for (size_t i = 0; l && i < count; i++) {
        mem_free(l[i].path);
        tail_free(l[i].tail);
        value_free(l[i].settings);
        value_free(l[i].below);
        value_free(l[i].lineage);
    }
}

/* A look costs a twentieth of the time at most, however many runs there are. */
static void run_look(AppJob *j)
{
    double began = clock_now();
    j->found = run_index_cards(j->index, &j->error);
    j->ok = j->found != NULL;
    j->seconds = clock_now() - began;
}

static void take_list(App *a, AppJob *j)
{
    if (!value_equal(a->run_cards ? a->run_cards : j->found, j->found) || !a->runs_are_known)
        a->runs_version++;
    value_free(a->run_cards);
    a->run_cards = j->found;
    a->index = j->index;
    a->runs_are_known = true;
    a->run_pace = j->seconds > 0.05 ? 20 * j->seconds : 1;
    j->found = NULL;
    j->index = NULL;
}

static const AppJobKind job_look = {.slot = APP_SLOT_LIST, .run = run_look, .take = take_list};

/* A replay sees them at once; a screen when they are there. */
static void refresh_runs(App *a)
{
    if (app_find_job(a, &job_look) || (a->runs_are_known && clock_now() - a->run_checked < a->run_pace && !a->options.headless))
        return;
    a->run_checked = clock_now();
    AppJob *j = app_job_new(&job_look);
    j->index = a->index ? a->index : run_index_open(a->runs, true);
    a->index = NULL;
    app_start_job(a, j);
    if (a->options.headless)
        app_finish_job(a, APP_SLOT_LIST);
}

const Value *app_run_cards(App *a)
{
    refresh_runs(a);
    if (!a->run_cards)
        a->run_cards = value_list();
    return a->run_cards;
}

void app_list_runs(App *a, bool on)
{
    a->runs_are_shown = on;
}

uint64_t app_runs_version(const App *a)
{
    return a->runs_version;
}

bool app_runs_are_known(const App *a)
{
    return a->runs_are_known;
}

static void describe_listed(AppListed *l)
{
    Value *card = run_card_make(l->tail);
    value_free(l->settings);
    value_free(l->below);
    value_free(l->lineage);
    l->settings = run_settings(card);
    l->lineage = run_lineage(card);
    l->below = value_list();
    for (size_t i = 0; i < l->tail->children_count; i++)
        value_add(l->below, run_card_make(l->tail->children[i]));
    value_free(card);
}

static void run_list_one(AppJob *j)
{
    j->listed->tail = tail_open(j->path, &j->error);
    if (j->listed->tail) {
        j->listed->tail->skims = true;
        tail_poll(j->listed->tail, true, NULL);
        describe_listed(j->listed);
    }
    j->listed->is_known = true;
    j->ok = true; /* a run that is gone meanwhile has no curves */
}

static AppListed *find_listed(const App *a, const char *path)
{
    for (size_t i = 0; i < a->listed_count; i++)
        if (text_equal(a->listed[i].path, path))
            return &a->listed[i];
    return NULL;
}

static void take_listed(App *a, AppJob *j)
{
    AppListed *l = find_listed(a, j->path);
    if (!l)
        return;
    app_listed_free(l, 1);
    *l = *j->listed;
    l->path = mem_strdup(j->path);
    *j->listed = (AppListed){0};
    a->runs_version++;
}

static const AppJobKind job_list_one = {.slot = APP_SLOT_LIST, .run = run_list_one, .take = take_listed};

/* The place of a run that was not looked into yet: the one that was looked into first gives way. */
static AppListed *add_listed(App *a, const char *path)
{
    if (!a->listed)
        a->listed = mem_alloc(LISTED_MOST * sizeof *a->listed);
    if (a->listed_count == LISTED_MOST)
        app_listed_free(&a->listed[--a->listed_count], 1);
    memmove(a->listed + 1, a->listed, a->listed_count * sizeof *a->listed);
    a->listed_count++;
    a->listed[0] = (AppListed){.path = mem_strdup(path)};
    return a->listed;
}

static const AppListed *need_listed(App *a, const char *path)
{
    const AppListed *l = find_listed(a, path);
    if (l)
        return l;
    add_listed(a, path);
    AppJob *j = app_job_new(&job_list_one);
    j->path = mem_strdup(path);
    j->listed = MEM_NEW(AppListed);
    app_start_job(a, j);
    if (a->options.headless)
        while (app_finish_job(a, APP_SLOT_LIST)) {
        }
    return find_listed(a, path);
}

const Tail *app_listed_tail(App *a, const char *path)
{
    const AppListed *l = need_listed(a, path);
    return l ? l->tail : NULL;
}

const Value *app_listed_settings(App *a, const char *path)
{
    const AppListed *l = need_listed(a, path);
    return l ? l->settings : NULL;
}

const Value *app_listed_below(App *a, const char *path)
{
    const AppListed *l = need_listed(a, path);
    return l ? l->below : NULL;
}

const Value *app_listed_lineage(App *a, const char *path)
{
    const AppListed *l = need_listed(a, path);
    return l ? l->lineage : NULL;
}

/* A resumed run has another tail; so all that are over look at their log as well, which costs one look at its size. */
bool app_poll_listed(App *a)
{
    bool changed = false;
    if (a->runs_are_shown && !a->options.headless)
        refresh_runs(a);
    double now = clock_now();
    if (now - a->listed_checked < 0.5 && !a->options.headless)
        return false;
    a->listed_checked = now;
    for (size_t i = 0; i < a->listed_count; i++) {
        AppListed *l = &a->listed[i];
        if (!l->tail || !tail_poll(l->tail, !tail_has_ended(l->tail), NULL))
            continue;
        describe_listed(l);
        a->runs_version++;
        changed = true;
    }
    return changed;
}

/* The list is read again, and so is the run that was changed. */
static void list_again(App *a, const char *path)
{
    AppListed *l = find_listed(a, path);
    if (l) {
        app_listed_free(l, 1);
        *l = a->listed[--a->listed_count];
    }
    a->run_checked = 0;
    a->runs_version++;
}

static void run_label(AppJob *j)
{
    j->ok = labels_change(j->path, j->options, &j->error);
}

static void take_label(App *a, AppJob *j)
{
    list_again(a, j->path);
}

static const AppJobKind job_label = {.slot = APP_SLOT_DISK, .doing = "writing the labels", .run = run_label, .take = take_label};

bool app_label_run(App *a, const char *path, const Value *changes, Error *e)
{
    if (!app_is_free(a, APP_SLOT_DISK, e))
        return false;
    AppJob *j = app_job_new(&job_label);
    j->path = mem_strdup(path);
    j->options = value_copy(changes);
    app_start_job(a, j);
    return true;
}

static void run_prune_listed(AppJob *j)
{
    uint64_t freed;
    j->ok = run_prune(j->path, &freed, &j->error);
    j->steps = (size_t)freed;
}

static void take_pruned(App *a, AppJob *j)
{
    char number[NUMBER_ROOM];
    app_say(a, false, "%s freed; the best checkpoint and the model stay", number_format_size((double)j->steps, number));
    list_again(a, j->path);
}

static void run_delete_listed(AppJob *j)
{
    j->ok = run_delete(j->path, &j->error);
}

/* What is watched and gone is watched no more. */
static void take_deleted(App *a, AppJob *j)
{
    if (a->run && text_equal(a->run->path, j->path))
        app_watch_tail(a, NULL, false);
    app_say(a, false, "%s is gone", j->path);
    list_again(a, j->path);
}

static const AppJobKind job_prune = {.slot = APP_SLOT_DISK, .doing = "pruning", .run = run_prune_listed, .take = take_pruned},
                        job_delete = {.slot = APP_SLOT_DISK, .doing = "removing the run", .run = run_delete_listed, .take = take_deleted};

static bool start_deed(App *a, const AppJobKind *kind, const char *path, Error *e)
{
    if (!app_is_free(a, APP_SLOT_DISK, e))
        return false;
    AppJob *j = app_job_new(kind);
    j->path = mem_strdup(path);
    app_start_job(a, j);
    return true;
}

bool app_prune_run(App *a, const char *path, Error *e)
{
    return start_deed(a, &job_prune, path, e);
}

bool app_delete_run(App *a, const char *path, Error *e)
{
    return start_deed(a, &job_delete, path, e);
}

static void run_compare_listed(AppJob *j)
{
    j->found = run_compare(&j->job, &j->arguments, PART_VALID, NULL, &j->error);
    j->ok = j->found != NULL;
}

static void take_compared(App *a, AppJob *j)
{
    value_free(a->compared);
    a->compared = j->found;
    j->found = NULL;
}

static const AppJobKind job_compare = {.slot = APP_SLOT_RUN,
                                       .doing = "comparing the runs",
                                       .stopped = "given up: the runs are not compared",
                                       .waits = true,
                                       .drops = true,
                                       .run = run_compare_listed,
                                       .take = take_compared};

bool app_compare_runs(App *a, const TextList *paths, Error *e)
{
    if (!app_is_free(a, APP_SLOT_RUN, e))
        return false;
    AppJob *j = app_job_new(&job_compare);
    j->arguments = text_list_copy(paths);
    app_start_job(a, j);
    return true;
}

const Value *app_runs_compared(const App *a)
{
    return a->compared;
}
