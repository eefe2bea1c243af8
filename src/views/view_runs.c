/* Runs: the cards of every run here, newest first or as asked; what a run consists of opens below it. Under the list are the curves of the
 * marked ones and what differs. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "app/run_card.h"
#include "base/clock.h"
#include "base/io.h"
#include "base/number.h"
#include "learn/figure.h"
#include "net/metrics/metric.h"
#include "views/frame.h"
#include "views/runs.h"

enum { WIDE = 100, NARROW = 70, LIST_SPLIT_FROM = 20, INDENT = 2 };

int runs_mark_of(const RunsState *s, const char *path)
{
    for (int i = 0; i < s->marks; i++)
        if (text_equal(s->marked[i], path))
            return i;
    return -1;
}

static const char *path_of(const Value *card)
{
    return value_get_text(card, "path", "");
}

static const Value *find_card(const Value *cards, const char *path)
{
    for (size_t i = 0; i < value_items(cards); i++)
        if (text_equal(path_of(cards->items[i]), path))
            return cards->items[i];
    return NULL;
}

const Value *runs_find(const RunsState *s, const char *path)
{
    const Value *shown = find_card(s->rows, path);
    return shown ? shown : find_card(s->kept, path);
}

const Value *runs_here(const Workbench *w)
{
    const RunsState *s = runs_state(w);
    return s->list.cursor < value_items(s->rows) ? s->rows->items[s->list.cursor] : NULL;
}

/* What is not put away, filtered and sorted as asked. An expression that no longer holds shows all and says why. */
static Value *chosen_cards(Workbench *w, const RunsState *s)
{
    const Value *all = app_run_cards(w->app);
    Value *cards = value_list();
    Error e = {0};
    for (size_t i = 0; i < all->size; i++)
        if (s->all || !value_get_flag(all->items[i], "archived", false))
            value_add(cards, value_copy(all->items[i]));
    Value *next = s->filter ? run_cards_filter(cards, s->filter, &e) : NULL;
    if (next) {
        value_free(cards);
        cards = next;
    }
    next = s->sort && !e.code ? run_cards_sort(cards, s->sort, s->descending, &e) : NULL;
    if (next) {
        value_free(cards);
        cards = next;
    }
    if (e.code)
        app_say(w->app, true, "%s", e.message);
    return cards;
}

static void add_rows(Workbench *w, Value *rows, const Value *cards, int depth)
{
    enum { DEPTH_MOST = 6 };
    const RunsState *s = runs_state(w);
    for (size_t i = 0; cards && i < cards->size; i++) {
        Value *row = value_copy(cards->items[i]);
        value_set(row, "depth", value_int(depth));
        value_add(rows, row);
        if (depth < DEPTH_MOST && text_list_has(&s->open, path_of(row))) {
            Value *below = value_copy(app_listed_below(w->app, path_of(row)));
            add_rows(w, rows, below, depth + 1);
            value_free(below);
        }
    }
}

/* A run that a filter hides stays marked, or pinned. One that was marked below a closed run keeps its last card. */
static void keep_hidden(Workbench *w, RunsState *s, const Value *rows)
{
    Value *kept = value_list();
    for (int i = -1; i < s->marks; i++) {
        const char *path = i < 0 ? s->pinned : s->marked[i];
        if (!path || find_card(rows, path) || find_card(kept, path))
            continue;
        const Value *card = find_card(app_run_cards(w->app), path);
        card = card ? card : runs_find(s, path);
        if (card)
            value_add(kept, value_copy(card));
    }
    value_free(s->kept);
    s->kept = kept;
}

void runs_remake(Workbench *w)
{
    RunsState *s = runs_state(w);
    const Value *here = runs_here(w);
    char *path = here ? mem_strdup(path_of(here)) : NULL;
    Value *cards = chosen_cards(w, s), *rows = value_list();
    add_rows(w, rows, cards, 0);
    value_free(cards);
    keep_hidden(w, s, rows);
    value_free(s->rows);
    s->rows = rows;
    s->version = app_runs_version(w->app);
    s->is_made = true;
    for (size_t i = 0; path && i < rows->size; i++) /* the cursor stays on its run */
        if (text_equal(path_of(rows->items[i]), path))
            s->list.cursor = i;
    mem_free(path);
    list_fix(&s->list, rows->size, w->body.height / 2 - 2);
}

/* Painting sees the rows as they were made last; what has changed since is taken up here. */
static const RunsState *fresh_state(const Workbench *w)
{
    const RunsState *s = runs_state(w);
    app_run_cards(w->app);
    if (!s->is_made || s->version != app_runs_version(w->app))
        runs_remake((Workbench *)(uintptr_t)w);
    return s;
}

