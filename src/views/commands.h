/* Helpers for files that define commands. */
#ifndef VIEWS_COMMANDS_H
#define VIEWS_COMMANDS_H

#include "views/workbench.h"

#define IN(view) (1 << (view))
#define EVERYWHERE(id, text, k, place, short_word, fn, may) \
    const Command command_##id = {.spec = {.name = #id, .doc = text, .group = ""}, \
                                  .key = k, \
                                  .views = VIEWS_ALL, \
                                  .hint = place, \
                                  .word = short_word, \
                                  .can_run = may, \
                                  .run = fn}
bool command_family_add(const Command *c, Error *e);
/* "a=1 b=x" as parameters; NULL on failure. */
Value *command_options(const Spec *spec, const char *words, Error *e);
void commands_take_answer(Workbench *w); /* of a command that a module defines: what it says, and what it asks to be done */
/* Reasons shared by many commands. */
bool start_run(Workbench *w, AppCall call, Error *e);                  /* the one start of every key; the view that shows it follows */
bool save_session(Workbench *w, const char *path, Error *e);           /* asks before it overwrites; path NULL: where it was saved last */
bool open_path(Workbench *w, const char *path, Error *e);              /* asks before it drops unsaved work */
Value *command_options(const Spec *spec, const char *words, Error *e); /* "folds=10 epochs=5" as a map for the caller; NULL: e */
bool need_table(const Workbench *w, Text *why);
bool need_run(const Workbench *w, Text *why);     /* a watched run that has not ended */
bool need_any_run(const Workbench *w, Text *why); /* a watched run, ended or not */

#endif
