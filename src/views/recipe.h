/* What the commands of the Recipe view need of its state. */
#ifndef VIEWS_RECIPE_H
#define VIEWS_RECIPE_H

#include "views/workbench.h"

size_t recipe_cursor_step(const Workbench *w); /* SIZE_MAX: the cursor is on the split, or there is none */
void recipe_follow(Workbench *w, int by);      /* the cursor goes with a step that was moved */

#endif
