/* Runs: every run directory here, newest first; the curves of those that are marked, laid over each other, and what differs. */
#include <math.h>
#include <string.h>

#include "base/clock.h"
#include "base/io.h"
#include "base/number.h"
#include "tui/list.h"
#include "tui/plot.h"
#include "views/commands.h"
#include "views/find_run.h"
#include "views/frame.h"
#include "views/train.h"

enum { MARKS_MAX = 4 };

typedef struct RunsState {
    ListState list;
    char *marked[MARKS_MAX]; /* paths */
    int marks;
} RunsState;

static RunsState *state_of(const Workbench *w)
{
    return VIEW_STATE(RunsState, w, VIEW_RUNS);
}

static int mark_of(const RunsState *s, const char *path)
{
    for (int i = 0; i < s->marks; i++)
        if (text_equal(s->marked[i], path))
            return i;
    return -1;
}

/* A run as it is called in a list: its directory without the time it began, "churn-3086": no two are the same. */
static const char *name_of(const Tail *run)
{
    enum { STAMP = 16 }; /* 20261123T101530Z */
    const char *name = io_base_name(run->path);
    bool is_stamped = strlen(name) > STAMP + 1 && name[8] == 'T' && name[STAMP - 1] == 'Z' && name[STAMP] == '-';
    return is_stamped ? name + STAMP + 1 : name;
}

static size_t count_kind(const Tail *run, const char *kind, int depth)
{
    size_t count = 0;
    for (size_t i = 0; depth > 0 && i < run->children_count; i++)
        count += (size_t)text_equal(run->children[i]->kind, kind) + count_kind(run->children[i], kind, depth - 1);
    return count;
}

/* What it was about: its weightiest call. */
static void kind_text(const Tail *run, Text *out)
{
    enum { DEPTH = 4 };
    static const struct {
        const char *call, *piece, *words;
    } kinds[] = {{"distill", NULL, "distill"},
                 {"tune", "trial", "trials"},
                 {"crossval", "fold", "folds"},
                 {"seeds", "seed", "seeds"},
                 {"train", NULL, "train"}};
    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++) {
        if (!text_equal(run->kind, kinds[i].call) && !count_kind(run, kinds[i].call, DEPTH))
            continue;
        if (kinds[i].piece)
            text_addf(out, "%zu ", count_kind(run, kinds[i].piece, DEPTH));
        text_add(out, kinds[i].words);
        return;
    }
    text_add(out, run->kind);
}

/* What somebody noted last, below a run too. */
static const char *last_note(const Tail *run, int depth)
{
    for (size_t i = run->notes_count; i-- > 0;)
        if (text_equal(run->notes[i].verb, "note"))
            return run->notes[i].text;
    for (size_t i = run->children_count; depth > 0 && i-- > 0;) {
        const char *found = last_note(run->children[i], depth - 1);
        if (found)
            return found;
    }
    return NULL;
}

static double headline_of(const Tail *t)
{
    return series_best_of(t, value_get_text(t->start, "metric", SERIES_VALID_LOSS), NULL);
}

/* The training that speaks for a run: the one that goes on, else what was trained last; of a study its best trial. */
static const Tail *training_of(const Tail *run)
{
    const Tail *main = tail_main(run), *best = main ? main : run, *study = find_run_of_kind(run, "tune");
    if (!study || !text_equal(best->kind, "trial") || !best->end)
        return best;
    const Metric *m = metric_of_series(value_get_text(best->start, "metric", SERIES_VALID_LOSS));
    double top = headline_of(best);
    for (size_t i = 0; m && i < study->children_count; i++) {
        double x = headline_of(study->children[i]);
        if (!isfinite(x) || (isfinite(top) && (m->is_better_high ? x <= top : x >= top)))
            continue;
        top = x;
        best = study->children[i];
    }
    return best;
}

static void epoch_text(const Tail *t, Text *out)
{
    int64_t epochs = value_get_int(t->start, "epochs", 0), epoch = value_get_int(t->last_epoch, "epoch", 0);
    char a[NUMBER_ROOM], b[NUMBER_ROOM];
    if (epochs > 9999) /* in nine cells */
        text_addf(out, "%s/%s", number_format_large((double)epoch, a), number_format_large((double)epochs, b));
    else if (epochs)
        text_addf(out, "%lld/%lld", (long long)epoch, (long long)epochs);
    else
        text_add(out, "\u00b7");
}

