/* The manifest of a run directory: size and SHA-256 of each of its files that no longer changes. */
#ifndef RUN_MANIFEST_H
#define RUN_MANIFEST_H

#include "base/text.h"

/* only_lasting: of the script and its arguments alone, when the run begins or goes on; else of all files, when it is closed. */
bool manifest_write(const char *path, bool only_lasting, Error *e);
/* Adds a line for each file that is missing or not what it was. false: there is no manifest (an older run, or one that was killed). */
bool manifest_check(const char *path, TextList *damage);

#endif
