#include "base/thread.h"

#include <stdatomic.h>

#include "base/io.h"
#include "tests/unit/test.h"

enum { ROUNDS = 3000 }; /* of few and many tasks in turn: a thread that comes late meets a run of another size */

typedef struct Marks {
    atomic_int hits[64];
} Marks;

static void mark_one(void *self, int index)
{
    Marks *m = self;
    atomic_fetch_add(&m->hits[index], 1);
}

typedef struct Counter {
    Mutex *mutex;
    int value;
} Counter;

static void count_up(void *self)
{
    Counter *c = self;
    for (int i = 0; i < 1000; i++) {
        mutex_lock(c->mutex);
        c->value++;
        mutex_unlock(c->mutex);
    }
}

static size_t count_threads(void)
{
    TextList names = {0};
    io_list("/proc/self/task", &names, NULL);
    size_t count = names.count;
    text_list_done(&names);
    return count;
}

static void check_pool(int threads, size_t before)
{
    Error e = {0};
    Pool *p = pool_new(threads, &e);
    CHECK(p != NULL);
    CHECK_INT(pool_threads(p), threads);
    if (threads == 1)
        CHECK(count_threads() <= before); /* fewer when one of an earlier test was still going away */
    Marks marks = {0};
    for (int round = 0; round < ROUNDS; round++)
        pool_run(p, round * 7 % 65, mark_one, &marks);
    for (int i = 0; i < 64; i++) {
        int expected = 0;
        for (int round = 0; round < ROUNDS; round++)
            expected += round * 7 % 65 > i;
        CHECK_INT(atomic_load(&marks.hits[i]), expected);
    }
    pool_free(p);
}

static void ring(void *self)
{
    atomic_store((atomic_bool *)self, true);
}

static void check_deadlines(void)
{
    TEST("a deadline rings while the thread that set it works on; one that has ended, or is far, does not");
    Error e = {0};
    atomic_bool rung = false, ended = false, too_early = false;
    Deadline *far = deadline_start(1e6, ring, &too_early, &e), *past = deadline_start(0.05, ring, &ended, &e);
    deadline_end(past);
    Deadline *d = deadline_start(0.05, ring, &rung, &e);
    CHECK_OK(d && past && far, e);
    while (!atomic_load(&rung))
        ;
    deadline_end(d);
    deadline_end(far);
    CHECK(!atomic_load(&ended) && !atomic_load(&too_early));
}

void unit_thread(void)
{
    check_deadlines();
    size_t before = count_threads();
    TEST("a pool runs every index once, on any number of threads; one thread is none of its own");
    check_pool(1, before);
    check_pool(2, before);
    check_pool(5, before);

    TEST("a mutex keeps threads apart");
    Error e = {0};
    Counter counter = {.mutex = mutex_new()};
    Thread *threads[4];
    for (int i = 0; i < 4; i++)
        threads[i] = thread_start(count_up, &counter, &e);
    for (int i = 0; i < 4; i++)
        thread_join(threads[i]);
    CHECK_INT(counter.value, 4000);
    mutex_free(counter.mutex);
}
