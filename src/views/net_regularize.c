/* Ways to regularize side by side, over the view: a table that fills while their nets are trained, and what noise does to each. */
#include <math.h>

#include "learn/figure.h"
#include "learn/regularize.h"
#include "tui/list.h"
#include "tui/plot.h"
#include "views/commands.h"
#include "views/find_run.h"
#include "views/frame.h"
#include "views/net.h"
#include "views/recipe.h"

enum { MARK = 2, NAME = 11, NUMBER = 8, GAIN = 18, WIDE = 100, MIDDLE = 68, LEAST_PLOT = 7, MOST_PLOT = 22, CHOSEN = 0x25c6 };

typedef struct BenchScreen {
    ListState list;
    bool curves; /* in place of the table, where there is no room for both */
} BenchScreen;

/* What painting a row needs. */
typedef struct BenchRows {
    const Workbench *w;
    const Value *answer, *variants;
    const Metric *metric;
    double noise; /* that the verdict is about; 0: there is none */
    int width;
} BenchRows;

static BenchRows rows_of(const Workbench *w)
{
    const Value *answer = app_answer(w->app, APP_REGULARIZE);
    return (BenchRows){.w = w,
                       .answer = answer,
                       .variants = value_get(answer, "variants"),
                       .metric = metric_find(value_get_text(answer, "metric", METRIC_LOSS)),
                       .noise = value_get_real(answer, "judged_noise", 0)};
}

static const char *name_of(const BenchRows *b, size_t at)
{
    return at < value_items(b->variants) ? value_get_text(b->variants->items[at], "variant", "") : "";
}

/* The document stands there: this variant would change nothing. */
static bool is_chosen(const BenchRows *b, const char *name)
{
    Error ignored = {0};
    const Document *d = app_document(b->w->app);
    RegularizePlan *by = params_new(&regularize_spec);
    const Value *strengths = value_get(b->answer, "strengths");
    for (size_t i = 0; i < value_entries(strengths); i++) {
        const Field *f = fields_find(regularize_spec.params, strengths->keys[i]);
        if (f)
            field_set(f, by, strengths->items[i], f->name, &ignored);
    }
    TrainPlan *same = d ? params_copy(&train_spec, &d->train) : NULL;
    bool chosen = same && variant_apply(same, variant_find(name), by, &ignored) && params_equal(&train_spec, same, &d->train);
    params_free(&train_spec, same);
    params_free(&regularize_spec, by);
    return chosen;
}

static int put(Pen *pen, Rect row, int x, Role role, const char *text)
{
    pen_text_right(pen, x, row.y, NUMBER, role, text);
    return x + NUMBER;
}

static int put_figure(const BenchRows *b, Pen *pen, Rect row, int x, double figure)
{
    char number[METRIC_TITLE_ROOM];
    return put(pen, row, x, ROLE_DATA_NUMBER, isfinite(figure) ? metric_format(b->metric, figure, number) : "\u00b7");
}

static int put_gain(const BenchRows *b, Pen *pen, Rect row, int x, const Value *point)
{
    const Value *gain = value_get(point, "gain");
    Text text = {0};
    if (gain) {
        worth_add(gain, figure_decimals(b->metric), &text);
        pen_text_right(pen, x, row.y, GAIN, worth_role(gain), text_get(&text));
    }
    text_done(&text);
    return x + GAIN;
}

/* Before the end there are no intervals: how many nets stand behind the figures. */
static void put_progress(const BenchRows *b, Pen *pen, Rect row, int x, const Value *one)
{
    long long seeds = (long long)value_get_int(b->answer, "seeds", 0), done = (long long)value_items(value_get(one, "seeds"));
    char *text = text_format("%lld of %lld seeds", done, seeds);
    pen_text_right(pen, x, row.y, GAIN, done < seeds ? ROLE_UI_DIM : ROLE_UI, text);
    mem_free(text);
}

