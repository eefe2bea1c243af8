/* Starting the detached process that runs a script in a run directory, and being it. */
#ifndef RUN_WORKER_H
#define RUN_WORKER_H

#include <stdint.h>

#include "base/job.h"
#include "base/text.h"
#include "run/tail.h"

typedef struct WorkerStart {
    const char *runs, *name;   /* the directory of runs; what the new one is called after its time */
    const char *script_text;   /* what is run */
    const char *script_path;   /* where it came from; NULL: nowhere */
    const TextList *arguments; /* of the script; NULL: none */
} WorkerStart;
/* Makes the run directory with script.lua and args.json and starts `limbeck worker DIR` detached. *path: the caller owns it. Asked to
 * stop before the worker was started (job may be NULL), or when anything fails, it leaves no directory. */
bool worker_start(const WorkerStart *start, Job *job, char **path, Error *e);
/* What args.json says, every word of it. */
typedef struct WorkerCard {
    TextList arguments;
    char *directory; /* where the script was started */
    char *script;    /* its path then; NULL: it came from standard input */
} WorkerCard;
bool worker_read_card(const char *path, WorkerCard *out, Error *e); /* out is to be done in both cases */
void worker_card_done(WorkerCard *card);
/* Starts `limbeck worker DIR` again with global options; returns when it has begun. Asked to stop it no longer waits for that. */
bool worker_resume(const char *path, const TextList *options, Job *job, Error *e);
/* How a run is told of while it is followed. */
typedef struct WorkerTeller {
    void (*begin)(void *self);           /* once, when it has a run below it: it is more than a script that prints; NULL */
    char *(*line)(const Tail *training); /* where a training is, in one line that the next one replaces; NULL: there is none yet */
    void *self;
} WorkerTeller;
/* It has ended well and has nothing that is worth keeping: no call, no input, no module, no file but those of every run. */
bool worker_left_nothing(const char *path);
/* Copies output.log to stdout and errors.log to stderr as they grow until the run ended; *exit_code as its "end" event says. Ctrl-C
 * requests a stop, a second one leaves the run running. */
bool worker_follow(const char *path, const WorkerTeller *teller, int *exit_code, Error *e); /* teller may be NULL */
typedef struct WorkerLogs {                                                                 /* bytes of output.log and errors.log */
    uint64_t output, errors;
} WorkerLogs;
WorkerLogs worker_logs(const char *path);
/* From these bytes on: after a resume. */
bool worker_follow_from(const char *path, const WorkerTeller *teller, WorkerLogs from, int *exit_code, Error *e);

#endif
