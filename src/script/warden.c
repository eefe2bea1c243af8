/* The warden of a worker's script: a thread that sees a stop while the script's own code runs, which nobody else would, and ends
 * the process when that code does not let go. Calls that learn take the stop themselves and are left in peace. When the run's
 * directory is gone the process ends at once: it would go on unseen, and bring files back. */
#include "base/clock.h"
#include "base/proc.h"
#include "base/thread.h"
#include "script/state.h"

static const double LOOK_EVERY = 0.02, CALLBACK_MOST = 1.0, GIVE_UP_AFTER = 1.0; /* seconds */
enum { GONE_LOOKS = 3 };                                                         /* one failed look may be a hiccup of a file server */

struct Warden {
    ScriptState *state;
    Thread *thread;
    atomic_bool ended;
    unsigned callback; /* the one that was running at the last look */
    double since;      /* when it was first seen */
    int gone;          /* looks in a row that found no directory */
    double stopped;    /* when the script was told; 0: not yet */
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
    w->gone = run_is_directory(w->state->run.journal->path) ? 0 : w->gone + 1;
    return w->gone >= GONE_LOOKS;
}

static void look(Warden *w)
{
    ScriptState *s = w->state;
    if (is_removed(w))
        s->run.give_up(s->run.self);
    double now = clock_now();
    bool alone = is_on_its_own(w, now), asked = proc_signal() || w->stopped > 0 || run_stop_waits(s->run.journal->path);
    if (!asked || !alone)
        return;
    if (w->stopped <= 0) {
        w->stopped = now;
        state_stop(s);
    } else if (now - w->stopped > GIVE_UP_AFTER) {
        s->run.give_up(s->run.self);
    }
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
    w->state = s;
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
