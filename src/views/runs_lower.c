/* Below the list of runs: curves laid over each other, and what differs, how far the runs are from the pinned one, or where one comes from.
 */
#include <math.h>
#include <string.h>

#include "app/run_card.h"
#include "app/run_compare.h"
#include "app/run_settings.h"
#include "base/number.h"
#include "net/metrics/metric.h"
#include "tui/plot.h"
#include "views/frame.h"
#include "views/runs.h"
#include "views/train.h"

static const Role roles[] = {ROLE_SERIES_5,     ROLE_SERIES_6,     ROLE_SERIES_7,       ROLE_SERIES_8,
                             ROLE_SERIES_TRAIN, ROLE_SERIES_VALID, ROLE_SERIES_TEACHER, ROLE_SERIES_STUDENT};

size_t runs_chosen(const Workbench *w, RunsChosen out[RUNS_MARKS_MAX])
{
    const RunsState *s = runs_state(w);
    size_t n = 0;
    for (int i = 0; i < s->marks; i++) {
        const Value *card = runs_find(s, s->marked[i]);
        if (card)
            out[n++] = (RunsChosen){card, NULL, roles[i]};
    }
    if (!n && runs_here(w))
        out[n++] = (RunsChosen){runs_here(w), NULL, roles[0]};
    for (size_t i = 0; i < n; i++) {
        const Tail *t = app_listed_tail(w->app, value_get_text(out[i].card, "path", ""));
        out[i].training = t ? run_card_training(t) : NULL;
    }
    return n;
}

/* Two runs of one script are told apart by their directories. */
static const char *name_of(const Value *card)
{
    return value_get_text(card, "run", "");
}

static const char *shared_series(const RunsChosen *runs, size_t count)
{
    for (size_t i = 1; i < count; i++)
        if (!text_equal(value_get_text(runs[i].card, "metric", ""), value_get_text(runs[0].card, "metric", "")))
            return SERIES_VALID_LOSS;
    return count > 1 ? value_get_text(runs[0].card, "metric", SERIES_VALID_LOSS) : SERIES_VALID_LOSS;
}

