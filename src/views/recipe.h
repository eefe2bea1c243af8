/* What the commands and the panes of the Recipe view need of each other. */
#ifndef VIEWS_RECIPE_H
#define VIEWS_RECIPE_H

#include "tui/list.h"
#include "views/workbench.h"

enum { RECIPE_STEPS, RECIPE_FEATURES, RECIPE_PANES };

size_t recipe_cursor_step(const Workbench *w);        /* SIZE_MAX: the cursor is on the split, or there is none */
void recipe_follow(Workbench *w, int by);             /* the cursor goes with a step that was moved */
ListState *recipe_points(const Workbench *w);         /* the cursor in the curve of features */
const Value *recipe_cursor_point(const Workbench *w); /* of the curve; NULL: none yet */

/* What the steps are worth, as far as it is known. */
int recipe_price_width(const Workbench *w, int row); /* of its columns in a row so wide; 0: nobody has asked */
void recipe_paint_price_head(const Workbench *w, Pen *pen, Rect block);
void recipe_paint_price(const Workbench *w, Pen *pen, Rect block, size_t step); /* step: in the recipe */
int recipe_price_rows(const Workbench *w, int width);                           /* of the sentence that comes of it */
void recipe_paint_price_line(const Workbench *w, Pen *pen, Rect rows);

/* How few features do. */
void recipe_paint_features(const Workbench *w, Pen *pen, Rect pane);
void recipe_say_features(const Workbench *w, Text *left); /* for the status: the point under the cursor */

/* A figure with its interval, as dots and whiskers around 0 and as a number. one: {"worth", "low", "high"}. */
double worth_scale(const Value *list, double margin); /* what the axis holds on each side */
Role worth_role(const Value *one);                    /* good or bad only where the interval leaves out 0 */
void worth_paint_axis(Pen *pen, Rect axis, const Value *one, double scale);
void worth_add(const Value *one, int decimals, Text *out); /* "+0.0055 ± 0.0013" */

#endif
