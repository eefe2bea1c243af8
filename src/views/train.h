/* What the files of the Train view share: its state, the card it shows, and the panes that paint it. */
#ifndef VIEWS_TRAIN_H
#define VIEWS_TRAIN_H

#include "learn/curve.h"
#include "tui/plot.h"
#include "views/workbench.h"

enum { TRAIN_LOSS, TRAIN_VALID, TRAIN_RATE, TRAIN_PANES };
enum { TRAIN_SERIES = 6, TRAIN_OVERLAYS = 4 };

typedef struct TrainState {
    bool dots_off, log_x, log_y[TRAIN_PANES], is_crossed, shows_layers;
    CurveAxis axis;
    double from, to;                /* shares of the axis that are seen; to 0: all of it */
    double cross;                   /* epoch of the crosshair */
    TextList shown[TRAIN_PANES];    /* series that were chosen; none: the usual ones */
    Tail *overlays[TRAIN_OVERLAYS]; /* own: runs laid over this one; each keeps its place, and so its color; NULL: free */
} TrainState;

static inline TrainState *train_state(const Workbench *w)
{
    return VIEW_STATE(TrainState, w, VIEW_TRAIN);
}

/* The card of the watched training; replays show no clock, so times and speeds are unknown there. false: no run is watched. Else
 * curve_done. */
bool train_curve(const Workbench *w, Curve *c);
/* Names of the series that a pane draws: those that were chosen, or the usual ones. */
void train_shown(const Workbench *w, const Curve *c, int pane, TextList *names);
const Tail *train_overlay(const Workbench *w, size_t place, const char **name); /* its training; NULL: none there */
bool train_cross_index(const Workbench *w, const TailSeries *s, size_t *at);    /* the point under the crosshair; false: there is none */
const char *train_figure_text(const char *series, double value, char out[METRIC_TITLE_ROOM]); /* with the decimals of what it is */
void train_paint_charts(const Workbench *w, const Curve *c, Pen *pen, Rect area);
void train_paint_layers(const Workbench *w, const Curve *c, Pen *pen, Rect area); /* instead of the charts */
void train_paint_side(const Workbench *w, const Curve *c, Pen *pen, Rect side);
bool train_alarm_brief(const Curve *c, Text *out);         /* the newest alarm that a key acts upon, where there is no room for the pane */
uint32_t train_mark_glyph(CurveMarkKind kind, Role *role); /* 0: it is not drawn */
bool train_key_look(Workbench *w, Key key);                /* moves the crosshair; false: not its key */
/* Lists in which entries are switched on and off. */
void train_choose_series(Workbench *w);
void train_choose_overlays(Workbench *w);

/* A command of the Train view. */
#define TRAIN_COMMAND(id, text, k, place, short_word, fn, may) \
    const Command command_train_##id = {.spec = {.name = "train_" #id, .doc = text, .group = "t train"}, \
                                        .key = k, \
                                        .views = IN(VIEW_TRAIN), \
                                        .hint = place, \
                                        .word = short_word, \
                                        .can_run = may, \
                                        .run = fn}

#endif
