/* How the charts of Train look: which series, which axis, what part of it, where the crosshair stands. Nothing here touches the run. */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "base/number.h"
#include "views/commands.h"
#include "views/train.h"

/* Metrics with a top that they cannot pass share an axis; the first recorded ones, and the watched one in any case. */
static void usual_metrics(const Curve *c, TextList *names)
{
    const Metric *watched = metric_of_series(c->watched), *first = NULL;
    bool has_own_chart = text_equal(c->watched, SERIES_VALID_LOSS) || text_equal(c->watched, SERIES_TRAIN_LOSS);
    if (watched && !has_own_chart) {
        first = watched;
        char *name = text_format("valid.%s", watched->spec.name);
        text_list_add(names, curve_series(c, c->watched) && text_starts(c->watched, "valid.") ? c->watched : name);
        mem_free(name);
    }
    for (size_t i = 0; i < metric_count() && names->count < 2 && (!first || first->is_better_high); i++) {
        char *name = text_format("valid.%s", metric_at(i)->spec.name);
        if (metric_at(i)->is_better_high && metric_at(i) != first && curve_series(c, name))
            text_list_add(names, name);
        first = names->count ? metric_of_series(names->items[0]) : NULL;
        mem_free(name);
    }
}

void train_shown(const Workbench *w, const Curve *c, int pane, TextList *names)
{
    const TextList *chosen = &train_state(w)->shown[pane];
    for (size_t i = 0; i < chosen->count; i++)
        text_list_add(names, chosen->items[i]);
    if (chosen->count)
        return;
    if (pane == TRAIN_VALID) {
        usual_metrics(c, names);
    } else if (pane == TRAIN_RATE) {
        text_list_add(names, "learning_rate");
    } else {
        text_list_add(names, SERIES_TRAIN_LOSS);
        text_list_add(names, SERIES_VALID_LOSS);
    }
}

const Tail *train_overlay(const Workbench *w, size_t place, const char **name)
{
    const Tail *run = train_state(w)->overlays[place];
    *name = run ? run->name : NULL;
    return run ? tail_main(run) : NULL;
}

bool train_cross_index(const Workbench *w, const TailSeries *s, size_t *at)
{
    const TrainState *state = train_state(w);
    if (!state->is_crossed || !s || !s->count)
        return false;
    *at = curve_near(s, state->cross);
    return true;
}

const char *train_figure_text(const char *series, double value, char out[METRIC_TITLE_ROOM])
{
    enum { MIB = 1 << 20 };
    char room[NUMBER_ROOM];
    const Metric *m = metric_of_series(series);
    if (!isfinite(value))
        snprintf(out, METRIC_TITLE_ROOM, "%s", isnan(value) ? "nan" : value > 0 ? "inf" : "-inf");
    else if (m || text_starts(series, "valid.") || text_starts(series, "train."))
        return metric_format(m, value, out);
    else if (text_equal(series, "memory"))
        snprintf(out, METRIC_TITLE_ROOM, "%.0f MB", value / MIB);
    else if (text_equal(series, "rate"))
        snprintf(out, METRIC_TITLE_ROOM, "%s", number_format_large(value, room));
    else if (value != 0 && fabs(value) < 0.01)
        snprintf(out, METRIC_TITLE_ROOM, "%s", number_format_rate(value, room));
    else
        snprintf(out, METRIC_TITLE_ROOM, "%s", number_format_fixed(value, 3, room));
    return out;
}

/* From point to point of the epochs; the first move puts it on the newest one. */
static void move_cross(Workbench *w, const TailSeries *s, int by)
{
    TrainState *state = train_state(w);
    size_t last = s->count - 1, at = last;
    if (state->is_crossed) {
        at = curve_near(s, state->cross);
        at = by < 0 ? at - (at < (size_t)-by ? at : (size_t)-by) : at + (size_t)by;
        at = at > last ? last : at;
    }
    state->is_crossed = true;
    state->cross = s->x[at];
}