typedef struct Columns { /* left edges, 0: not shown; the run comes first */
    int run_width, what, state, epoch, best, gain, net, time, size, note, note_width, when;
} Columns;

static Columns columns_of(const RunsState *s, Rect row)
{
    Columns c = {0};
    int x = row.x + 3, end = row.x + row.width;
    if (row.width < NARROW) {
        c.run_width = row.width - 33;
        x += c.run_width + 1;
        c = (Columns){.run_width = c.run_width, .state = x, .epoch = x + 10, .best = x + 20};
        return c;
    }
    bool is_wide = row.width >= WIDE;
    c.run_width = is_wide ? 18 + (row.width - WIDE) / 8 : row.width - 64;
    x += c.run_width + 1;
    c.what = x;
    c.state = x + 11;
    c.epoch = x + 20;
    c.best = x + 30;
    x += 38;
    if (is_wide && s->pinned) {
        c.gain = x + 1;
        x += 9;
    }
    c.net = x + 2;
    x += 2 + (is_wide ? 13 : 8);
    c.time = x + 1;
    x += 8;
    if (is_wide) {
        c.size = x + 1;
        c.note = x + 11;
        c.when = end - 6;
        c.note_width = c.when - c.note - 1;
    }
    return c;
}

static void epoch_text(const Value *card, Text *out)
{
    int64_t epochs = value_get_int(card, "epochs", 0), epoch = value_get_int(card, "epoch", 0);
    char a[NUMBER_ROOM], b[NUMBER_ROOM];
    if (epochs > 9999) /* in nine cells */
        text_addf(out, "%s/%s", number_format_large((double)epoch, a), number_format_large((double)epochs, b));
    else if (epochs)
        text_addf(out, "%lld/%lld", (long long)epoch, (long long)epochs);
    else
        text_add(out, "\u00b7");
}

static const Metric *metric_of(const Value *card)
{
    return metric_of_series(value_get_text(card, "metric", SERIES_VALID_LOSS));
}

static RunState state_of(const Value *card)
{
    return run_state_of_name(value_get_text(card, "state", ""));
}

static void note_text(const Value *card, Text *out)
{
    const char *tags = value_get_text(card, "tags", ""), *notes = value_get_text(card, "notes", "");
    RunState state = state_of(card);
    char rate[NUMBER_ROOM];
    text_addf(out, "%s%s%s", tags, *tags && *notes ? ": " : "", notes);
    if (out->size)
        return;
    if (value_get(card, "sd")) {
        Figure f = {value_get_real(card, "mean", NAN), value_get_real(card, "sd", NAN), figure_decimals(metric_of(card)), false};
        figure_add(out, &f);
        return;
    }
    if (state == RUN_LOST)
        text_add(out, "worker lost; r resumes");
    else if (state == RUN_FAILED || state == RUN_DIVERGED)
        text_add(out, value_get_text(card, "message", ""));
    else if (*value_get_text(card, "optimizer", ""))
        text_addf(out, "%s %s %s", value_get_text(card, "optimizer", ""),
                  number_format_rate(value_get_real(card, "learning_rate", 0), rate), value_get_text(card, "schedule", ""));
}

/* Differences to the pinned run, of the same metric only. */
static void gain_text(const RunsState *s, const Value *card, Text *out)
{
    const Value *base = s->pinned ? runs_find(s, s->pinned) : NULL;
    double own = value_get_real(card, "best", NAN), other = value_get_real(base, "best", NAN);
    const char *metric = value_get_text(card, "metric", "");
    if (base == card && base)
        text_add(out, "pinned");
    else if (base && isfinite(own) && isfinite(other) && text_equal(metric, value_get_text(base, "metric", "")))
        text_addf(out, "%s%.*f", own < other ? "\u2212" : "+", metric_of(card) ? metric_of(card)->decimals : 4, fabs(own - other));
    else
        text_add(out, "\u00b7");
}

static void paint_text(Pen *pen, int x, int y, int width, Role role, Text *text, bool right)
{
    if (x && right)
        pen_text_right(pen, x, y, width, role, text_get(text));
    else if (x)
        pen_text_fit(pen, x, y, width, role, text_get(text));
    text_clear(text);
}

