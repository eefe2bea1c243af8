/* Opening the workbench from any verb. */
#ifndef CLI_WORKBENCH_H
#define CLI_WORKBENCH_H

#include "app/app.h"
#include "cli/cli.h"

/* path NULL: the start screen. */
int workbench_open(const CliOptions *options, const char *path, bool guided, Error *e);
/* Shows a script as its author wrote it on the Train view; Enter runs it (run --ui). */
int workbench_open_script(const CliOptions *options, const char *path, const TextList *arguments, Error *e);

extern const AppHost cli_host; /* what scripts do for the workbench, each in a process of its own */

#endif
