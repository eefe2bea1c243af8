/* All seeds of the watched run together, and the simple models beside them, in place of the curves of one. */
#ifndef VIEWS_TRAIN_SEEDS_H
#define VIEWS_TRAIN_SEEDS_H

#include "views/workbench.h"

bool train_is_group(const Workbench *w); /* that is what is shown */
void train_paint_group(const Workbench *w, Pen *pen, Rect body);
void train_say_group(const Workbench *w, Text *left);

#endif
