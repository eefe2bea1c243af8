/* The warden of a process that a script has for itself: a thread that sees a stop, or that the script is beyond its limits, while the
 * script's own code runs, which nobody else would, and ends the process when that code does not let go. Calls that learn take the stop
 * themselves and are left in peace. When the run's directory is gone the process ends at once: it would go on unseen, and bring files
 * back. */
#include "base/clock.h"
#include "base/proc.h"
#include "base/thread.h"
#include "script/state.h"

static const double LOOK_EVERY = 0.02, CALLBACK_MOST = 0.3, GIVE_UP_AFTER = 0.6; /* seconds */
enum { GONE_LOOKS = 3 };                                                         /* one failed look may be a hiccup of a file server */

struct Warden {
    ScriptState *state;
    Thread *thread;
    atomic_bool ended;
    unsigned callback; /* the one that was running at the last look */
    double since;      /* when it was first seen */
    int gone;          /* looks in a row that found no directory */
    double stopped;    /* when the script was told; 0: not yet */
    double cpu, used;  /* processor seconds at the last look, and what of them the script's own lines took */
    uint64_t resident; /* bytes when it began */
    uint64_t memory;   /* bytes that may be added; 0: not looked at */
    double seconds;    /* 0: no limit */
};

/* The script's own lines run: outside of a call, or in a callback that has lasted too long to be one of many. */
static bool is_on_its_own(Warden *w, double now)
{
    unsigned callback = atomic_load(&w->state->callbacks);
    if (callback != w->callback) {
        w->callback = callback;
        w->since = now;
    }
    bool inside = callback % 2 == 1;
    return inside ? now - w->since > CALLBACK_MOST : !atomic_load(&w->state->is_learning);
}

static bool is_removed(Warden *w)
{
    const Journal *journal = w->state->run.journal;
    w->gone = !journal || run_is_directory(journal->path) ? 0 : w->gone + 1;
    return w->gone >= GONE_LOOKS;
}

static bool stop_waits(const ScriptState *s)
{
    return proc_signal() || (s->run.journal && run_stop_waits(s->run.journal->path));
}

/* The limit is written before the script can see that it is stopped, and once. */
static void stop_for(Warden *w, double now, const Error *why)
{
    if (w->stopped > 0)
        return;
    if (why)
        w->state->limit_hit = *why;
    w->stopped = now;
    state_stop(w->state);
}

static void check_time(Warden *w, double now)
{
    ScriptState *s = w->state;
    double cpu = clock_cpu();
    bool own = atomic_load(&s->callbacks) % 2 == 1 || !atomic_load(&s->is_learning);
    w->used += own ? cpu - w->cpu : 0;
    w->cpu = cpu;
    if (w->seconds <= 0 || w->used <= w->seconds)
        return;
    Error why = {0};
    error_set(&why, ERROR_FAILED,
              "%s: its own lines took %.0f seconds of processor time, their limit, and were stopped; --script-seconds=N allows more",
              s->name, w->seconds);
    stop_for(w, now, &why);
}

/* Tables and nets are not Lua's: nothing but the end of the process gives them back in time. */
static void check_memory(const Warden *w)
{
    if (!w->memory || proc_resident_memory() <= w->resident + w->memory)
        return;
    Error why = {0};
    error_set(&why, ERROR_MEMORY, "%s: the script needs more than %llu MiB of memory, its limit; --script-memory=MIB allows more",
              w->state->name, (unsigned long long)(w->memory >> 20));
    w->state->run.give_up(w->state->run.self, &why);
}

static void look(Warden *w)
{
    ScriptState *s = w->state;
    if (is_removed(w))
        s->run.give_up(s->run.self, NULL);
    double now = clock_now();
    if (!atomic_load(&s->is_stopping)) /* not yet, or the console goes on with its next line */
        w->stopped = 0;
    bool alone = is_on_its_own(w, now);
    check_memory(w);
    check_time(w, now);
    if (!alone || (w->stopped <= 0 && !stop_waits(s)))
        return;
    if (w->stopped <= 0)
        stop_for(w, now, NULL);
    else if (now - w->stopped > GIVE_UP_AFTER)
        s->run.give_up(s->run.self, s->limit_hit.code ? &s->limit_hit : NULL);
}

static void watch(void *self)
{
    Warden *w = self;
    while (!atomic_load(&w->ended)) {
        look(w);
        clock_sleep(LOOK_EVERY);
    }
}

Warden *warden_start(ScriptState *s, Error *e)
{
    Warden *w = MEM_NEW(Warden);
    *w = (Warden){.state = s, .cpu = clock_cpu(), .resident = proc_resident_memory(), .seconds = (double)access_seconds(&s->run)};
    if (access_is_sandboxed(s->run.trust))
        w->memory = (uint64_t)access_memory(&s->run) << 20;
    w->thread = thread_start(watch, w, e);
    if (w->thread)
        return w;
    mem_free(w);
    return NULL;
}

void warden_end(Warden *w)
{
    if (!w)
        return;
    atomic_store(&w->ended, true);
    thread_join(w->thread);
    mem_free(w);
}
