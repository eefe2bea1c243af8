/* Lua: the same words as the workbench. A script runs once, top to bottom, in a worker with a journal; or is only described, to
 * open it in the workbench. Only this room knows Lua. */
#ifndef SCRIPT_SCRIPT_H
#define SCRIPT_SCRIPT_H

#include "app/document.h"

typedef struct ScriptRun {
    const char *path;            /* for messages and require; NULL: console */
    const char *text;            /* NULL: read from path */
    const TextList *arguments;   /* --key=value ... */
    Journal *journal;            /* NULL: not in a worker */
    void (*give_up)(void *self); /* a worker's: the script was asked to stop and does not; ends the process */
    void *self;
    Job *job;         /* its cancel ends the script; NULL: nobody waits */
    const char *runs; /* directory for new runs */
    uint64_t seed;    /* default of seed; UINT64_MAX: none given */
    int threads;
    bool quiet;    /* no notes, only errors */
    bool describe; /* record the document, train nothing, print nothing */
} ScriptRun;

/* *exit_code: 0, 1 when the script returned false, its integer, or by the error. false only with e set (file:line and traceback in
 * the message; the traceback went to stderr). */
bool script_run(const ScriptRun *run, int *exit_code, Error *e);
/* The document that a script builds; job: may be NULL. */
Document *script_describe(Job *job, const char *path, const char *text, Error *e);
int script_interpreter(int argc, char **argv); /* limbeck lua */

/* The console of the workbench: a state that lives on. */
typedef struct Console Console;
Console *console_open(const Document *d, Error *e);
char *console_run(Console *c, const char *line); /* what it printed, errors included; the caller owns it */
void console_close(Console *c);

void script_write_stubs(Text *out); /* lua/meta/limbeck.d.lua from the registry */

#endif
