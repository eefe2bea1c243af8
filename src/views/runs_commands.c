/* Commands of the Runs view. */
#include <string.h>

#include "app/run_card.h"
#include "base/io.h"
#include "base/number.h"
#include "run/labels.h"
#include "run/run_disk.h"
#include "views/commands.h"
#include "views/runs.h"

static bool need_row(const Workbench *w, Text *why)
{
    if (runs_here(w))
        return true;
    text_add(why, "no runs yet; t trains");
    return false;
}

static const char *path_here(const Workbench *w)
{
    return value_get_text(runs_here(w), "path", "");
}

static bool run_open(Workbench *w, const char *argument, Error *e)
{
    (void)argument;
    w->waits_in = w->view;
    return app_watch(w->app, path_here(w), e);
}

static bool run_mark(Workbench *w, const char *argument, Error *e)
{
    (void)argument;
    RunsState *s = runs_state(w);
    int at = runs_mark_of(s, path_here(w));
    if (at < 0 && s->marks == RUNS_MARKS_MAX)
        return error_set(e, ERROR_FAILED, "%d runs are marked already; s on one unmarks it", RUNS_MARKS_MAX);
    if (at < 0) {
        s->marked[s->marks++] = mem_strdup(path_here(w));
        return true;
    }
    mem_free(s->marked[at]);
    s->marked[at] = s->marked[--s->marks];
    return true;
}

static bool run_resume(Workbench *w, const char *argument, Error *e)
{
    (void)argument;
    w->waits_in = w->view;
    return app_resume(w->app, path_here(w), e);
}

static bool need_pieces(const Workbench *w, Text *why)
{
    if (value_get_int(runs_here(w), "pieces", 0) > 0)
        return true;
    text_add(why, "this run has no pieces");
    return false;
}

static bool run_unfold(Workbench *w, const char *argument, Error *e)
{
    (void)argument, (void)e;
    RunsState *s = runs_state(w);
    if (!text_list_has(&s->open, path_here(w)))
        text_list_add(&s->open, path_here(w));
    runs_remake(w);
    return true;
}

static bool need_open(const Workbench *w, Text *why)
{
    if (runs_here(w) && (text_list_has(&runs_state(w)->open, path_here(w)) || value_get_int(runs_here(w), "depth", 0) > 0))
        return true;
    text_add(why, "nothing is open here; Right shows what a run consists of");
    return false;
}

/* Closes the run, or the one above it. */
static bool run_fold(Workbench *w, const char *argument, Error *e)
{
    (void)argument, (void)e;
    RunsState *s = runs_state(w);
    size_t at = s->list.cursor;
    int64_t depth = value_get_int(runs_here(w), "depth", 0);
    if (!text_list_has(&s->open, path_here(w)) && depth > 0)
        while (at > 0 && value_get_int(s->rows->items[at], "depth", 0) >= depth)
            at--;
    s->list.cursor = at;
    TextList kept = {0};
    for (size_t i = 0; i < s->open.count; i++)
        if (!text_equal(s->open.items[i], path_here(w)))
            text_list_add(&kept, s->open.items[i]);
    text_list_done(&s->open);
    s->open = kept;
    runs_remake(w);
    return true;
}

static void put_text(char **place, const char *text)
{
    char *next = *text ? mem_strdup(text) : NULL;
    mem_free(*place);
    *place = next;
}

static bool filter_answer(Workbench *w, const char *text, Error *e)
{
    Value *kept = *text ? run_cards_filter(app_run_cards(w->app), text, e) : NULL;
    if (*text && !kept)
        return false;
    value_free(kept);
    put_text(&runs_state(w)->filter, text);
    runs_remake(w);
    return true;
}

static bool run_filter(Workbench *w, const char *argument, Error *e)
{
    if (argument)
        return filter_answer(w, argument, e);
    const char *now = runs_state(w)->filter;
    popup_ask(w, "Only runs for which this is true: best > 0.8 and state = 'done'; nothing: all", now ? now : "", filter_answer);
    return true;
}

/* "-best": the highest first. */
static bool sort_answer(Workbench *w, const char *text, Error *e)
{
    RunsState *s = runs_state(w);
    const char *figure = text + (*text == '-');
    Value *sorted = *figure ? run_cards_sort(app_run_cards(w->app), figure, false, e) : NULL;
    if (*figure && !sorted)
        return false;
    value_free(sorted);
    put_text(&s->sort, figure);
    s->descending = *text == '-';
    runs_remake(w);
    return true;
}

static bool run_sort(Workbench *w, const char *argument, Error *e)
{
    if (argument)
        return sort_answer(w, argument, e);
    popup_ask(w, "Sort by a figure: best, seconds, params; -best: the highest first; nothing: newest first", "-best", sort_answer);
    return true;
}