static void paint_figures(const RunsState *s, Pen *pen, const Columns *c, const Value *card, int y)
{
    char number[METRIC_TITLE_ROOM], day[16] = "";
    Text text = {0};
    double best = value_get_real(card, "best", NAN), begun = value_get_real(card, "begun", 0);
    epoch_text(card, &text);
    paint_text(pen, c->epoch, y, 9, ROLE_DATA_NUMBER, &text, true);
    text_add(&text, isfinite(best) ? metric_format(metric_of(card), best, number) : "\u00b7");
    paint_text(pen, c->best, y, 8, ROLE_DATA_NUMBER, &text, true);
    gain_text(s, card, &text);
    paint_text(pen, c->gain, y, 8, ROLE_UI_DIM, &text, true);
    text_add(&text, *value_get_text(card, "net", "") ? value_get_text(card, "net", "") : "\u00b7");
    paint_text(pen, c->net, y, c->size ? 13 : 8, ROLE_UI_DIM, &text, false);
    text_add(&text, number_format_time(value_get_real(card, "seconds", 0), number));
    paint_text(pen, c->time, y, 7, ROLE_DATA_NUMBER, &text, true);
    int64_t bytes = value_get_int(card, "model_bytes", 0);
    text_add(&text, bytes ? number_format_size((double)bytes, number) : "\u00b7");
    paint_text(pen, c->size, y, 8, ROLE_DATA_NUMBER, &text, true);
    if (begun > 0)
        clock_local_day(begun, day);
    text_add_bytes(&text, day, strlen(day) < 6 ? strlen(day) : 6);
    paint_text(pen, c->when, y, 6, ROLE_DATA_DATE, &text, true);
    note_text(card, &text);
    paint_text(pen, c->note, y, c->note_width, ROLE_UI_DIM, &text, false);
    text_done(&text);
}

static const char *title_of(const Value *card)
{
    const char *run = value_get_text(card, "run", ""), *name = value_get_text(card, "name", "");
    bool is_labelled = *name && !text_starts(run, name) && !text_equal(name, value_get_text(card, "kind", ""));
    return is_labelled && !value_get_int(card, "depth", 0) ? name : run;
}

static void paint_row(const void *self, Pen *pen, Rect row, size_t index, bool is_cursor)
{
    const Workbench *w = self;
    const RunsState *s = runs_state(w);
    const Value *card = s->rows->items[index];
    Columns c = columns_of(s, row);
    Role role;
    uint32_t glyph = frame_state_glyph(state_of(card), &role);
    int indent = INDENT * (int)value_get_int(card, "depth", 0);
    bool has_pieces = value_get_int(card, "pieces", 0) > 0, is_open = text_list_has(&s->open, path_of(card));
    (void)is_cursor;
    indent = indent < c.run_width / 2 ? indent : c.run_width / 2;
    pen_glyph(pen, row.x + indent, row.y, role, glyph);
    if (has_pieces)
        pen_glyph(pen, row.x + indent + 1, row.y, ROLE_UI_DIM, is_open ? 0x25be : 0x25b8);
    pen_text_fit(pen, row.x + 3 + indent, row.y, c.run_width - indent, runs_mark_of(s, path_of(card)) >= 0 ? ROLE_DATA_MARKED : ROLE_UI,
                 title_of(card));
    if (c.what)
        pen_text_fit(pen, c.what, row.y, 10, ROLE_UI, value_get_text(card, "what", ""));
    pen_text_fit(pen, c.state, row.y, 9, role, value_get_text(card, "state", ""));
    paint_figures(s, pen, &c, card, row.y);
}

static void paint_heading(const RunsState *s, Pen *pen, Rect row)
{
    Columns c = columns_of(s, row);
    const struct {
        int x, width;
        const char *title;
        bool right;
    } heads[] = {{row.x + 3, 8, "run", false}, {c.what, 10, "kind", false}, {c.state, 9, "state", false},
                 {c.epoch, 9, "epoch", true},  {c.best, 8, "best", true},   {c.gain, 8, "\u2212 pinned", true},
                 {c.net, 8, "net", false},     {c.time, 7, "time", true},   {c.size, 8, "model", true},
                 {c.note, 4, "note", false},   {c.when, 6, "begun", true}};
    for (size_t i = 0; i < sizeof heads / sizeof *heads; i++) {
        if (!heads[i].x)
            continue;
        if (heads[i].right)
            pen_text_right(pen, heads[i].x, row.y, heads[i].width, ROLE_UI_DIM, heads[i].title);
        else
            pen_text_fit(pen, heads[i].x, row.y, heads[i].width, ROLE_UI_DIM, heads[i].title);
    }
}

