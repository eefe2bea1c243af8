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
        curve_done(&f);
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
    if (train_state(w)->shows_layers)
        train_paint_layers(w, &f, &inner, charts);
    else
        train_paint_charts(w, &f, &inner, charts);
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
        curve_done(&f);
        return;
    }
    const Metric *m = metric_of_series(f.watched);
    const char *why = value_get_text(f.run->end, "why", value_get_text(f.run->end, "message", ""));
    bool is_brief = f.run->end && *why && workbench_is_narrow(w); /* the reason counts more than the last figure */
    if (f.epoch && !is_brief)
        text_addf(left, "%s %s   ", metric_series_title(f.watched, title), metric_format(m, f.now, now));
    if (f.epoch)
        text_addf(left, "best %s at %lld", isfinite(f.best) ? metric_format(m, f.best, best) : "\u00b7", (long long)f.best_epoch);
    if (f.patience && !f.run->end && f.run->state != RUN_LOST)
        text_addf(left, "; stops at %lld unless passed", (long long)(f.best_epoch + f.patience));
    if (f.run->end) {
        bool is_plain = f.run->state == RUN_DONE && *why;
        text_addf(left, "%s%s%s%s", f.epoch ? "   " : "", is_plain ? "" : run_state_name(f.run->state), is_plain || !*why ? "" : ": ", why);
    }
    if (f.run->state == RUN_FULL)
        text_add(left, "   disk full, paused: goes on when there is room");
    if (*app_asked(w->app))
        text_addf(right, "%s asked, not taken yet", app_asked(w->app));
    else if (!is_brief && !(workbench_is_narrow(w) && train_alarm_brief(&f, right)))
        text_add(right, f.run->state == RUN_LOST ? "the worker is gone; in 8 r resumes"
                        : !f.run->end            ? "q leaves; the run goes on"
                        : app_document(w->app)   ? "t trains again"
                                                 : "8 runs");
    curve_done(&f);
}

/* Runs that lie over this one may go on too. */
static void follow(Workbench *w)
{
    Error ignored = {0};
    Tail **overlays = train_state(w)->overlays;
    for (size_t i = 0; i < TRAIN_OVERLAYS; i++)
        if (overlays[i] && !overlays[i]->end)
            tail_poll(overlays[i], true, &ignored);
}

static void done(Workbench *w)
{
    TrainState *s = train_state(w);
    for (size_t i = 0; i < TRAIN_OVERLAYS; i++)
        tail_free(s->overlays[i]);
    for (size_t i = 0; i < TRAIN_PANES; i++)
        text_list_done(&s->shown[i]);
}

const View view_train = {.name = "Train",
                         .state_size = sizeof(TrainState),
                         .paint = paint,
                         .key = train_key_look,
                         .status = status,
                         .refresh = follow,
                         .done = done,
                         .panes = TRAIN_PANES};

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
