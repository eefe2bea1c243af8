/* Lua: the same words as the workbench. A script runs once, top to bottom, in a worker with a journal; or is only described, to
 * open it in the workbench. Only this room knows Lua. */
#ifndef SCRIPT_SCRIPT_H
#define SCRIPT_SCRIPT_H

#include "app/document.h"

/* How far a script is trusted. None of them starts a process. */
typedef enum ScriptTrust {
    TRUST_NAMED,     /* the user named it: tables and models of any path; its own files below its folder, the current one and its run */
    TRUST_RESUMED,   /* of a run, which may come from anywhere: reads tables and models of any path, writes below the run and the folder
                        in which the user stands */
    TRUST_SANDBOXED, /* reads and writes only below its folder and its run */
    TRUST_ALL        /* --trust: files of any path */
} ScriptTrust;

typedef struct ScriptRun {
    const char *path;          /* for messages and require; NULL: console */
    const char *text;          /* NULL: read from path */
    const TextList *arguments; /* --key=value ... */
    Journal *journal;          /* NULL: not in a worker */
    /* Of a process that the script has for itself: it was asked to stop, or is beyond a limit (why), and goes on; ends the process. */
    void (*give_up)(void *self, const Error *why);
    void *self;
    Job *job; /* its cancel ends the script; NULL: nobody waits */
    ScriptTrust trust;
    const char *folder; /* where the user stands; NULL: the current one */
    int64_t memory;     /* MiB; 0: what goes with the trust. In a sandbox of the whole process, else of the script's own values */
    int64_t seconds;    /* of processor time for the script's own lines; 0: what goes with the trust */
    const char *runs;   /* directory for new runs */
    uint64_t seed;      /* default of seed; UINT64_MAX: none given */
    int threads;
    bool quiet;    /* no notes, only errors */
    bool alone;    /* a module that defines steps: no files, no output; of lb there is what defines */
    bool describe; /* record the document, train nothing, print nothing, write nothing */
} ScriptRun;

/* *exit_code: 0, 1 when the script returned false, its integer, or by the error. false only with e set (file:line and traceback in
 * the message; the traceback went to stderr). */
bool script_run(const ScriptRun *run, int *exit_code, Error *e);
Document *script_describe(const ScriptRun *run, Error *e);              /* the document that a script builds */
int script_interpreter(int argc, char **argv, const ScriptRun *limits); /* limbeck lua; of limits: trust, memory, seconds */

/* give_up of a process without a run: says why on stderr and ends it, with 128 + signal or as the error says. */
void script_give_up(void *self, const Error *why);

/* The console of the workbench: a state that lives on. */
typedef struct Console Console;
Console *console_open(const Document *d, Error *e);
char *console_run(Console *c, const char *line); /* what it printed, errors included; the caller owns it */
void console_close(Console *c);

/* The answer of a command that a module defines, as plain values: request {"command","module","params","about"}. NULL on failure. */
Value *script_command(const Value *request, Error *e);

/* Modules define steps, and run within these limits (MiB, seconds of processor time; 0: as in a sandbox). Once, at start. */
void script_host_modules(int64_t memory, int64_t seconds);

void script_write_stubs(Text *out); /* lua/meta/limbeck.d.lua from the registry */

#endif
