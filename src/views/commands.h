/* Helpers for files that define commands. */
#ifndef VIEWS_COMMANDS_H
#define VIEWS_COMMANDS_H

#include "views/workbench.h"

#define IN(view) (1 << (view))
/* Reasons shared by many commands. */
bool need_table(const Workbench *w, Text *why);
bool need_run(const Workbench *w, Text *why);      /* a watched run that has not ended */
bool need_any_run(const Workbench *w, Text *why);  /* a watched run, ended or not */

#endif