static void paint_variant(const void *self, Pen *pen, Rect row, size_t index, bool is_cursor)
{
    const BenchRows *b = self;
    const Value *one = b->variants->items[index], *clean = regularize_point(one, 0), *noisy = regularize_point(one, b->noise);
    const char *name = name_of(b, index);
    bool is_done = text_equal(value_get_text(b->answer, "status", ""), "done"), chosen = is_chosen(b, name);
    int x = row.x + MARK;
    (void)is_cursor;
    if (chosen)
        pen_glyph(pen, row.x, row.y, ROLE_STATE_OK, CHOSEN);
    pen_text_fit(pen, x, row.y, NAME, chosen ? ROLE_UI_STRONG : ROLE_UI, name);
    x += NAME;
    if (row.width >= WIDE)
        x = put_figure(b, pen, row, x, value_get_real(one, "train", (double)NAN));
    x = put_figure(b, pen, row, x, value_get_real(clean, "mean", (double)NAN));
    if (row.width >= WIDE)
        x = put_figure(b, pen, row, x, value_get_real(one, "gap", (double)NAN));
    x = put_figure(b, pen, row, x, value_get_real(noisy, "mean", (double)NAN));
    if (!is_done) {
        put_progress(b, pen, row, x, one);
        return;
    }
    if (row.width >= MIDDLE)
        x = put_gain(b, pen, row, x, clean);
    x = put_gain(b, pen, row, x, noisy);
    if (row.width < WIDE)
        return;
    char *norm = text_format("%.2f", value_get_real(one, "norm", (double)NAN)),
         *zeros = text_format("%.0f %%", 100 * value_get_real(one, "zeros", 0) / fmax(1, value_get_real(one, "weights", 1)));
    put(pen, row, put(pen, row, x, ROLE_DATA_NUMBER, norm), ROLE_DATA_NUMBER, zeros);
    mem_free(norm);
    mem_free(zeros);
}

static void paint_heads(const BenchRows *b, Pen *pen, Rect row)
{
    bool wide = row.width >= WIDE, is_done = text_equal(value_get_text(b->answer, "status", ""), "done");
    char *noise = text_format("%g sd", b->noise), *gain = text_format("gain %g sd%s", b->noise, FIGURE_GAIN_HEAD);
    int x = row.x + MARK + NAME;
    pen_text(pen, row.x + MARK, row.y, ROLE_UI_DIM, "variant");
    x = wide ? put(pen, row, x, ROLE_UI_DIM, "train") : x;
    x = put(pen, row, x, ROLE_UI_DIM, "valid");
    x = wide ? put(pen, row, x, ROLE_UI_DIM, "gap") : x;
    x = put(pen, row, x, ROLE_UI_DIM, noise);
    if (is_done && row.width >= MIDDLE) {
        pen_text_right(pen, x, row.y, GAIN, ROLE_UI_DIM, "gain valid" FIGURE_GAIN_HEAD);
        x += GAIN;
    }
    if (is_done)
        pen_text_right(pen, x, row.y, GAIN, ROLE_UI_DIM, gain);
    if (is_done && wide)
        put(pen, row, put(pen, row, x + GAIN, ROLE_UI_DIM, "norm"), ROLE_UI_DIM, "zeros");
    mem_free(noise);
    mem_free(gain);
}

static bool is_going_on(RunState state)
{
    return state == RUN_RUNNING || state == RUN_PAUSED || state == RUN_FULL || state == RUN_QUEUED;
}

/* What has come of it; returns its role. */
static Role say(const BenchRows *b, Text *out)
{
    const App *a = b->w->app;
    RunState state = app_answer_state(a, APP_REGULARIZE);
    long long done = (long long)value_get_int(b->answer, "done", 0), of = (long long)value_get_int(b->answer, "of", 0);
    if (is_going_on(state)) {
        text_addf(out, "\u25cf %lld of %lld nets   s stops it", done, of);
        return ROLE_STATE_RUNNING;
    }
    if (state == RUN_FAILED || state == RUN_DIVERGED || state == RUN_LOST) {
        text_addf(out, "\u2717 the bench %s: %s", run_state_name(state),
                  value_get_text(app_run(a)->end, "message", "its worker was lost; 8 r resumes it"));
        return ROLE_STATE_ERROR;
    }
    if (state == RUN_STOPPED) {
        text_addf(out, "stopped after %lld of %lld nets   r tries again", done, of);
        return ROLE_UI;
    }
    const Document *d = app_document(a);
    bool is_stale = d && d->pipeline && app_answer_is_stale(a, APP_REGULARIZE);
    text_addf(out, "%s%s", is_stale ? "Of another recipe or net than now: " : "", value_get_text(b->answer, "verdict", ""));
    return is_stale ? ROLE_STATE_WARN : ROLE_UI_STRONG;
}

