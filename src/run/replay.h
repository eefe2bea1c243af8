/* A run again from its first step, beside itself: the script, what it was given, and the changes that were made by hand, each at its step.
 * What the second life leaves is compared with what the first one left. */
#ifndef RUN_REPLAY_H
#define RUN_REPLAY_H

#include "base/value.h"

/* A new directory beside the run with all that the script needs and nothing that it has found; the caller owns the path and removes the
 * directory. NULL: path is not the run of a script, or has not ended. */
char *replay_prepare(const char *path, Error *e);
/* After its worker has ended: {"models": n, "differ": [paths below the run]}; new. */
Value *replay_compare(const char *path, const char *again, Error *e);

#endif
