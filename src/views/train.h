/* Figures of the watched training that chart and side pane share. */
#ifndef VIEWS_TRAIN_H
#define VIEWS_TRAIN_H

#include "net/metrics/metric.h"
#include "views/workbench.h"

typedef struct TrainFigures {
    const Tail *run; /* the training itself; never NULL when filled */
    int64_t epoch, epochs, step, steps;
    const char *watched; /* metric of early stop and of the headline: "valid.auc" */
    double now, best;
    int64_t best_epoch, patience, waited;
    double share;         /* of the planned epochs that were trained: a run that stopped early stays below 1 */
    double seconds, left; /* gone and to go; left < 0: unknown */
    double rate;          /* rows a second */
    bool rising;          /* valid loss rises while train loss falls */
    int64_t lowest_epoch; /* of valid loss */
    bool overfits;
} TrainFigures;

bool train_figures(const Workbench *w, TrainFigures *f);                /* false: no run is watched */
double series_best_of(const Tail *t, const char *name, int64_t *epoch); /* by the direction of the metric; NAN when empty */
double series_best(const TailSeries *s, bool high, int64_t *epoch);     /* NAN when empty */
/* Where the axis of its epochs ends: at the plan, so that the empty part is the rest of the work. A plan far longer than what was
 * trained is halved until something can be seen; a run that stopped before its half has no rest. At least 2. */
double run_last_epoch(const Tail *run);
double series_last(const TailSeries *s);
void train_paint_side(const Workbench *w, const TrainFigures *f, Pen *pen, Rect side);

#endif
