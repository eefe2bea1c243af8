/* What the files of the Train view share. */
#ifndef VIEWS_TRAIN_H
#define VIEWS_TRAIN_H

#include "learn/curve.h"
#include "views/workbench.h"

/* The card of the watched training; replays show no clock, so times and speeds are unknown there. false: no run is watched. Else
 * curve_done. */
bool train_curve(const Workbench *w, Curve *c);
void train_paint_side(const Workbench *w, const Curve *c, Pen *pen, Rect side);

#endif
