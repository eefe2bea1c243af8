/* Progress and cancellation of long computations. */
#include "base/job.h"

bool job_go_on(Job *job, Error *e)
{
    if (job && atomic_load_explicit(&job->cancel, memory_order_relaxed)) {
        return error_set(e, ERROR_CANCELED, "canceled");
    }
    return true;
}

void job_progress(Job *job, uint64_t done, uint64_t total)
{
    if (job) {
        atomic_store_explicit(&job->total, total, memory_order_relaxed);
        atomic_store_explicit(&job->done, done, memory_order_relaxed);
    }
}
