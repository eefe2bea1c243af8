/* Opening the workbench from any verb. */
#ifndef CLI_WORKBENCH_H
#define CLI_WORKBENCH_H

#include "cli/cli.h"

typedef enum WorkbenchStart { WORKBENCH_LOOK, WORKBENCH_TRAIN } WorkbenchStart;

/* path NULL: the start screen. TRAIN: opens a script on the Train view and starts it after Enter (run --ui). */
int workbench_open(const CliOptions *options, const char *path, WorkbenchStart start, bool guided, Error *e);

#endif
