/* Figures of the watched training that chart and side pane share. */
#ifndef VIEWS_TRAIN_H
#define VIEWS_TRAIN_H

#include "views/workbench.h"

typedef struct TrainFigures {
    const Tail *run;      /* the training itself; never NULL when filled */
    int64_t epoch, epochs, step, steps;
    const char *watched;  /* metric of early stop and of the headline: "valid.auc" */
    double now, best;
    int64_t best_epoch, patience, waited;
    double seconds, left; /* gone and to go; left < 0: unknown */
    double rate;          /* rows a second */
    bool rising;          /* valid loss rises while train loss falls */
    int64_t lowest_epoch; /* of valid loss */
    bool overfits;
} TrainFigures;

bool train_figures(const Workbench *w, TrainFigures *f); /* false: no run is watched */
const char *metric_title(const char *metric);            /* "valid.auc" -> "valid AUC" */
bool metric_is_high(const char *metric);                 /* larger is better */
double series_best(const TailSeries *s, bool high, int64_t *epoch); /* NAN when empty */
double series_last(const TailSeries *s);
void train_paint_side(const Workbench *w, const TrainFigures *f, Pen *pen, Rect side);

#endif
