/* Processes that work through a numbered list. With one job at a time and no run the work is done in this process. */
#include "learn/farm.h"

#include "base/clock.h"
#include "base/proc.h"
#include "base/thread.h"

typedef struct Child {
    ProcChild process; /* pid 0: free */
    const Farm *farm;
    size_t index;
    int tries; /* of this piece so far */
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

static bool be_child(void *self, Error *e)
{
    const Child *c = self;
    return c->farm->work(c->farm->self, c->index, e);
}

static bool start(State *s, Child *slot, size_t i, int tries, Error *e)
{
    const Farm *f = s->farm;
    *slot = (Child){.farm = f, .index = i, .tries = tries};
    if (f->started && !f->started(f->self, i, e))
        return false;
    if (!proc_child_start(be_child, slot, &slot->process, e))
        return false;
    s->running++;
    return true;
}

/* What says nothing of the piece itself: its process was killed, or a file could not be read or written. */
static bool may_be_worked_again(const State *s, const Child *c, const Error *failed)
{
    return (failed->code == ERROR_LOST || failed->code == ERROR_IO) && c->tries < FARM_TRIES && !s->stopped && !proc_signal();
}

static bool work_again(State *s, Child *c, const Error *failed, Error *e)
{
    Value *v = value_map();
    char *text = text_format("%s %zu: %s; it is run again", s->farm->piece ? s->farm->piece : "piece", c->index + 1, failed->message);
    value_set(v, "step", value_int(0));
    value_set(v, "text", value_text(text));
    mem_free(text);
    return run_event(s->farm->run, "alarm", v, true, e) && start(s, c, c->index, c->tries + 1, e);
}

static bool collect(State *s, pid_t pid, int status, Error *e)
{
    for (size_t k = 0; k < s->slots; k++) {
        Child *c = &s->children[k];
        Error failed = {0};
        if (c->process.pid != pid)
            continue;
        s->running--;
        bool ok = proc_child_end(&c->process, status, &failed);
        if (!ok && may_be_worked_again(s, c, &failed))
            return work_again(s, c, &failed, e);
        return end_one(s->farm, c->index, ok ? NULL : &failed, e);
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
        if (s->children[k].process.pid == 0 && !start(s, &s->children[k], s->next++, 1, e))
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

/* Nobody waits for the rest of a farm that failed or was interrupted: a resume continues each piece at its checkpoint. */
static void kill_all(State *s)
{
    for (size_t k = 0; k < s->slots; k++)
        proc_child_kill(&s->children[k].process);
}

static void wait_all(State *s)
{
    for (size_t k = 0; k < s->slots; k++) {
        int status;
        Error ignored = {0};
        if (!s->children[k].process.pid)
            continue;
        proc_wait(s->children[k].process.pid, &status, &ignored);
        proc_child_end(&s->children[k].process, status, &ignored);
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
    State s = {.farm = farm, .job = job, .slots = (size_t)(farm->jobs > 0 ? farm->jobs : thread_cores())};
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
    if (s.children && !ok)
        kill_all(&s);
    if (s.children)
        wait_all(&s);
    mem_free(s.children);
    *stopped = s.stopped;
    return ok;
}
