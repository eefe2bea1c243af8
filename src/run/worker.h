/* Starting the detached process that runs a script in a run directory, and being it. */
#ifndef RUN_WORKER_H
#define RUN_WORKER_H

#include <stdint.h>

#include "base/text.h"

/* Makes the run directory with script.lua and args.json and starts `limbeck worker DIR` detached. *path: the caller owns it. */
bool worker_start(const char *runs, const char *name, const char *script_text, const char *script_path, const TextList *arguments,
                  char **path, Error *e);
/* Starts `limbeck worker DIR` again; returns when it has begun. */
bool worker_resume(const char *path, Error *e);
/* The same without waiting: *before gets the size that events.jsonl had; a larger one says that it has begun. */
bool worker_resume_soon(const char *path, uint64_t *before, Error *e);
bool worker_has_begun(const char *path, uint64_t before);
/* Copies output.log to stdout and errors.log to stderr as they grow until the run ended; *exit_code as its "end" event says. Ctrl-C
 * requests a stop, a second one leaves the run running. */
bool worker_follow(const char *path, int *exit_code, Error *e);
typedef struct WorkerLogs { /* bytes of output.log and errors.log */
    uint64_t output, errors;
} WorkerLogs;
WorkerLogs worker_logs(const char *path);
bool worker_follow_from(const char *path, WorkerLogs from, int *exit_code, Error *e); /* from these bytes on: after a resume */

#endif
