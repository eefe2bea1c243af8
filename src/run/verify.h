/* Checking run directories: every event line, every checkpoint, the journal against the calls. */
#ifndef RUN_VERIFY_H
#define RUN_VERIFY_H

#include "base/value.h"

/* List of maps, one per directory, from `path` down: {"path","events","checkpoints","damage":["..."]}; fails only when path is no run. */
bool verify_tree(const char *path, Value **report, Error *e);

#endif