bool train_key_look(Workbench *w, Key key)
{
    enum { PAGE = 10, ALL = 1 << 30 };
    static const struct {
        Key key;
        int by;
    } moves[] = {{{KEYS_LEFT, 0}, -1},       {{KEYS_RIGHT, 0}, 1},        {{KEYS_CHAR, 'h'}, -1},   {{KEYS_CHAR, 'l'}, 1},
                 {{KEYS_PAGE_UP, 0}, -PAGE}, {{KEYS_PAGE_DOWN, 0}, PAGE}, {{KEYS_CHAR, 'g'}, -ALL}, {{KEYS_CHAR, 'G'}, ALL},
                 {{KEYS_HOME, 0}, -ALL},     {{KEYS_END, 0}, ALL}};
    TrainState *state = train_state(w);
    if (key.code == KEYS_ESCAPE && state->is_crossed) {
        state->is_crossed = false;
        return true;
    }
    for (size_t i = 0; i < sizeof moves / sizeof *moves; i++) {
        Curve c;
        if (!key_equal(key, moves[i].key) || !train_curve(w, &c))
            continue;
        const TailSeries *s = curve_series(&c, SERIES_TRAIN_LOSS);
        if (s)
            move_cross(w, s, moves[i].by);
        curve_done(&c);
        return true;
    }
    return false;
}

static bool run_dots(Workbench *w, const char *argument, Error *e)
{
    TrainState *s = train_state(w);
    (void)argument, (void)e;
    s->dots_off = !s->dots_off;
    app_say(w->app, false, s->dots_off ? "dots of the steps off" : "dots of the steps on");
    return true;
}

static bool run_smooth(Workbench *w, const char *argument, Error *e)
{
    (void)argument, (void)e;
    w->smooth = w->smooth < 0.1 ? 0.6 : w->smooth < 0.7 ? 0.9 : 0;
    app_say(w->app, false, "smoothing %.1f", w->smooth);
    return true;
}

static bool run_log(Workbench *w, const char *argument, Error *e)
{
    static const char *const panes[TRAIN_PANES] = {"loss", "validation", "rate"};
    TrainState *s = train_state(w);
    (void)argument, (void)e;
    s->log_y[w->pane] = !s->log_y[w->pane];
    app_say(w->app, false, "%s on a %s axis", panes[w->pane], s->log_y[w->pane] ? "log" : "linear");
    return true;
}

/* Epoch, step, seconds, steps on a log axis; and round again. What part of it is seen stays. */
static bool run_axis(Workbench *w, const char *argument, Error *e)
{
    TrainState *s = train_state(w);
    (void)argument, (void)e;
    if (s->log_x) {
        s->log_x = false;
        s->axis = CURVE_BY_EPOCH;
    } else if (s->axis == CURVE_BY_SECONDS) {
        s->log_x = true;
        s->axis = CURVE_BY_STEP;
    } else {
        s->axis++;
    }
    app_say(w->app, false, "by %s%s", curve_axis_name(s->axis), s->log_x ? ", log" : "");
    return true;
}

static bool need_curve(const Workbench *w, Text *why)
{
    if (!need_any_run(w, why))
        return false;
    const Tail *main = tail_main(app_run(w->app));
    if (main->last_epoch)
        return true;
    text_add(why, "the run has no epoch yet");
    return false;
}

/* About the crosshair, or the newest point: shares of the axis as it is shown. */
static double center_of(const Workbench *w, const Curve *c)
{
    const TrainState *s = train_state(w);
    const TailSeries *points = curve_series(c, SERIES_TRAIN_LOSS);
    double end = curve_end_epoch(c->run);
    size_t at = points ? points->count - 1 : 0;
    if (!points)
        return 0.5;
    train_cross_index(w, points, &at);
    if (s->log_x)
        return log((double)points->steps[at]) / log(curve_axis_end(c, CURVE_BY_STEP));
    return (points->x[at] - 1) / (end > 1 ? end - 1 : 1);
}

static void set_window(TrainState *s, double from, double width)
{
    static const double least = 1.0 / 4096;
    if (width >= 1) {
        s->from = s->to = 0;
        return;
    }
    width = width < least ? least : width;
    s->from = fmax(0, fmin(from, 1 - width));
    s->to = s->from + width;
}