static void headline(const Tail *t, Text *out)
{
    char number[METRIC_TITLE_ROOM];
    const char *metric = value_get_text(t->start, "metric", SERIES_VALID_LOSS);
    double best = headline_of(t);
    text_add(out, isfinite(best) ? metric_format(metric_of_series(metric), best, number) : "\u00b7");
}

static void note_text(const Tail *run, const Tail *t, Text *out)
{
    const char *message = value_get_text(run->end, "message", ""), *said = last_note(run, 4);
    char rate[NUMBER_ROOM];
    if (said)
        text_add(out, said);
    else if (run->state == RUN_LOST)
        text_add(out, "worker lost; r resumes");
    else if (*message)
        text_add(out, message);
    else if (t->start)
        text_addf(out, "%s %s %s", value_get_text(t->start, "optimizer", ""),
                  number_format_rate(value_get_real(t->start, "learning_rate", 0), rate), value_get_text(t->start, "schedule", ""));
}

typedef struct RunRow {
    const Workbench *w;
    Tail *const *runs;
} RunRow;

/* From WIDE on a row has room for kind and time (BEGUN cells) and a note. */
enum { WIDE = 100, BEGUN = 26 };

static int name_width(Rect row)
{
    return row.width >= WIDE ? 20 + (row.width - WIDE) / 8 : row.width - 44;
}

static void paint_row(const void *self, Pen *pen, Rect row, size_t index, bool is_cursor)
{
    const RunRow *r = self;
    const Tail *run = r->runs[index], *t = training_of(run);
    const RunsState *s = state_of(r->w);
    Role role;
    Text text = {0};
    uint32_t glyph = frame_state_glyph(run->state, &role);
    int mark = mark_of(s, run->path), name = name_width(row);
    char when[16] = "";
    (void)is_cursor;
    pen_glyph(pen, row.x, row.y, role, glyph);
    pen_text_fit(pen, row.x + 2, row.y, name, mark >= 0 ? ROLE_DATA_MARKED : ROLE_UI, name_of(run));
    int x = row.x + name + 3;
    if (row.width >= WIDE) {
        kind_text(run, &text);
        pen_text_fit(pen, x, row.y, 10, ROLE_UI, text_get(&text));
        if (run->started > 0)
            clock_local_day(run->started, when);
        pen_text_fit(pen, x + 12, row.y, 12, ROLE_DATA_DATE, when);
        x += BEGUN;
    }
    pen_text_fit(pen, x, row.y, 9, role, run_state_name(run->state));
    text_clear(&text);
    epoch_text(t, &text);
    pen_text_right(pen, x + 8, row.y, 9, ROLE_DATA_NUMBER, text_get(&text));
    text_clear(&text);
    headline(t, &text);
    pen_text_right(pen, x + 18, row.y, 8, ROLE_DATA_NUMBER, text_get(&text));
    pen_text_fit(pen, x + 29, row.y, 13, ROLE_UI_DIM, value_get_text(t->start, "net", "\u00b7"));
    text_clear(&text);
    note_text(run, t, &text);
    if (row.width >= WIDE)
        pen_text_fit(pen, x + 44, row.y, row.x + row.width - x - 44, ROLE_UI_DIM, text_get(&text));
    text_done(&text);
}

static void paint_heading(Pen *pen, Rect row)
{
    int x = row.x + name_width(row) + 3;
    pen_text(pen, row.x + 2, row.y, ROLE_UI_DIM, "run");
    if (row.width >= WIDE) {
        pen_text(pen, x, row.y, ROLE_UI_DIM, "kind");
        pen_text(pen, x + 12, row.y, ROLE_UI_DIM, "begun");
        x += BEGUN;
    }
    pen_text(pen, x, row.y, ROLE_UI_DIM, "state");
    pen_text_right(pen, x + 9, row.y, 8, ROLE_UI_DIM, "epoch");
    pen_text_right(pen, x + 18, row.y, 8, ROLE_UI_DIM, "best");
    pen_text(pen, x + 29, row.y, ROLE_UI_DIM, "net");
    if (row.width >= WIDE)
        pen_text(pen, x + 44, row.y, ROLE_UI_DIM, "note");
}

static const Tail *find_run(Tail *const *runs, size_t count, const char *path)
{
    for (size_t i = 0; i < count; i++)
        if (text_equal(runs[i]->path, path))
            return runs[i];
    return NULL;
}

typedef struct Chosen {
    const Tail *run;
    const char *name;
} Chosen;

