/* A farm: numbered pieces of work in processes of their own, some at a time. A process, never a thread: each has its own memory, and
 * a crash takes only its piece with it. A piece whose process was killed, or could not store what it found, is worked again. */
#ifndef LEARN_FARM_H
#define LEARN_FARM_H

#include "base/job.h"
#include "base/io.h"
#include "run/run_dir.h"

enum { FARM_TRIES = 3 };

typedef struct Farm {
    void *self;
    size_t count;
    int64_t jobs;
    const char *piece;                               /* what a piece is called: "trial" */
    RunDir *run;                                     /* of the parent: requests are taken here; may be NULL */
    bool (*is_done)(void *self, size_t i);           /* finished before, by an earlier life of the run */
    bool (*work)(void *self, size_t i, Error *e);    /* in the child; leaves its result in files */
    bool (*started)(void *self, size_t i, Error *e); /* in the parent; may be NULL */
    bool (*ended)(void *self, size_t i, const Error *failed,
                  Error *e); /* in the parent; failed NULL: fine; of code ERROR_LOST or ERROR_IO: FARM_TRIES times. false ends the farm */
} Farm;

/* *stopped: a stop was requested; what was running was asked to stop too and has ended. */
bool farm_run(Job *job, const Farm *farm, bool *stopped, Error *e);

#endif