static void paint_curves(const Workbench *w, Pen *pen, Rect pane, const RunsChosen *runs, size_t count)
{
    PlotSeries series[RUNS_MARKS_MAX];
    PlotReport report = {0};
    size_t n = 0;
    double end = 2;
    const char *name = shared_series(runs, count);
    char title[METRIC_TITLE_ROOM];
    for (size_t i = 0; i < count; i++) {
        const TailSeries *s = runs[i].training ? tail_series(runs[i].training, name) : NULL;
        if (runs[i].training)
            end = fmax(end, curve_end_epoch(runs[i].training));
        if (s && s->count)
            series[n++] =
                (PlotSeries){.x = s->x, .y = s->y, .count = s->count, .role = runs[i].role, .name = name_of(runs[i].card), .decimals = 3};
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
    metric_series_title(name, title);
    title[0] = title[0] == 'v' ? 'V' : title[0];
    Rect in = frame_head(pen, pane, false, title, remark);
    mem_free(remark);
    if (!n && !(count && runs[0].training && frame_failure(pen, in, runs[0].training)))
        pen_text_fit(pen, in.x, in.y, in.width, ROLE_UI, count && !runs[0].training ? "Reading the run ..." : "This run has no curve.");
}

void runs_paint_left(const Workbench *w, Pen *pen, Rect pane)
{
    RunsChosen runs[RUNS_MARKS_MAX];
    RunsLeft what = runs_state(w)->left;
    if (what == RUNS_SCATTER)
        runs_paint_scatter(w, pen, pane);
    else if (what == RUNS_PARALLEL)
        runs_paint_parallel(w, pen, pane);
    else
        paint_curves(w, pen, pane, runs, runs_chosen(w, runs));
}

static size_t settings_of(const Workbench *w, const RunsChosen *runs, size_t count, const Value *out[RUNS_MARKS_MAX])
{
    for (size_t i = 0; i < count; i++)
        out[i] = app_listed_settings(w->app, value_get_text(runs[i].card, "path", ""));
    for (size_t i = 0; i < count; i++)
        if (!out[i])
            return 0;
    return count;
}

typedef struct SettingColumns {
    const Value *const *settings;
    size_t count;
    int label, width;
} SettingColumns;

static void paint_setting(Pen *pen, Rect row, const SettingColumns *c, const char *name)
{
    pen_text_fit(pen, row.x, row.y, c->label - 1, ROLE_UI_DIM, name);
    for (size_t i = 0; i < c->count && c->label + (int)i * (c->width + 1) + c->width <= row.width; i++)
        pen_text_right(pen, row.x + c->label + (int)i * (c->width + 1), row.y, c->width, ROLE_DATA_NUMBER,
                       value_get_text(c->settings[i], name, "\u00b7"));
}

/* As many runs as the pane holds in columns that can be read; how many are left out is said. */
static void paint_differences(const Workbench *w, Pen *pen, Rect pane, const RunsChosen *runs, size_t count)
{
    enum { LABEL = 16, LEAST = 9 };
    const Value *settings[RUNS_MARKS_MAX];
    bool one = count < 2;
    size_t fit = (size_t)(pane.width - LABEL) / (LEAST + 1);
    fit = fit < count ? fit : count;
    char *remark = one ? mem_strdup("") : fit < count ? text_format("%zu of %zu runs", fit, count) : mem_strdup("only these");
    Rect in = frame_head(pen, pane, false, one ? "Settings" : "What differs", remark);
    mem_free(remark);
    if (!settings_of(w, runs, count, settings)) {
        pen_text_fit(pen, in.x, in.y, in.width, ROLE_UI, count ? "Reading the run ..." : "");
        return;
    }
    Value *names = one ? NULL : run_differences(settings, count);
    size_t rows = one ? value_entries(settings[0]) : names->size;
    int width = one ? in.width - LABEL : (in.width - LABEL + 1) / (int)fit - 1, y = in.y;
    width = one && width > 24 ? 24 : !one && width > 14 ? 14 : width;
    for (size_t i = 0; !one && i < fit; i++)
        pen_text_right(pen, in.x + LABEL + (int)i * (width + 1), y, width, ROLE_UI_DIM, name_of(runs[i].card));
    y += !one;
    SettingColumns columns = {settings, one ? 1 : fit, LABEL, width};
    for (size_t k = 0; k < rows && y < in.y + in.height; k++, y++)
        paint_setting(pen, (Rect){in.x, y, in.width, 1}, &columns, one ? settings[0]->keys[k] : names->items[k]->text);
    if (!one && !rows)
        pen_text_fit(pen, in.x, y, in.width, ROLE_UI, "Nothing: the same script and settings.");
    value_free(names);
}

/* Metrics of the validation part beside those of the pinned run. */
static void paint_baseline(const Workbench *w, Pen *pen, Rect pane)
{
    enum { LABEL = 20, CELLS = 11 };
    const RunsState *s = runs_state(w);
    const Value *base = s->pinned ? runs_find(s, s->pinned) : NULL, *card = runs_here(w);
    Rect in = frame_head(pen, pane, false, "Against the pinned run", base ? name_of(base) : "");
    if (!base || !card) {
        static const char *const words[] = {"P pin", NULL};
        frame_empty(pen, in, "No run is pinned.", words);
        return;
    }
    pen_text_right(pen, in.x + LABEL, in.y, CELLS, ROLE_UI_DIM, "this");
    pen_text_right(pen, in.x + LABEL + CELLS + 1, in.y, CELLS, ROLE_UI_DIM, "pinned");
    pen_text_right(pen, in.x + LABEL + 2 * CELLS + 2, in.y, CELLS, ROLE_UI_DIM, "difference");
    int y = in.y + 1;
    for (size_t i = 0; i < metric_count() && y < in.y + in.height; i++) {
        const Metric *m = metric_at(i);
        char *name = text_format("valid.%s", m->spec.name), a[METRIC_TITLE_ROOM], b[METRIC_TITLE_ROOM];
        double own = value_get_real(card, name, NAN), other = value_get_real(base, name, NAN);
        mem_free(name);
        if (m->is_minor || !isfinite(own) || !isfinite(other))
            continue;
        pen_text_fit(pen, in.x, y, LABEL, ROLE_UI_DIM, m->title);
        pen_text_right(pen, in.x + LABEL, y, CELLS, ROLE_DATA_NUMBER, metric_format(m, own, a));
        pen_text_right(pen, in.x + LABEL + CELLS + 1, y, CELLS, ROLE_DATA_NUMBER, metric_format(m, other, b));
        char *gain = text_format("%s%.*f", own < other ? "\u2212" : "+", m->decimals, fabs(own - other));
        pen_text_right(pen, in.x + LABEL + 2 * CELLS + 2, y++, CELLS, ROLE_UI_DIM, gain); /* without an interval: no color */
        mem_free(gain);
    }
}

static void paint_lineage(const Workbench *w, Pen *pen, Rect pane)
{
    const Value *card = runs_here(w), *lines = card ? app_listed_lineage(w->app, value_get_text(card, "path", "")) : NULL;
    Rect in = frame_head(pen, pane, false, "Lineage", card ? name_of(card) : "");
    int y = in.y;
    for (size_t i = 0; i < value_items(lines) && y < in.y + in.height; i++) {
        pen_text_fit(pen, in.x, y, 9, ROLE_UI_DIM, value_get_text(lines->items[i], "name", ""));
        Rect text = {in.x + 10, y, in.width - 10, in.y + in.height - y};
        y += frame_text(pen, text, ROLE_UI, value_get_text(lines->items[i], "text", ""));
    }
    if (!lines)
        pen_text_fit(pen, in.x, y, in.width, ROLE_UI, "Reading the run ...");
}

/* A difference whose interval holds 0 is dim. */
static Role role_of(const Value *against)
{
    const char *conclusion = value_get_text(against, "conclusion", "");
    return text_equal(conclusion, "better") ? ROLE_STATE_OK : text_equal(conclusion, "worse") ? ROLE_STATE_ERROR : ROLE_UI_DIM;
}

static void paint_compared(const Workbench *w, Pen *pen, Rect pane)
{
    const Value *c = app_runs_compared(w->app), *runs = value_get(c, "runs");
    char *remark = c ? text_format("paired on the same rows of %s", value_get_text(c, "on", "")) : mem_strdup("");
    Rect in = frame_head(pen, pane, false, "Compared", remark);
    mem_free(remark);
    if (!c) {
        static const char *const words[] = {"s mark", "T compare", NULL};
        frame_empty(pen, in, "No runs were compared.", words);
        return;
    }
    int y = in.y;
    char *head = text_format("against %s", name_of(runs->items[0]));
    pen_text_fit(pen, in.x, y, in.width, ROLE_UI_DIM, head);
    mem_free(head);
    y += 2;
    for (size_t i = 1; i < value_items(runs) && y + 1 < in.y + in.height; i++) {
        Text line = {0};
        run_compare_print_one(c, i, &line);
        pen_text_fit(pen, in.x, y, in.width, ROLE_UI, name_of(runs->items[i]));
        y += 1 + frame_text(pen, (Rect){in.x + 2, y + 1, in.width - 2, in.y + in.height - y - 1},
                            role_of(value_get(c, "against")->items[i]), text_get(&line));
        text_done(&line);
    }
}

void runs_paint_right(const Workbench *w, Pen *pen, Rect pane)
{
    RunsChosen runs[RUNS_MARKS_MAX];
    RunsRight what = runs_state(w)->right;
    if (what == RUNS_BASELINE)
        paint_baseline(w, pen, pane);
    else if (what == RUNS_LINEAGE)
        paint_lineage(w, pen, pane);
    else if (what == RUNS_COMPARED)
        paint_compared(w, pen, pane);
    else
        paint_differences(w, pen, pane, runs, runs_chosen(w, runs));
}
