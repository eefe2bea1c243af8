/* What a run was told to do, as names and short texts in a fixed order: its recipe step by step, its split, net and training plan, its
 * script. Runs are compared by these alone. */
#ifndef APP_RUN_SETTINGS_H
#define APP_RUN_SETTINGS_H

#include "base/value.h"

Value *run_settings(const Value *card); /* a map of texts, of the run that the card is of; new */
/* The names whose texts are not the same in all of them, where one lacks it too; in the order of the settings. New list of texts. */
Value *run_differences(const Value *const *settings, size_t count);
/* Lines of two scripts that are in one only, as "- line" and "+ line" with their numbers; at most `most`, then a line that counts the rest;
 * of the first 2,000 lines.
 * "" where they are the same. The caller owns it. */
char *run_script_changes(const char *before, const char *after, size_t most);

#endif
