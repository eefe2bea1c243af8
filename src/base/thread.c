/* Threads over pthreads. Signals stay with the main thread. The pool wakes its threads by a generation number: they watch it
 * for some microseconds (a training step hands out work that often), then sleep on a condition. */
#include "base/thread.h"

#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <stdatomic.h>
#include <string.h>

#include "base/mem.h"

enum { POOL_SPINS = 1500, POOL_MOST = 256 };

struct Thread {
    pthread_t id;
    void (*run)(void *self);
    void *self;
};

struct Mutex {
    pthread_mutex_t lock;
};

struct Pool {
    int threads;
    Thread *workers; /* threads - 1 of them */
    pthread_mutex_t lock;
    pthread_cond_t wake, finished;
    atomic_uint generation;
    atomic_int next, pending;
    atomic_bool ending;
    int count;
    void (*task)(void *self, int index);
    void *self;
};

int thread_cores(void)
{
    cpu_set_t usable;
    int count = sched_getaffinity(0, sizeof usable, &usable) == 0 ? CPU_COUNT(&usable) : 1;
    return count < 1 ? 1 : count > POOL_MOST ? POOL_MOST : count;
}

static void *thread_main(void *argument)
{
    Thread *t = argument;
    t->run(t->self);
    return NULL;
}

static bool thread_begin(Thread *t, void (*run)(void *self), void *self, Error *e)
{
    sigset_t all, before;
    t->run = run;
    t->self = self;
    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, &before);
    int failure = pthread_create(&t->id, NULL, thread_main, t);
    pthread_sigmask(SIG_SETMASK, &before, NULL);
    if (failure)
        return error_set(e, ERROR_FAILED, "cannot start a thread: %s; try --threads 1", strerror(failure));
    return true;
}

Thread *thread_start(void (*run)(void *self), void *self, Error *e)
{
    Thread *t = MEM_NEW(Thread);
    if (thread_begin(t, run, self, e))
        return t;
    mem_free(t);
    return NULL;
}

void thread_join(Thread *t)
{
    if (!t)
        return;
    pthread_join(t->id, NULL);
    mem_free(t);
}

Mutex *mutex_new(void)
{
    Mutex *m = MEM_NEW(Mutex);
    pthread_mutex_init(&m->lock, NULL);
    return m;
}

void mutex_lock(Mutex *m)
{
    pthread_mutex_lock(&m->lock);
}

void mutex_unlock(Mutex *m)
{
    pthread_mutex_unlock(&m->lock);
}

void mutex_free(Mutex *m)
{
    if (!m)
        return;
    pthread_mutex_destroy(&m->lock);
    mem_free(m);
}

static void pool_pause(void)
{
#if defined(__x86_64__) || defined(__i386__)
    __builtin_ia32_pause();
#endif
}

static void pool_take_tasks(Pool *p)
{
    for (int i = atomic_fetch_add(&p->next, 1); i < p->count; i = atomic_fetch_add(&p->next, 1))
        p->task(p->self, i);
}

static unsigned pool_await_work(Pool *p, unsigned seen)
{
    for (int i = 0; i < POOL_SPINS; i++) {
        if (atomic_load(&p->generation) != seen)
            return atomic_load(&p->generation);
        pool_pause();
    }
    pthread_mutex_lock(&p->lock);
    while (atomic_load(&p->generation) == seen)
        pthread_cond_wait(&p->wake, &p->lock);
    pthread_mutex_unlock(&p->lock);
    return atomic_load(&p->generation);
}

static void pool_worker(void *self)
{
    Pool *p = self;
    unsigned seen = 0;
    for (;;) {
        seen = pool_await_work(p, seen);
        if (atomic_load(&p->ending))
            return;
        pool_take_tasks(p);
        if (atomic_fetch_sub(&p->pending, 1) == 1) {
            pthread_mutex_lock(&p->lock);
            pthread_cond_signal(&p->finished);
            pthread_mutex_unlock(&p->lock);
        }
    }
}

static void pool_wake(Pool *p)
{
    pthread_mutex_lock(&p->lock);
    atomic_fetch_add(&p->generation, 1);
    pthread_cond_broadcast(&p->wake);
    pthread_mutex_unlock(&p->lock);
}

static void pool_await_end(Pool *p)
{
    for (int i = 0; i < POOL_SPINS; i++) {
        if (atomic_load(&p->pending) == 0)
            return;
        pool_pause();
    }
    pthread_mutex_lock(&p->lock);
    while (atomic_load(&p->pending) > 0)
        pthread_cond_wait(&p->finished, &p->lock);
    pthread_mutex_unlock(&p->lock);
}

Pool *pool_new(int threads, Error *e)
{
    Pool *p = MEM_NEW(Pool);
    int wanted = threads < 1 ? 1 : threads > POOL_MOST ? POOL_MOST : threads;
    p->threads = 1;
    pthread_mutex_init(&p->lock, NULL);
    pthread_cond_init(&p->wake, NULL);
    pthread_cond_init(&p->finished, NULL);
    if (wanted > 1)
        p->workers = mem_alloc((size_t)(wanted - 1) * sizeof *p->workers);
    for (; p->threads < wanted; p->threads++)
        if (!thread_begin(&p->workers[p->threads - 1], pool_worker, p, e)) {
            pool_free(p);
            return NULL;
        }
    return p;
}

int pool_threads(const Pool *p)
{
    return p ? p->threads : 1;
}

void pool_run(Pool *p, int count, void (*task)(void *self, int index), void *self)
{
    if (!p || p->threads == 1 || count < 2) {
        for (int i = 0; i < count; i++)
            task(self, i);
        return;
    }
    p->count = count;
    p->task = task;
    p->self = self;
    atomic_store(&p->next, 0);
    atomic_store(&p->pending, p->threads - 1);
    pool_wake(p);
    pool_take_tasks(p);
    pool_await_end(p);
}

void pool_free(Pool *p)
{
    if (!p)
        return;
    atomic_store(&p->ending, true);
    if (p->threads > 1)
        pool_wake(p);
    for (int i = 0; i < p->threads - 1; i++)
        pthread_join(p->workers[i].id, NULL);
    pthread_cond_destroy(&p->finished);
    pthread_cond_destroy(&p->wake);
    pthread_mutex_destroy(&p->lock);
    mem_free(p->workers);
    mem_free(p);
}