/* Marked runs by epoch; without marks the one under the cursor. */
static size_t chosen(const Workbench *w, Tail *const *runs, size_t count, Chosen out[MARKS_MAX])
{
    const RunsState *s = state_of(w);
    size_t n = 0;
    for (int i = 0; i < s->marks; i++) {
        const Tail *run = find_run(runs, count, s->marked[i]);
        if (run)
            out[n++] = (Chosen){training_of(run), name_of(run)};
    }
    if (!n && s->list.cursor < count)
        out[n++] = (Chosen){training_of(runs[s->list.cursor]), name_of(runs[s->list.cursor])};
    return n;
}

static void paint_curves(const Workbench *w, Pen *pen, Rect pane, const Chosen *runs, size_t count)
{
    static const Role roles[] = {ROLE_SERIES_5, ROLE_SERIES_6, ROLE_SERIES_7, ROLE_SERIES_8};
    PlotSeries series[MARKS_MAX];
    PlotReport report = {0};
    size_t n = 0;
    double end = 2;
    for (size_t i = 0; i < count; i++) {
        const TailSeries *s = tail_series(runs[i].run, SERIES_VALID_LOSS);
        end = fmax(end, run_last_epoch(runs[i].run));
        if (s && s->count)
            series[n++] = (PlotSeries){.x = s->x, .y = s->y, .count = s->count, .role = roles[i], .name = runs[i].name, .decimals = 3};
    }
    Plot plot = {.series = series,
                 .series_count = n,
                 .x_min = 1,
                 .x_max = end,
                 .x_axis = true,
                 .x_label = "epoch",
                 .graph = w->graph,
                 .marked = workbench_is_colorless(w),
                 .cursor_x = (double)NAN,
                 .y_label_width = 6};
    if (n)
        plot_paint(pen, (Rect){pane.x, pane.y + 1, pane.width, pane.height - 1}, &plot, &report);
    char *remark = report.above ? text_format("\u25b2 %zu above   by epoch", report.above) : mem_strdup("by epoch");
    Rect in = frame_head(pen, pane, false, "Valid loss", remark);
    mem_free(remark);
    if (!n && !(count && frame_failure(pen, in, runs[0].run)))
        pen_text_fit(pen, in.x, in.y, in.width, ROLE_UI, "This run has no curve.");
}

static void setting_text(const Tail *t, const char *name, Text *out)
{
    char number[NUMBER_ROOM];
    const Value *v = value_get(t->start, name);
    if (v && value_is_number(v))
        text_add(out, number_format_real(value_number(v), number));
    else
        text_add(out, v && v->type == VALUE_TEXT ? v->text : "\u00b7");
}

static bool settings_differ(const Chosen *runs, size_t count, const char *name)
{
    for (size_t i = 1; i < count; i++) {
        const Value *a = value_get(runs[0].run->start, name), *b = value_get(runs[i].run->start, name);
        if ((a && b && !value_equal(a, b)) || !a != !b)
            return true;
    }
    return false;
}

static void paint_differences(Pen *pen, Rect pane, const Chosen *runs, size_t count)
{
    static const char *const names[] = {"net",    "params",   "optimizer", "learning_rate", "schedule", "batch",
                                        "epochs", "patience", "seed",      "rows",          "features"};
    Rect in = frame_head(pen, pane, false, count > 1 ? "What differs" : "Settings", count > 1 ? "only these" : "");
    int y = in.y, width = count > 1 ? 12 : 24;
    for (size_t i = 0; count > 1 && i < count; i++)
        pen_text_right(pen, in.x + 14 + (int)i * (width + 1), y, width, ROLE_UI_DIM, runs[i].name);
    y += count > 1;
    for (size_t k = 0; k < sizeof names / sizeof *names && y < in.y + in.height; k++) {
        if (count > 1 && !settings_differ(runs, count, names[k]))
            continue;
        pen_text_fit(pen, in.x, y, 14, ROLE_UI_DIM, names[k]);
        for (size_t i = 0; i < count; i++) {
            Text value = {0};
            setting_text(runs[i].run, names[k], &value);
            pen_text_right(pen, in.x + 14 + (int)i * (width + 1), y, width, ROLE_DATA_NUMBER, text_get(&value));
            text_done(&value);
        }
        y++;
    }
    if (count > 1 && y == in.y + 1)
        pen_text_fit(pen, in.x, y, in.width, ROLE_UI, "Nothing: the same settings.");
}

