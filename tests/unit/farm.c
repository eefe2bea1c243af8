/* Farms: every piece is worked once in a process of its own, errors come back whole, a dead process is seen, what was done is left. */
#include "base/io.h"
#include "base/thread.h"
#include "learn/farm.h"
#include "tests/unit/test.h"

typedef struct Pieces {
    char *directory;
    int ended, failed;
    bool fail_fatal;
    char message[600];
} Pieces;

static char *piece_path(const Pieces *p, size_t i)
{
    return text_format("%s/%zu", p->directory, i);
}

static bool is_done(void *self, size_t i)
{
    IoInfo info;
    char *path = piece_path(self, i);
    bool done = io_stat(path, &info) && info.exists;
    mem_free(path);
    return done;
}

static bool work(void *self, size_t i, Error *e)
{
    char *path = piece_path(self, i);
    bool ok = i == 3 ? error_set(e, ERROR_DIVERGED, "piece %zu is no good", i) : io_replace(path, "x", 1, e);
    mem_free(path);
    return ok;
}

static bool ended(void *self, size_t i, const Error *failed, Error *e)
{
    Pieces *p = self;
    (void)i;
    p->ended++;
    if (!failed)
        return true;
    p->failed++;
    snprintf(p->message, sizeof p->message, "%s", failed->message);
    return !p->fail_fatal || error_set(e, failed->code, "%s", failed->message);
}

/* How many pieces are begun before the first one ends, when none can end before all places are taken. */
typedef struct Crowd {
    int running, most;
} Crowd;

static bool crowd_work(void *self, size_t i, Error *e)
{
    (void)self;
    (void)i;
    (void)e;
    return true;
}

static bool crowd_started(void *self, size_t i, Error *e)
{
    Crowd *c = self;
    (void)i;
    (void)e;
    c->running++;
    c->most = c->running > c->most ? c->running : c->most;
    return true;
}

static bool crowd_ended(void *self, size_t i, const Error *failed, Error *e)
{
    (void)i;
    (void)failed;
    (void)e;
    ((Crowd *)self)->running--;
    return true;
}

static void check_all_cores(void)
{
    TEST("0 jobs are as many as this process may use cores");
    Error e = {0};
    bool stopped;
    Crowd crowd = {0};
    int cores = thread_cores();
    Farm farm = {.self = &crowd, .count = 3 * (size_t)cores, .work = crowd_work, .started = crowd_started, .ended = crowd_ended};
    CHECK_OK(farm_run(NULL, &farm, &stopped, &e), e);
    CHECK_INT(crowd.most, cores);
    CHECK_INT(crowd.running, 0);
}

void unit_farm(void)
{
    check_all_cores();
    TEST("two processes at a time work each piece once; one error does not stop the others; done ones are left alone");
    Error e = {0};
    bool stopped = true;
    Pieces p = {.directory = io_join(test_directory(), "pieces")};
    CHECK_OK(io_make_directory(p.directory, &e), e);
    Farm farm = {.self = &p, .count = 6, .jobs = 2, .is_done = is_done, .work = work, .ended = ended};
    CHECK_OK(farm_run(NULL, &farm, &stopped, &e), e);
    CHECK(!stopped);
    CHECK_INT(p.ended, 6);
    CHECK_INT(p.failed, 1);
    CHECK_TEXT(p.message, "piece 3 is no good");
    for (size_t i = 0; i < 6; i++)
        CHECK_INT(is_done(&p, i), i != 3);
    CHECK_OK(farm_run(NULL, &farm, &stopped, &e), e);
    CHECK_INT(p.ended, 7);
    p.fail_fatal = true;
    CHECK(!farm_run(NULL, &farm, &stopped, &e));
    CHECK_INT(e.code, ERROR_DIVERGED);
    mem_free(p.directory);
}
