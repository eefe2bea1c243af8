/* Job: what a long computation is given: a place to report progress, a flag that asks it to stop, its seed and threads. */
#ifndef BASE_JOB_H
#define BASE_JOB_H

#include <stdatomic.h>
#include <stdint.h>

#include "base/error.h"

typedef struct Job {
    atomic_bool cancel;                /* set by anyone; the job returns ERROR_CANCELED at its next safe point */
    atomic_uint_least64_t done, total; /* progress; total 0: unknown */
    const char *doing;                 /* "reading", "profiling"; static text */
    uint64_t seed;
    int threads;                                               /* 0: all cores */
    bool (*may_read)(void *asker, const char *path, Error *e); /* files that options name, as a join's; NULL: all are open */
    void *asker;
    bool keeps; /* a reader that is asked to stop returns the rows it has */
} Job;

bool job_go_on(Job *job, Error *e); /* false with ERROR_CANCELED when asked to stop; job may be NULL */
void job_progress(Job *job, uint64_t done, uint64_t total);

#endif