static bool run_pin(Workbench *w, const char *argument, Error *e)
{
    (void)argument, (void)e;
    RunsState *s = runs_state(w);
    bool off = text_equal(s->pinned, path_here(w));
    put_text(&s->pinned, off ? "" : path_here(w));
    if (!off)
        s->right = RUNS_BASELINE;
    return true;
}

typedef struct LabelForm {
    char *name, *tags, *notes;
} LabelForm;

static const Field label_fields[] = {
    {TEXT_FIELD(LabelForm, name), .doc = "what the run is called", .def = ""},
    {TEXT_FIELD(LabelForm, tags), .doc = "words to find it by", .def = ""},
    {TEXT_FIELD(LabelForm, notes), .doc = "what is to be known of it", .def = ""},
    {0},
};
static const Spec label_spec = {
    .name = "label", .doc = "name, tags and notes of a run", .params = label_fields, .params_size = sizeof(LabelForm)};

/* A name that is as it was is no label. */
static bool apply_label(Workbench *w, void *self, const Value *params, Error *e)
{
    Value *changes = value_map();
    const Value *card = runs_find(runs_state(w), self);
    const char *name = value_get_text(params, "name", "");
    if (!text_equal(name, value_get_text(card, "name", "")))
        value_set(changes, "name", value_text(name));
    value_set(changes, "tags", labels_split_tags(value_get_text(params, "tags", "")));
    value_set(changes, "notes", value_text(value_get_text(params, "notes", "")));
    bool ok = app_label_run(w->app, self, changes, e);
    value_free(changes);
    return ok;
}

static bool run_label(Workbench *w, const char *argument, Error *e)
{
    (void)argument, (void)e;
    static const char *const names[] = {"name", "tags", "notes"};
    Value *params = value_map();
    for (size_t i = 0; i < 3; i++)
        value_set(params, names[i], value_text(value_get_text(runs_here(w), names[i], "")));
    popup_form(w, &(FormUse){.spec = &label_spec,
                             .params = params,
                             .remark = "labels.json",
                             .lua_prefix = "",
                             .apply = apply_label,
                             .self = mem_strdup(path_here(w))});
    value_free(params);
    return true;
}

static bool run_archive(Workbench *w, const char *argument, Error *e)
{
    (void)argument;
    Value *changes = value_map();
    bool now = !value_get_flag(runs_here(w), "archived", false);
    value_set(changes, "archived", value_flag(now));
    bool ok = app_label_run(w->app, path_here(w), changes, e);
    value_free(changes);
    if (ok)
        app_say(w->app, false, now ? "archived; H shows archived runs too" : "listed again");
    return ok;
}

static bool run_archived(Workbench *w, const char *argument, Error *e)
{
    (void)argument, (void)e;
    RunsState *s = runs_state(w);
    s->all = !s->all;
    runs_remake(w);
    app_say(w->app, false, s->all ? "archived runs are listed too" : "archived runs are left out");
    return true;
}

static bool run_charts(Workbench *w, const char *argument, Error *e)
{
    (void)argument, (void)e;
    RunsState *s = runs_state(w);
    s->left = (s->left + 1) % RUNS_LEFTS;
    return true;
}

static bool run_beside(Workbench *w, const char *argument, Error *e)
{
    (void)argument, (void)e;
    RunsState *s = runs_state(w);
    s->right = (s->right + 1) % RUNS_RIGHTS;
    return true;
}

/* "params best" */
static bool axes_answer(Workbench *w, const char *text, Error *e)
{
    RunsState *s = runs_state(w);
    size_t first = strcspn(text, " "), gap = strspn(text + first, " ");
    char *x = mem_strndup(text, first);
    const char *y = text[first + gap] ? text + first + gap : "best";
    Value *a = run_cards_sort(app_run_cards(w->app), x, false, e), *b = a ? run_cards_sort(app_run_cards(w->app), y, false, e) : NULL;
    if (b) {
        put_text(&s->x, x);
        put_text(&s->y, y);
        s->left = RUNS_SCATTER;
    }
    bool ok = b != NULL;
    value_free(a);
    value_free(b);
    mem_free(x);
    return ok;
}

static bool run_axes(Workbench *w, const char *argument, Error *e)
{
    if (argument)
        return axes_answer(w, argument, e);
    popup_ask(w, "Figures of the scatter: across and up", "params best", axes_answer);
    return true;
}

static bool is_yes(const char *text)
{
    return text_equal(text, "y") || text_equal(text, "yes");
}