static bool zoom_by(Workbench *w, double factor)
{
    TrainState *s = train_state(w);
    Curve c;
    if (!train_curve(w, &c))
        return true;
    if (factor > 1 && s->to <= 0)
        app_say(w->app, false, "all of it is shown   + looks closer");
    double width = s->to > 0 ? s->to - s->from : 1, from = s->to > 0 ? s->from : 0, center = center_of(w, &c);
    curve_done(&c);
    if (center < from || center > from + width) /* what is seen stays in the middle */
        center = from + width / 2;
    double place = width > 0 ? (center - from) / width : 0.5;
    set_window(s, center - place * width * factor, width * factor);
    return true;
}

static bool pan_by(Workbench *w, double share)
{
    TrainState *s = train_state(w);
    if (s->to > 0)
        set_window(s, s->from + share * (s->to - s->from), s->to - s->from);
    else
        app_say(w->app, false, "all of it is shown   + looks closer");
    return true;
}

static bool run_closer(Workbench *w, const char *argument, Error *e)
{
    (void)argument, (void)e;
    return zoom_by(w, 0.5);
}

static bool run_wider(Workbench *w, const char *argument, Error *e)
{
    (void)argument, (void)e;
    return zoom_by(w, 2);
}

static bool run_back(Workbench *w, const char *argument, Error *e)
{
    (void)argument, (void)e;
    return pan_by(w, -0.5);
}

static bool run_ahead(Workbench *w, const char *argument, Error *e)
{
    (void)argument, (void)e;
    return pan_by(w, 0.5);
}

static bool run_fit(Workbench *w, const char *argument, Error *e)
{
    (void)argument, (void)e;
    train_state(w)->from = train_state(w)->to = 0;
    train_state(w)->is_crossed = false;
    app_say(w->app, false, "all of it is shown");
    return true;
}

static bool run_series(Workbench *w, const char *argument, Error *e)
{
    (void)argument, (void)e;
    train_choose_series(w);
    return true;
}

static bool run_overlay(Workbench *w, const char *argument, Error *e)
{
    (void)argument, (void)e;
    train_choose_overlays(w);
    return true;
}

static bool run_layers(Workbench *w, const char *argument, Error *e)
{
    TrainState *s = train_state(w);
    (void)argument, (void)e;
    s->shows_layers = !s->shows_layers;
    app_say(w->app, false, s->shows_layers ? "layers   i shows the curves" : "curves   i shows the layers");
    return true;
}

TRAIN_COMMAND(smooth, "smooth the lines: 0, 0.6, 0.9; dots stay", "S", 6, "smooth", run_smooth, NULL);
TRAIN_COMMAND(log, "the chart in focus on a log axis and back", "L", 5, "log", run_log, NULL);
TRAIN_COMMAND(axis, "by epoch, step, seconds, or step on a log axis", "x", 7, "axis", run_axis, NULL);
TRAIN_COMMAND(dots, "dots of the steps on and off", "d", 12, "dots", run_dots, NULL);
TRAIN_COMMAND(closer, "look closer at the crosshair (h, l move it)", "+", 0, NULL, run_closer, need_curve);
TRAIN_COMMAND(wider, "see more of the axis", "-", 0, NULL, run_wider, need_curve);
TRAIN_COMMAND(back, "move what is seen to the left", "<", 0, NULL, run_back, need_curve);
TRAIN_COMMAND(ahead, "move what is seen to the right", ">", 0, NULL, run_ahead, need_curve);
TRAIN_COMMAND(fit, "the whole axis again, no crosshair", "f", 0, NULL, run_fit, need_curve);
TRAIN_COMMAND(series, "choose which figures the chart in focus draws", "m", 10, "figures", run_series, need_curve);
TRAIN_COMMAND(overlay, "lay other runs over this one", "O", 11, "overlay", run_overlay, need_any_run);
TRAIN_COMMAND(layers, "histograms of the layers instead of the curves", "i", 13, "inspect", run_layers, need_curve);