static void say_variant(const BenchRows *b, size_t at, Text *out)
{
    const Value *one = at < value_items(b->variants) ? b->variants->items[at] : NULL;
    const char *settings = value_get_text(one, "settings", "");
    char number[METRIC_TITLE_ROOM];
    if (!one)
        return;
    text_add(out, *settings ? settings : "nothing added");
    if (!value_items(value_get(one, "seeds")))
        return;
    text_addf(out, "   gap %s   norm %.2f", metric_format(b->metric, value_get_real(one, "gap", (double)NAN), number),
              value_get_real(one, "norm", (double)NAN));
    text_addf(out, "   %.0f of %.0f weights 0   %.0f epochs", value_get_real(one, "zeros", 0), value_get_real(one, "weights", 0),
              value_get_real(one, "epochs", 0));
}

typedef struct Lines {
    PlotSeries series[VARIANTS];
    double *x, *y;
    size_t count, levels;
    bool are_gains; /* how much better than none, in place of the metric */
} Lines;

static double height_of(const Lines *lines, const BenchRows *b, size_t at, const Value *point)
{
    double noise = value_get_real(point, "noise", (double)NAN), mean = value_get_real(point, "mean", (double)NAN);
    if (!lines->are_gains)
        return mean;
    double none = value_get_real(regularize_point(b->variants->items[0], noise), "mean", (double)NAN);
    return at == 0 ? 0 : b->metric->is_better_high ? mean - none : none - mean;
}

/* The one under the cursor and none stand out; drawn last they lie on top. */
static void add_line(const BenchRows *b, size_t at, bool is_cursor, Lines *lines)
{
    const Value *curve = value_get(b->variants->items[at], "curve");
    size_t points = value_items(curve) < lines->levels ? value_items(curve) : lines->levels, from = lines->count * lines->levels;
    for (size_t i = 0; i < points; i++) {
        lines->x[from + i] = value_get_real(curve->items[i], "noise", (double)NAN);
        lines->y[from + i] = height_of(lines, b, at, curve->items[i]);
    }
    if (points)
        lines->series[lines->count++] = (PlotSeries){.x = lines->x + from,
                                                     .y = lines->y + from,
                                                     .count = points,
                                                     .role = is_cursor ? ROLE_SERIES_VALID
                                                             : at == 0 ? ROLE_SERIES_SCRATCH
                                                                       : ROLE_SERIES_VALID_FAINT,
                                                     .name = is_cursor || at == 0 ? name_of(b, at) : NULL,
                                                     .decimals = lines->are_gains ? 4 : 3};
}

static void add_lines(const BenchRows *b, size_t cursor, Lines *lines)
{
    size_t count = value_items(b->variants);
    lines->levels = value_items(value_get(b->answer, "noise")) + 1;
    lines->x = mem_alloc((VARIANTS * lines->levels + 1) * sizeof(double));
    lines->y = mem_alloc((VARIANTS * lines->levels + 1) * sizeof(double));
    for (size_t i = 1; i < count && i < VARIANTS; i++)
        if (i != cursor)
            add_line(b, i, false, lines);
    if (count && cursor)
        add_line(b, 0, false, lines);
    if (cursor < count && cursor < VARIANTS)
        add_line(b, cursor, true, lines);
}

static double most_noise(const BenchRows *b)
{
    const Value *noise = value_get(b->answer, "noise");
    double most = 0;
    for (size_t i = 0; i < value_items(noise); i++)
        most = fmax(most, value_number(noise->items[i]));
    return most > 0 ? most : 1;
}