/* Half of the body at most; a short list leaves its room to the curves. */
static int list_rows(const Workbench *w, Rect body, size_t count)
{
    enum { HEAD = 2, LEAST = 6 };
    if (body.height < LIST_SPLIT_FROM || w->zoomed)
        return body.height;
    int half = body.height - body.height / 2 - 1, wanted = HEAD + (count < LEAST ? LEAST : (int)(count < 1000 ? count : 1000));
    return wanted < half ? wanted : half;
}

static void paint_none(const Workbench *w, const RunsState *s, Pen *pen, Rect body)
{
    static const char *const words[] = {"t train", "o open a run", NULL}, *const filtered[] = {"& filter", NULL};
    Rect in = frame_head(pen, body, true, "Runs", app_runs_directory(w->app));
    bool hidden = app_run_cards(w->app)->size > 0;
    frame_empty(pen, in,
                hidden && s->filter          ? "No run for which the filter is true."
                : hidden                     ? "All runs are archived; H shows them."
                : app_runs_are_known(w->app) ? "No runs yet."
                                             : "Reading the runs ...",
                hidden ? filtered : words);
}

/* "12 of 40: best > 0.8   by best, highest first" */
static char *list_remark(const Workbench *w, const RunsState *s)
{
    Text out = {0};
    char number[NUMBER_ROOM];
    size_t all = app_run_cards(w->app)->size, shown = 0;
    for (size_t i = 0; i < s->rows->size; i++)
        shown += value_get_int(s->rows->items[i], "depth", 0) == 0;
    if (shown != all)
        text_addf(&out, "%zu of ", shown);
    text_add(&out, number_format_count((int64_t)all, number));
    if (s->filter)
        text_addf(&out, ": %s", s->filter);
    if (s->sort)
        text_addf(&out, "   by %s%s", s->sort, s->descending ? ", highest first" : "");
    return text_take(&out);
}

static void paint(const Workbench *w, Pen *pen, Rect body)
{
    const RunsState *s = fresh_state(w);
    size_t count = value_items(s->rows);
    if (!count) {
        paint_none(w, s, pen, body);
        return;
    }
    int rows = list_rows(w, body, count), lower = body.height - rows - 1;
    char *remark = list_remark(w, s);
    Rect in = frame_head(pen, (Rect){body.x, body.y, body.width, rows}, true, "Runs", remark);
    mem_free(remark);
    paint_heading(s, pen, (Rect){in.x, in.y, in.width, 1});
    list_paint(pen, (Rect){in.x, in.y + 1, in.width, in.height - 1}, &s->list, count, true, paint_row, w);
    if (lower <= 0)
        return;
    int y = body.y + rows + 1, left = workbench_is_narrow(w) ? body.width : body.width / 2;
    runs_paint_left(w, pen, (Rect){body.x, y, left, lower});
    if (left < body.width)
        runs_paint_right(w, pen, (Rect){body.x + left + 3, y, body.width - left - 3, lower});
}

static bool key(Workbench *w, Key k)
{
    RunsState *s = runs_state(w);
    fresh_state(w);
    size_t count = value_items(s->rows);
    return count && list_key(&s->list, k, count, w->body.height / 2 - 2);
}

static void follow(Workbench *w)
{
    fresh_state(w);
}

static void status(const Workbench *w, Text *left, Text *right)
{
    const RunsState *s = runs_state(w);
    const Value *card = runs_here(w);
    const char *why = value_get_text(card, "message", "");
    char day[16];
    if (card)
        text_addf(left, "%s%s%s", path_of(card), *why ? "   " : "", why);
    else
        text_add(left, app_run_cards(w->app)->size ? "no run is shown" : "no runs yet");
    if (card && value_get_real(card, "begun", 0) > 0) {
        clock_local_day(value_get_real(card, "begun", 0), day);
        text_addf(right, "begun %s", day);
    }
    if (s->marks)
        text_addf(right, "%s%d marked", right->size ? "   " : "", s->marks);
}

static void done(Workbench *w)
{
    RunsState *s = runs_state(w);
    for (int i = 0; i < s->marks; i++)
        mem_free(s->marked[i]);
    value_free(s->rows);
    value_free(s->kept);
    mem_free(s->filter);
    mem_free(s->sort);
    mem_free(s->pinned);
    mem_free(s->asked);
    mem_free(s->x);
    mem_free(s->y);
    text_list_done(&s->open);
}

const View view_runs = {.name = "Runs",
                        .state_size = sizeof(RunsState),
                        .paint = paint,
                        .key = key,
                        .status = status,
                        .refresh = follow,
                        .done = done,
                        .panes = 1};
