/* Train: the curves of the watched run, live or done. Loss, validation and learning rate share one x axis; the range is the plan, so
 * the empty part is the rest of the work. */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "base/number.h"
#include "tui/plot.h"
#include "views/commands.h"
#include "views/frame.h"
#include "views/train.h"
#include "views/train_seeds.h"

enum { PANE_LOSS, PANE_VALID, PANE_RATE, PANES };

typedef struct TrainState {
    bool dots_off;
} TrainState;

typedef struct Chart {
    const char *title;
    PlotSeries series[4];
    size_t count;
    bool x_axis;
    char *remark;
} Chart;

static void chart_add(Chart *c, const TailSeries *s, Role role, const char *name, int decimals)
{
    if (s && s->count && c->count < 4)
        c->series[c->count++] = (PlotSeries){.x = s->x, .y = s->y, .count = s->count, .role = role, .name = name, .decimals = decimals};
}

static Chart loss_chart(const Workbench *w, const Curve *f)
{
    Chart c = {.title = "Loss"};
    const TailSeries *steps = tail_series(f->run, "batch." SERIES_TRAIN_LOSS);
    bool dots =
        steps && steps->count && w->graph != GRAPH_ASCII && !workbench_is_colorless(w) && !VIEW_STATE(TrainState, w, VIEW_TRAIN)->dots_off;
    if (dots) {
        chart_add(&c, steps, ROLE_SERIES_TRAIN_FAINT, NULL, 3);
        c.series[0].dots = true;
    }
    chart_add(&c, tail_series(f->run, SERIES_TRAIN_LOSS), ROLE_SERIES_TRAIN, "train", 3);
    chart_add(&c, tail_series(f->run, SERIES_VALID_LOSS), ROLE_SERIES_VALID, "valid", 3);
    const char *loss = value_get_text(f->run->start, "loss", "");
    bool small = w->cells.width < 80;
    c.remark = text_format("%s%s%s",
                           small                               ? ""
                           : text_equal(loss, "cross_entropy") ? "cross-entropy"
                                                               : loss,
                           small ? "" : "   ",
                           w->graph == GRAPH_ASCII ? "* train   o valid"
                           : dots                  ? "dots: steps   line: epoch mean"
                                                   : "line: epoch mean");
    return c;
}

/* Metrics with a top that they cannot pass share an axis; the first recorded ones, and the watched one in any case. */
static size_t charted_metrics(const Curve *f, const Metric *out[2])
{
    const Metric *watched = metric_of_series(f->watched);
    size_t count = 0;
    bool has_own_chart = text_equal(f->watched, SERIES_VALID_LOSS) || text_equal(f->watched, SERIES_TRAIN_LOSS);
    if (watched && !has_own_chart)
        out[count++] = watched;
    for (size_t i = 0; i < metric_count() && count < 2 && (!count || out[0]->is_better_high); i++) {
        char *name = text_format("valid.%s", metric_at(i)->spec.name);
        if (metric_at(i)->is_better_high && metric_at(i) != out[0] && tail_series(f->run, name))
            out[count++] = metric_at(i);
        mem_free(name);
    }
    return count;
}

static Chart valid_chart(const Curve *f)
{
    Chart c = {.title = "Validation"};
    const Metric *shown[2] = {NULL, NULL};
    Text remark = {0};
    size_t count = charted_metrics(f, shown);
    for (size_t i = count; i-- > 0;) {
        char *name = text_format("valid.%s", shown[i]->spec.name);
        chart_add(&c, tail_series(f->run, name), i ? ROLE_SERIES_VALID_FAINT : ROLE_SERIES_VALID, shown[i]->title, 3);
        mem_free(name);
    }
    for (size_t i = 0; i < count; i++)
        text_addf(&remark, "%s%s", i ? " and " : "", shown[i]->title);
    c.remark = text_take(&remark);
    return c;
}

static Chart rate_chart(const Curve *f)
{
    Chart c = {.title = "Learning rate"};
    chart_add(&c, tail_series(f->run, "learning_rate"), ROLE_UI, NULL, 4);
    c.remark = mem_strdup(value_get_text(f->run->start, "schedule", "constant"));
    return c;
}

static void head_of_chart(Pen *pen, Rect pane, bool focused, const Chart *c, const PlotReport *r)
{
    Text remark = {0};
    text_add(&remark, c->remark);
    if (r->above)
        text_addf(&remark, "   \u25b2 %zu above", r->above);
    if (r->below)
        text_addf(&remark, "   \u25bc %zu below", r->below);
    if (r->has_nan)
        text_addf(&remark, "   diverged at %.0f", r->nan_at);
    frame_head(pen, pane, focused, c->title, text_get(&remark));
    text_done(&remark);
}