static void paint_plot(const BenchRows *b, Pen *pen, Rect pane, size_t cursor, bool are_gains)
{
    Lines lines = {.are_gains = are_gains};
    PlotReport report = {0};
    add_lines(b, cursor, &lines);
    Plot plot = {.series = lines.series,
                 .series_count = lines.count,
                 .x_max = most_noise(b),
                 .x_axis = true,
                 .x_label = "noise, sd",
                 .graph = b->w->graph,
                 .marked = workbench_is_colorless(b->w),
                 .cursor_x = (double)NAN,
                 .y_label_width = 6};
    char *remark = are_gains ? text_format("%s, better than none by", b->metric->title)
                             : text_format("%s against noise in the inputs", b->metric->title);
    Rect in = frame_head(pen, pane, false, are_gains ? "Gain" : "Noise", remark);
    if (lines.count)
        plot_paint(pen, in, &plot, &report);
    mem_free(remark);
    mem_free(lines.x);
    mem_free(lines.y);
}

static void paint_curves(const BenchRows *b, Pen *pen, Rect pane, size_t cursor)
{
    enum { BETWEEN = 3 };
    bool both = pane.width >= WIDE;
    int width = both ? (pane.width - BETWEEN) / 2 : pane.width;
    paint_plot(b, pen, (Rect){pane.x, pane.y, width, pane.height}, cursor, false);
    if (both)
        paint_plot(b, pen, (Rect){pane.x + width + BETWEEN, pane.y, pane.width - width - BETWEEN, pane.height}, cursor, true);
}

/* What was left out, each a line, as far as there is room; returns the rows used. */
static int paint_left(const BenchRows *b, Pen *pen, Rect area)
{
    const Value *left = value_get(b->answer, "left");
    int y = 0;
    for (size_t i = 0; i < value_items(left) && y < area.height; i++)
        y += frame_text(pen, (Rect){area.x, area.y + y, area.width, area.height - y}, ROLE_UI_DIM, left->items[i]->text);
    return y;
}

static void paint_table(const BenchRows *b, const BenchScreen *s, Pen *pen, Rect in)
{
    int count = (int)value_items(b->variants), rows = count < in.height - 1 ? count : in.height - 1, y = in.y + 1 + rows;
    size_t cursor = s->list.cursor < (size_t)count ? s->list.cursor : 0;
    Text text = {0};
    paint_heads(b, pen, (Rect){in.x, in.y, in.width, 1});
    list_paint(pen, (Rect){in.x, in.y + 1, in.width, rows}, &s->list, (size_t)count, true, paint_variant, b);
    say_variant(b, cursor, &text);
    if (y < in.y + in.height)
        y += frame_text(pen, (Rect){in.x, y, in.width, in.y + in.height - y}, ROLE_UI_DIM, text_get(&text));
    text_done(&text);
    if (y < in.y + in.height)
        y += paint_left(b, pen, (Rect){in.x, y, in.width, in.y + in.height - y});
    int rest = in.y + in.height - y - 1;
    if (rest >= LEAST_PLOT)
        paint_curves(b, pen, (Rect){in.x, y + 1, in.width, rest < MOST_PLOT ? rest : MOST_PLOT}, cursor);
}

static void paint_none(const Workbench *w, Pen *pen, Rect in)
{
    static const char *const words[] = {"r try them", NULL};
    if (app_is_asking(w->app))
        pen_text_fit(pen, in.x, in.y, in.width, ROLE_STATE_RUNNING, "\u25cf The first nets are being trained.   s stops it");
    else
        frame_empty(pen, in, "Nothing tried yet: L1, L2, dropout, batch norm, all of them, and none.", words);
    if (!app_is_asking(w->app))
        frame_failure(pen, (Rect){in.x, in.y + 2, in.width, in.height - 2}, app_run(w->app));
}

