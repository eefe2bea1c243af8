/* Processes that work through a numbered list. With one job at a time and no run the work is done in this process. */
#include "learn/farm.h"

#include <unistd.h>

#include "base/clock.h"
#include "base/proc.h"

typedef struct Child {
    pid_t pid; /* 0: free */
    size_t index;
    int pipe;  /* its error comes through here */
} Child;

typedef struct State {
    const Farm *farm;
    Job *job;
    Child *children;
    size_t slots, next, running;
    bool stopped;
} State;

static bool is_done(const Farm *f, size_t i)
{
    return f->is_done && f->is_done(f->self, i);
}

static bool end_one(const Farm *f, size_t i, const Error *failed, Error *e)
{
    return f->ended(f->self, i, failed, e);
}

/* The child: works, hands its error to the parent and ends without any clean-up of the parent's things. */
static void be_child(const Farm *f, size_t i, int fd)
{
    Error own = {0}, ignored = {0};
    bool ok = f->work(f->self, i, &own);
    if (!ok)
        io_write_all(fd, &own, sizeof own, "pipe", &ignored);
    proc_end(ok ? 0 : 1);
}

static bool start(State *s, Child *slot, size_t i, Error *e)
{
    int ends[2];
    if (s->farm->started && !s->farm->started(s->farm->self, i, e))
        return false;
    if (pipe(ends) != 0)
        return error_errno(e, "cannot make a pipe");
    pid_t pid = proc_fork(e);
    if (pid == 0) {
        close(ends[0]);
        be_child(s->farm, i, ends[1]);
    }
    close(ends[1]);
    if (pid < 0) {
        close(ends[0]);
        return false;
    }
    *slot = (Child){pid, i, ends[0]};
    s->running++;
    return true;
}

static bool collect(State *s, pid_t pid, int status, Error *e)
{
    for (size_t k = 0; k < s->slots; k++) {
        Child *c = &s->children[k];
        if (c->pid != pid)
            continue;
        Error failed = {0};
        if (status != 0 && read(c->pipe, &failed, sizeof failed) != (ssize_t)sizeof failed)
            error_set(&failed, ERROR_FAILED, "its process ended with status %d", status);
        close(c->pipe);
        size_t i = c->index;
        *c = (Child){0};
        s->running--;
        return end_one(s->farm, i, status ? &failed : NULL, e);
    }
    return true;
}

static bool start_free(State *s, Error *e)
{
    for (size_t k = 0; k < s->slots && !s->stopped; k++) {
        while (s->next < s->farm->count && is_done(s->farm, s->next))
            s->next++;
        if (s->next >= s->farm->count)
            return true;
        if (s->children[k].pid == 0 && !start(s, &s->children[k], s->next++, e))
            return false;
    }
    return true;
}

static void take_requests(State *s)
{
    Value *request;
    while (s->farm->run && (request = run_take_request(s->farm->run)) != NULL) {
        if (text_equal(value_get_text(request, "verb", ""), "stop"))
            s->stopped = true;
        value_free(request);
    }
}

static void wait_all(State *s)
{
    for (size_t k = 0; k < s->slots; k++) {
        int status;
        Error ignored = {0};
        if (!s->children[k].pid)
            continue;
        proc_wait(s->children[k].pid, &status, &ignored);
        close(s->children[k].pipe);
        s->children[k] = (Child){0};
    }
    s->running = 0;
}

static bool poll_children(State *s, Error *e)
{
    int status;
    pid_t pid = proc_wait_any(&status);
    if (pid > 0)
        return collect(s, pid, status, e);
    take_requests(s);
    clock_sleep(0.005);
    return true;
}

static bool run_here(const Farm *f, Job *job, Error *e)
{
    for (size_t i = 0; i < f->count; i++) {
        Error failed = {0};
        if (is_done(f, i))
            continue;
        if (!job_go_on(job, e) || (f->started && !f->started(f->self, i, e)))
            return false;
        bool ok = f->work(f->self, i, &failed);
        if (!end_one(f, i, ok ? NULL : &failed, e))
            return false;
    }
    return true;
}

bool farm_run(Job *job, const Farm *farm, bool *stopped, Error *e)
{
    State s = {.farm = farm, .job = job, .slots = farm->jobs > 0 ? (size_t)farm->jobs : 1};
    *stopped = false;
    if (s.slots == 1 && !farm->run)
        return run_here(farm, job, e);
    s.children = mem_try_alloc(s.slots, sizeof *s.children, e);
    bool ok = s.children != NULL;
    while (ok) {
        ok = start_free(&s, e);
        if (!ok || !s.running)
            break;
        ok = job_go_on(job, e) && poll_children(&s, e);
        if (ok && proc_signal())
            ok = error_set(e, ERROR_CANCELED, "interrupted; it can be resumed");
        job_progress(job, s.next - s.running, farm->count);
    }
    if (s.children)
        wait_all(&s);
    mem_free(s.children);
    *stopped = s.stopped;
    return ok;
}