static void paint_chart(const Workbench *w, const Curve *f, Pen *pen, Rect pane, Chart *c, int index)
{
    PlotReport report = {0};
    char best[32];
    snprintf(best, sizeof best, "best %lld", (long long)f->best_epoch);
    PlotMark mark = {.x = (double)f->best_epoch, .label = index == PANE_LOSS ? best : NULL, .role = ROLE_CHART_MARK};
    Plot plot = {.series = c->series,
                 .series_count = c->count,
                 .marks = &mark,
                 .marks_count = f->best_epoch ? 1 : 0,
                 .x_min = 1,
                 .x_max = curve_end_epoch(f->run),
                 .log_y = w->log_y && index == PANE_LOSS,
                 .x_axis = c->x_axis,
                 .x_label = "epoch",
                 .graph = w->graph,
                 .marked = workbench_is_colorless(w),
                 .cursor_x = (double)NAN,
                 .smooth = index == PANE_LOSS ? w->smooth : 0,
                 .y_label_width = 6};
    Rect area = {pane.x, pane.y + 1, pane.width, pane.height - 1};
    if (c->count)
        plot_paint(pen, area, &plot, &report);
    head_of_chart(pen, pane, w->pane == index, c, &report);
    mem_free(c->remark);
}

/* Rows for loss, validation and rate: as in the grammar, 13 / 10 / 5 at full height. */
static void share_rows(int height, int rows[PANES])
{
    rows[PANE_RATE] = height >= 30 ? 7 : 0;
    int rest = height - rows[PANE_RATE];
    rows[PANE_LOSS] = rest * 14 / 25;
    rows[PANE_VALID] = rest - rows[PANE_LOSS];
}

static void paint_one(const Workbench *w, const Curve *f, Pen *pen, Rect area)
{
    Chart c = w->pane == PANE_VALID ? valid_chart(f) : w->pane == PANE_RATE ? rate_chart(f) : loss_chart(w, f);
    c.x_axis = true;
    paint_chart(w, f, pen, area, &c, w->pane);
}

static void paint_charts(const Workbench *w, const Curve *f, Pen *pen, Rect area)
{
    int rows[PANES], y = area.y;
    if (w->zoomed || area.width < 70 || area.height < 14) {
        paint_one(w, f, pen, area);
        return;
    }
    share_rows(area.height, rows);
    Chart charts[PANES] = {loss_chart(w, f), valid_chart(f), rate_chart(f)};
    charts[rows[PANE_RATE] ? PANE_RATE : PANE_VALID].x_axis = true;
    for (int i = 0; i < PANES; i++) {
        if (rows[i])
            paint_chart(w, f, pen, (Rect){area.x, y, area.width, rows[i]}, &charts[i], i);
        else
            mem_free(charts[i].remark);
        y += rows[i];
    }
}

static void paint_bar(const Curve *f, Pen *pen, Rect row)
{
    char left[NUMBER_ROOM], speed[NUMBER_ROOM];
    Text facts = {0};
    text_addf(&facts, "%d %%", (int)(100 * f->share));
    if (f->left >= 0)
        text_addf(&facts, "   %s left", number_format_time(f->left, left));
    if (isfinite(f->rate) && row.width > 70)
        text_addf(&facts, "   %s rows/s", number_format_large(f->rate, speed));
    int width = (int)utf8_width(text_get(&facts));
    plot_progress(pen, row.x, row.y, row.width - width - 1, f->share, ROLE_STATE_RUNNING, ROLE_UI_BORDER);
    pen_text(pen, row.x + row.width - width, row.y, ROLE_UI_DIM, text_get(&facts));
    text_done(&facts);
}

static void paint_waiting(const Workbench *w, const Curve *f, Pen *pen, Rect body)
{
    (void)w;
    Rect in = frame_head(pen, body, true, "Loss", "");
    pen_format(pen, in.x, in.y, ROLE_UI, "%s",
               f->run->end                 ? "The run ended before its first epoch."
               : f->run->state == RUN_FULL ? "Disk full, paused: the run goes on when there is room."
                                           : "Preparing: the worker reads, splits and fits the steps.");
    if (f->run->end)
        frame_text(pen, (Rect){in.x, in.y + 2, in.width, in.height - 2}, ROLE_STATE_ERROR,
                   value_get_text(f->run->end, "message", run_state_name(f->run->state)));
}