/* The question is about the run that was under the cursor when it was put. */
static bool ask_about(Workbench *w, const char *question, bool (*answer)(Workbench *w, const char *text, Error *e))
{
    RunDisk disk = {0};
    Error ignored = {0};
    char all[NUMBER_ROOM], prunable[NUMBER_ROOM];
    put_text(&runs_state(w)->asked, path_here(w));
    run_disk(path_here(w), &disk, &ignored);
    char *title = text_format("%s %s: %s, %s of it checkpoints that can go. y does it", question, value_get_text(runs_here(w), "run", ""),
                              number_format_size((double)disk.bytes, all), number_format_size((double)disk.prunable, prunable));
    popup_ask(w, title, "n", answer);
    mem_free(title);
    return true;
}

static bool prune_answer(Workbench *w, const char *text, Error *e)
{
    return !is_yes(text) || app_prune_run(w->app, runs_state(w)->asked, e);
}

static bool delete_answer(Workbench *w, const char *text, Error *e)
{
    return !is_yes(text) || app_delete_run(w->app, runs_state(w)->asked, e);
}

static bool run_prune_here(Workbench *w, const char *argument, Error *e)
{
    (void)argument, (void)e;
    return ask_about(w, "Prune the checkpoints of", prune_answer);
}

static bool run_delete_here(Workbench *w, const char *argument, Error *e)
{
    (void)argument, (void)e;
    return ask_about(w, "Delete, with its models,", delete_answer);
}

static bool need_two(const Workbench *w, Text *why)
{
    const RunsState *s = runs_state(w);
    if (s->marks > 1 || (s->marks == 1 && s->pinned && !text_equal(s->pinned, s->marked[0])))
        return true;
    text_add(why, "mark two runs with s, or one and pin another with P");
    return false;
}

/* Against the pinned run, else the one that was marked first. */
static bool run_compare_marked(Workbench *w, const char *argument, Error *e)
{
    (void)argument;
    RunsState *s = runs_state(w);
    TextList paths = {0};
    if (s->pinned)
        text_list_add(&paths, s->pinned);
    for (int i = 0; i < s->marks; i++)
        if (!text_equal(s->marked[i], s->pinned))
            text_list_add(&paths, s->marked[i]);
    bool ok = app_compare_runs(w->app, &paths, e);
    text_list_done(&paths);
    if (ok)
        s->right = RUNS_COMPARED;
    return ok;
}

/* Its script as a session, to be changed and run anew. */
static bool run_clone(Workbench *w, const char *argument, Error *e)
{
    (void)argument;
    char *script = io_join(path_here(w), "script.lua");
    IoInfo info;
    bool there = io_stat(script, &info);
    bool ok =
        there ? open_path(w, script, e) : error_set(e, ERROR_FAILED, "a piece of a run has no script of its own; the run above it has");
    mem_free(script);
    return ok;
}

#define RUNS(id, text, k, place, short_word, fn, may) \
    const Command command_runs_##id = {.spec = {.name = "runs_" #id, .doc = text, .group = "R runs"}, \
                                       .key = k, \
                                       .views = IN(VIEW_RUNS), \
                                       .hint = place, \
                                       .word = short_word, \
                                       .can_run = may, \
                                       .run = fn}

RUNS(open, "watch this run", "<Enter>", 1, "open", run_open, need_row);
RUNS(mark, "mark: marked runs share the chart", "s", 2, "mark", run_mark, need_row);
RUNS(unfold, "show what this run consists of", "<Right>", 3, "pieces", run_unfold, need_pieces);
RUNS(fold, "close it again", "<Left>", 0, NULL, run_fold, need_open);
RUNS(pin, "pin as baseline: the others are shown against it", "P", 4, "pin", run_pin, need_row);
RUNS(filter, "only runs for which an expression is true", "&", 5, "filter", run_filter, NULL);
RUNS(sort, "sort by a figure", "S", 6, "sort", run_sort, NULL);
RUNS(resume, "start the worker of this run again", "r", 7, "resume", run_resume, need_row);
RUNS(label, "name, tags and notes of this run", "e", 8, "label", run_label, need_row);
RUNS(clone, "open its script as a session, to change one thing and train", "c", 9, "clone", run_clone, need_row);
RUNS(archive, "put this run away, or list it again", "a", 0, NULL, run_archive, need_row);
RUNS(archived, "show archived runs too, or not", "H", 0, NULL, run_archived, NULL);
RUNS(compare, "models of marked runs on the same rows, with intervals", "T", 0, NULL, run_compare_marked, need_two);
RUNS(prune, "remove checkpoints of this run that nothing needs", "C", 0, NULL, run_prune_here, need_row);
RUNS(delete, "remove this run, with all that is in it", "X", 0, NULL, run_delete_here, need_row);
RUNS(charts, "curves, scatter, or parallel coordinates", "v", 0, NULL, run_charts, need_row);
RUNS(axes, "figures of the scatter", "x", 0, NULL, run_axes, need_row);
RUNS(beside, "what differs, against the pinned run, lineage, or compared", "b", 0, NULL, run_beside, need_row);
