/* Threads: one background job at a time for the screen, and a pool that splits a training step. The pool spins briefly, then
 * sleeps. No thread is alive before the first use, so a process may fork until then. */
#ifndef BASE_THREAD_H
#define BASE_THREAD_H

#include "base/error.h"

typedef struct Thread Thread;
Thread *thread_start(void (*run)(void *self), void *self, Error *e); /* NULL on failure */
void thread_join(Thread *t);                                         /* frees it */

typedef struct Mutex Mutex;
Mutex *mutex_new(void);
void mutex_lock(Mutex *m);
void mutex_unlock(Mutex *m);
void mutex_free(Mutex *m);

/* A limit for work that looks at no clock itself: ring runs in another thread, once, when the thread that set it has used so many
 * seconds of processor time. NULL on failure. */
typedef struct Deadline Deadline;
Deadline *deadline_start(double seconds, void (*ring)(void *self), void *self, Error *e);
void deadline_end(Deadline *d); /* accepts NULL; behind it nothing rings */

int thread_cores(void); /* that this process may use: what "0 threads" and "0 jobs" mean */

typedef struct Pool Pool;
Pool *pool_new(int threads, Error *e); /* threads counts the caller; 1 makes no thread at all */
int pool_threads(const Pool *p);
/* Runs task(self, i) for i in 0..count-1, on all threads, and returns when all are done. */
void pool_run(Pool *p, int count, void (*task)(void *self, int index), void *self);
void pool_free(Pool *p);

#endif
