/* Threads over pthreads. Signals stay with the main thread. The pool wakes its threads by a generation number: they watch it
 * for some microseconds (a training step hands out work that often), then sleep on a condition. Each thread first takes its own share
 * of the tasks, the same every time, so that what they work on stays in its cache; then what is left of the others'. A run ends with
 * its last task: nobody waits for a thread that did not wake in time. */
#include "base/thread.h"

#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <stdatomic.h>
#include <string.h>
#include <time.h>

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

typedef struct Share {                    /* of a thread in a run */
    _Alignas(64) _Atomic uint64_t ticket; /* end << 32 | next task */
} Share;

typedef struct PoolWorker {
    Thread thread;
    Pool *pool;
    int index;
} PoolWorker;

struct Pool {
    int threads;
    PoolWorker *workers; /* threads - 1 of them */
    Share *shares;       /* one for each thread */
    pthread_mutex_t lock;
    pthread_cond_t wake, finished;
    atomic_uint generation;
    atomic_int left, sleepers;
    atomic_bool ending;
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

/* The number of a task of this share, or -1. Until it is done no other run begins: what the ticket does not hold is read after it was
 * taken. */
static int share_take(Share *share)
{
    uint64_t t = atomic_load(&share->ticket);
    while ((uint32_t)t < t >> 32)
        if (atomic_compare_exchange_weak(&share->ticket, &t, t + 1))
            return (int)(uint32_t)t;
    return -1;
}

static void pool_finish_task(Pool *p)
{
    if (atomic_fetch_sub(&p->left, 1) != 1)
        return;
    pthread_mutex_lock(&p->lock);
    pthread_cond_signal(&p->finished);
    pthread_mutex_unlock(&p->lock);
}

static void pool_take_tasks(Pool *p, int own)
{
    for (int i = 0; i < p->threads; i++) {
        Share *share = &p->shares[(own + i) % p->threads];
        for (int task; (task = share_take(share)) >= 0;) {
            p->task(p->self, task);
            pool_finish_task(p);
        }
    }
}

static unsigned pool_await_work(Pool *p, unsigned seen)
{
    for (int i = 0; i < POOL_SPINS; i++) {
        if (atomic_load(&p->generation) != seen)
            return atomic_load(&p->generation);
        pool_pause();
    }
    pthread_mutex_lock(&p->lock);
    atomic_fetch_add(&p->sleepers, 1);
    while (atomic_load(&p->generation) == seen)
        pthread_cond_wait(&p->wake, &p->lock);
    atomic_fetch_sub(&p->sleepers, 1);
    pthread_mutex_unlock(&p->lock);
    return atomic_load(&p->generation);
}

static void pool_worker(void *self)
{
    const PoolWorker *w = self;
    Pool *p = w->pool;
    unsigned seen = 0;
    for (;;) {
        seen = pool_await_work(p, seen);
        if (atomic_load(&p->ending))
            return;
        pool_take_tasks(p, w->index);
    }
}

/* A thread counts itself as a sleeper before it looks at the generation a last time: it is seen here, or sees this. */
static void pool_wake(Pool *p)
{
    atomic_fetch_add(&p->generation, 1);
    if (atomic_load(&p->sleepers) == 0)
        return;
    pthread_mutex_lock(&p->lock);
    pthread_cond_broadcast(&p->wake);
    pthread_mutex_unlock(&p->lock);
}

static void pool_await_end(Pool *p)
{
    for (int i = 0; i < POOL_SPINS; i++) {
        if (atomic_load(&p->left) == 0)
            return;
        pool_pause();
    }
    pthread_mutex_lock(&p->lock);
    while (atomic_load(&p->left) > 0)
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
    p->workers = mem_alloc((size_t)wanted * sizeof *p->workers);
    p->shares = mem_try_aligned((size_t)wanted, sizeof *p->shares, e);
    if (!p->shares) {
        pool_free(p);
        return NULL;
    }
    for (; p->threads < wanted; p->threads++) {
        PoolWorker *w = &p->workers[p->threads - 1];
        *w = (PoolWorker){.pool = p, .index = p->threads};
        if (!thread_begin(&w->thread, pool_worker, w, e)) {
            pool_free(p);
            return NULL;
        }
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
    atomic_store(&p->left, count);
    p->task = task;
    p->self = self;
    for (int i = 0, from = 0; i < p->threads; i++) {
        int end = (int)((int64_t)count * (i + 1) / p->threads);
        atomic_store(&p->shares[i].ticket, (uint64_t)end << 32 | (uint64_t)from);
        from = end;
    }
    pool_wake(p);
    pool_take_tasks(p, 0);
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
        pthread_join(p->workers[i].thread.id, NULL);
    pthread_cond_destroy(&p->finished);
    pthread_cond_destroy(&p->wake);
    pthread_mutex_destroy(&p->lock);
    mem_free(p->shares);
    mem_free(p->workers);
    mem_free(p);
}

/* A deadline sleeps until the processor time can have been used, looks how much was, and sleeps again. */
static const double LEAST_SLEEP = 0.05; /* seconds */

struct Deadline {
    pthread_mutex_t lock;
    pthread_cond_t wake;
    Thread *thread;
    clockid_t clock; /* processor time of the thread that is watched */
    double at;
    bool ended;
    void (*ring)(void *self);
    void *self;
};

static double read_clock(clockid_t clock)
{
    struct timespec t = {0};
    clock_gettime(clock, &t);
    return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

static void wait_for(Deadline *d, double seconds)
{
    double until = read_clock(CLOCK_MONOTONIC) + (seconds > LEAST_SLEEP ? seconds : LEAST_SLEEP);
    struct timespec t = {.tv_sec = (time_t)until};
    t.tv_nsec = (long)(1e9 * (until - (double)t.tv_sec));
    pthread_cond_timedwait(&d->wake, &d->lock, &t);
}

static void watch_clock(void *self)
{
    Deadline *d = self;
    pthread_mutex_lock(&d->lock);
    double left = d->at - read_clock(d->clock);
    while (!d->ended && left > 0) {
        wait_for(d, left);
        left = d->ended ? left : d->at - read_clock(d->clock);
    }
    if (!d->ended)
        d->ring(d->self);
    pthread_mutex_unlock(&d->lock);
}

Deadline *deadline_start(double seconds, void (*ring)(void *self), void *self, Error *e)
{
    Deadline *d = MEM_NEW(Deadline);
    pthread_condattr_t attributes;
    *d = (Deadline){.ring = ring, .self = self};
    pthread_getcpuclockid(pthread_self(), &d->clock);
    d->at = read_clock(d->clock) + seconds;
    pthread_mutex_init(&d->lock, NULL);
    pthread_condattr_init(&attributes);
    pthread_condattr_setclock(&attributes, CLOCK_MONOTONIC);
    pthread_cond_init(&d->wake, &attributes);
    pthread_condattr_destroy(&attributes);
    d->thread = thread_start(watch_clock, d, e);
    if (d->thread)
        return d;
    deadline_end(d);
    return NULL;
}

void deadline_end(Deadline *d)
{
    if (!d)
        return;
    pthread_mutex_lock(&d->lock);
    d->ended = true;
    pthread_cond_signal(&d->wake);
    pthread_mutex_unlock(&d->lock);
    thread_join(d->thread);
    pthread_cond_destroy(&d->wake);
    pthread_mutex_destroy(&d->lock);
    mem_free(d);
}
