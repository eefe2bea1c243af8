/* limbeck compare RUN...: runs side by side. */
#ifndef CLI_COMPARE_RUNS_H
#define CLI_COMPARE_RUNS_H

#include "cli/cli.h"

typedef struct CompareParams {
    int on;
    char *data;
} CompareParams;
int compare_runs(const CliCall *call, Error *e); /* an exit code */

#endif
