/* The command line cut into global options, the verb's options and words. */
#ifndef CLI_OPTIONS_H
#define CLI_OPTIONS_H

#include "cli/cli.h"

typedef struct CliLine {
    CliOptions options;
    const Verb *verb; /* NULL: none was named: the workbench */
    void *params;     /* of the verb */
    TextList words;   /* without the verb */
    char *size;       /* --headless as given */
    bool help, version, guided;
} CliLine;

bool cli_parse(int argc, char **argv, CliLine *line, Error *e);
void cli_line_done(CliLine *line);

int cli_workbench(const CliLine *line, Error *e); /* no verb: opens the workbench */

#endif