static void paint(const Workbench *w, Pen *pen, Rect body)
{
    Curve f;
    if (!train_curve(w, &f)) {
        static const char *const words[] = {"t train", "o open a run", NULL}, *const script[] = {"Enter run it", "q leave", NULL};
        if (app_pending(w->app)) {
            char *ready = text_format("%s is ready; it runs as its author wrote it.", app_pending(w->app));
            frame_empty(pen, frame_head(pen, body, true, "Loss", ""), ready, script);
            mem_free(ready);
            return;
        }
        frame_empty(pen, frame_head(pen, body, true, "Loss", ""), "No run is watched.", words);
        return;
    }
    if (train_is_group(w)) {
        train_paint_group(w, pen, body);
        return;
    }
    if (!f.run->last_epoch) {
        paint_waiting(w, &f, pen, body);
        curve_done(&f);
        return;
    }
    Rect charts, side;
    frame_columns(w, body, 35, &charts, &side);
    if (!side.width && body.height >= 12) {
        paint_bar(&f, pen, (Rect){body.x, body.y, body.width, 1});
        charts.y++;
        charts.height--;
    }
    Pen inner = pen_on(pen->cells, charts);
    paint_charts(w, &f, &inner, charts);
    if (side.width)
        train_paint_side(w, &f, pen, side);
    curve_done(&f);
}

static void status(const Workbench *w, Text *left, Text *right)
{
    Curve f;
    char now[METRIC_TITLE_ROOM], best[METRIC_TITLE_ROOM], title[METRIC_TITLE_ROOM];
    if (!train_curve(w, &f)) {
        text_add(left, "no run");
        return;
    }
    if (train_is_group(w)) {
        train_say_group(w, left);
        return;
    }
    const Metric *m = metric_of_series(f.watched);
    const char *why = value_get_text(f.run->end, "why", value_get_text(f.run->end, "message", ""));
    bool is_brief = f.run->end && *why && workbench_is_narrow(w); /* the reason counts more than the last figure */
    if (f.epoch && !is_brief)
        text_addf(left, "%s %s   ", metric_series_title(f.watched, title), metric_format(m, f.now, now));
    if (f.epoch)
        text_addf(left, "best %s at %lld", isfinite(f.best) ? metric_format(m, f.best, best) : "\u00b7", (long long)f.best_epoch);
    if (f.patience && !f.run->end)
        text_addf(left, "; stops at %lld unless passed", (long long)(f.best_epoch + f.patience));
    if (f.run->end) {
        bool is_plain = f.run->state == RUN_DONE && *why;
        text_addf(left, "%s%s%s%s", f.epoch ? "   " : "", is_plain ? "" : run_state_name(f.run->state), is_plain || !*why ? "" : ": ", why);
    }
    if (f.run->state == RUN_FULL)
        text_add(left, "   disk full, paused: goes on when there is room");
    if (!is_brief)
        text_add(right, !f.run->end ? "q leaves; the run goes on" : app_document(w->app) ? "t trains again" : "8 runs");
    curve_done(&f);
}

const View view_train = {.name = "Train", .state_size = sizeof(TrainState), .paint = paint, .status = status, .panes = PANES};

static bool run_dots(Workbench *w, const char *argument, Error *e)
{
    TrainState *s = VIEW_STATE(TrainState, w, VIEW_TRAIN);
    (void)argument, (void)e;
    s->dots_off = !s->dots_off;
    app_say(w->app, false, s->dots_off ? "dots of the steps off" : "dots of the steps on");
    return true;
}

static bool can_start(const Workbench *w, Text *why)
{
    const Tail *run = app_run(w->app);
    if (run && !run->end)
        text_add(why, "the run is going on; s stops it");
    else if (app_pending(w->app))
        return true;
    else
        return need_table(w, why);
    return false;
}

static bool run_start(Workbench *w, const char *argument, Error *e)
{
    (void)argument;
    w->waits_in = w->view;
    return app_pending(w->app) ? app_start_pending(w->app, e) : start_run(w, APP_TRAIN, e);
}

const Command command_train_start = {.spec = {.name = "train_start", .doc = "run the script that is open, or train", .group = "t train"},
                                     .key = "<Enter>",
                                     .views = IN(VIEW_TRAIN),
                                     .hint = 0,
                                     .can_run = can_start,
                                     .run = run_start};

const Command command_train_dots = {.spec = {.name = "train_dots", .doc = "dots of the steps on and off", .group = "t train"},
                                    .key = "d",
                                    .views = IN(VIEW_TRAIN),
                                    .hint = 9,
                                    .word = "dots",
                                    .run = run_dots};