/* Half of the body at most; a short list leaves its room to the curves. */
static int list_rows(const Workbench *w, Rect body, size_t count)
{
    enum { HEAD = 2, LEAST = 6, SPLIT_FROM = 20 };
    if (body.height < SPLIT_FROM || w->zoomed)
        return body.height;
    int half = body.height - body.height / 2 - 1, wanted = HEAD + (count < LEAST ? LEAST : (int)(count < 1000 ? count : 1000));
    return wanted < half ? wanted : half;
}

static void paint(const Workbench *w, Pen *pen, Rect body)
{
    size_t count;
    char number[NUMBER_ROOM];
    Tail *const *runs = app_runs(w->app, &count);
    if (!count) {
        static const char *const words[] = {"t train", "o open a run", NULL};
        frame_empty(pen, frame_head(pen, body, true, "Runs", app_runs_directory(w->app)),
                    app_runs_are_known(w->app) ? "No runs yet." : "Reading the runs ...", words);
        return;
    }
    int rows = list_rows(w, body, count), lower = body.height - rows - 1;
    Rect in = frame_head(pen, (Rect){body.x, body.y, body.width, rows}, true, "Runs", number_format_count((int64_t)count, number));
    paint_heading(pen, (Rect){in.x, in.y, in.width, 1});
    RunRow row = {w, runs};
    list_paint(pen, (Rect){in.x, in.y + 1, in.width, in.height - 1}, &state_of(w)->list, count, true, paint_row, &row);
    if (lower <= 0)
        return;
    Chosen marked[MARKS_MAX];
    size_t n = chosen(w, runs, count, marked);
    int y = body.y + rows + 1, left = workbench_is_narrow(w) ? body.width : body.width / 2;
    paint_curves(w, pen, (Rect){body.x, y, left, lower}, marked, n);
    if (left < body.width)
        paint_differences(pen, (Rect){body.x + left + 3, y, body.width - left - 3, lower}, marked, n);
}

static bool key(Workbench *w, Key k)
{
    size_t count;
    app_runs(w->app, &count);
    return count && list_key(&state_of(w)->list, k, count, w->body.height / 2 - 2);
}

static void follow(Workbench *w)
{
    size_t count;
    app_runs(w->app, &count);
    list_fix(&state_of(w)->list, count, w->body.height / 2 - 2);
}

static const Tail *run_here(const Workbench *w)
{
    size_t count;
    Tail *const *runs = app_runs(w->app, &count);
    size_t at = state_of(w)->list.cursor;
    return at < count ? runs[at] : NULL;
}

static void status(const Workbench *w, Text *left, Text *right)
{
    const Tail *run = run_here(w);
    const char *why = run ? value_get_text(training_of(run)->end, "why", "") : "";
    if (run)
        text_addf(left, "%s%s%s", run->path, *why ? "   " : "", why);
    else
        text_add(left, "no runs yet");
    if (state_of(w)->marks)
        text_addf(right, "%d marked", state_of(w)->marks);
}

static void done(Workbench *w)
{
    RunsState *s = state_of(w);
    for (int i = 0; i < s->marks; i++)
        mem_free(s->marked[i]);
}

const View view_runs = {.name = "Runs",
                        .state_size = sizeof(RunsState),
                        .paint = paint,
                        .key = key,
                        .status = status,
                        .refresh = follow,
                        .done = done,
                        .panes = 1};

static bool need_row(const Workbench *w, Text *why)
{
    if (run_here(w))
        return true;
    text_add(why, "no runs yet; t trains");
    return false;
}

static bool run_open(Workbench *w, const char *argument, Error *e)
{
    (void)argument;
    char *path = mem_strdup(run_here(w)->path);
    w->waits_in = w->view;
    bool ok = app_watch(w->app, path, e);
    mem_free(path);
    return ok;
}

static bool run_mark(Workbench *w, const char *argument, Error *e)
{
    (void)argument;
    RunsState *s = state_of(w);
    const char *path = run_here(w)->path;
    int at = mark_of(s, path);
    if (at < 0 && s->marks == MARKS_MAX)
        return error_set(e, ERROR_FAILED, "%d runs are marked already; s on one unmarks it", MARKS_MAX);
    if (at < 0) {
        s->marked[s->marks++] = mem_strdup(path);
        return true;
    }
    mem_free(s->marked[at]);
    s->marked[at] = s->marked[--s->marks];
    return true;
}

static bool run_resume(Workbench *w, const char *argument, Error *e)
{
    (void)argument;
    char *path = mem_strdup(run_here(w)->path);
    w->waits_in = w->view;
    bool ok = app_resume(w->app, path, e);
    mem_free(path);
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
RUNS(resume, "start the worker of this run again", "r", 3, "resume", run_resume, need_row);