static void paint(const Workbench *w, const void *state, Pen *pen, Rect body)
{
    const BenchScreen *s = state;
    BenchRows b = rows_of(w);
    Text text = {0};
    char *remark = b.answer ? text_format("%lld seeds, %lld rows of %s", (long long)value_get_int(b.answer, "seeds", 0),
                                          (long long)value_get_int(b.answer, "rows", 0), value_get_text(b.answer, "on", ""))
                            : mem_strdup("");
    Rect in = frame_popup(pen, body, "Regularization", remark,
                          body.width < 80 ? "Enter take  r again  Tab curves  Esc"
                                          : "Enter take it  r try again  s stop  Tab curves alone  Esc close");
    Pen inner = pen_on(pen->cells, in);
    mem_free(remark);
    if (!b.answer) {
        paint_none(w, &inner, in);
        return;
    }
    Role role = say(&b, &text);
    int used = frame_text(&inner, (Rect){in.x, in.y, in.width, in.height > 12 ? 4 : 2}, role, text_get(&text));
    text_done(&text);
    used += in.height > 20;
    Rect rest = {in.x, in.y + used, in.width, in.height - used};
    if (s->curves)
        paint_curves(&b, &inner, rest, s->list.cursor);
    else
        paint_table(&b, s, &inner, rest);
}

static bool apply(Workbench *w, void *self, const Value *params, Error *e)
{
    (void)self;
    w->waits_in = w->view;
    return app_ask(w->app, APP_REGULARIZE, params, e);
}

/* The rows of the plan that no training has, with the strengths of the last time. */
static void open_form(Workbench *w)
{
    static Spec spec;
    spec = regularize_spec;
    spec.params = fields_find(regularize_spec.params, "variants");
    popup_form(w, &(FormUse){.spec = &spec,
                             .params = value_get(app_answer(w->app, APP_REGULARIZE), "strengths"),
                             .remark = "the net and plan of 4",
                             .lua_prefix = "p:regularize",
                             .apply = apply});
}

static bool take(Workbench *w, const BenchScreen *s, Error *e)
{
    BenchRows b = rows_of(w);
    if (s->list.cursor < value_items(b.variants))
        return app_take_variant(w->app, name_of(&b, s->list.cursor), "Net r", e);
    return error_set(e, ERROR_FAILED, "nothing to take yet; r tries ways to regularize");
}

static PopupAnswer key(Workbench *w, void *state, Key k)
{
    BenchScreen *s = state;
    Error e = {0};
    size_t count = value_items(rows_of(w).variants);
    if (count && list_key(&s->list, k, count, (int)VARIANTS))
        return POPUP_STAY;
    if (k.code == KEYS_ESCAPE || key_is(k, 'q'))
        return POPUP_CLOSE;
    if (k.code == KEYS_TAB)
        s->curves = !s->curves;
    else if (key_is(k, 'r'))
        open_form(w);
    else if (key_is(k, 's') && !(app_is_asking(w->app) ? app_control(w->app, "stop", NULL, &e)
                                                       : error_set(&e, ERROR_FAILED, "nothing is being tried; r tries ways to regularize")))
        app_say_error(w->app, &e);
    else if (k.code == KEYS_ENTER && !take(w, s, &e))
        app_say_error(w->app, &e);
    return POPUP_STAY;
}

void net_show_regularize(Workbench *w)
{
    workbench_push(w, &(Popup){.state = MEM_NEW(BenchScreen), .paint = paint, .key = key, .done = mem_free});
}

bool net_is_regularize(const Workbench *w)
{
    return find_run_of_kind(app_run(w->app), REGULARIZE_KIND) != NULL;
}

/* argument: options of regularize, as seeds=3. */
static bool run_regularize(Workbench *w, const char *argument, Error *e)
{
    Value *options = argument ? command_options(&regularize_spec, argument, e) : NULL;
    bool ok = !argument || (options && apply(w, NULL, options, e));
    value_free(options);
    if (!ok)
        return false;
    net_show_regularize(w);
    if (!argument && !app_answer(w->app, APP_REGULARIZE) && !app_is_asking(w->app))
        open_form(w);
    return true;
}

extern const Command command_net_regularize;
const Command command_net_regularize = {
    .spec = {.name = "net_regularize", .doc = "L1, L2, dropout, batch norm and none, on clean rows and with noise", .group = "n net"},
    .key = "r",
    .views = IN(VIEW_NET),
    .can_run = need_table,
    .run = run_regularize};
