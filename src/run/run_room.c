/* A full disk: the run waits where it is until there is room, and all can see it. A stop, a signal or the end of its directory end the
 * wait. */
#include "base/clock.h"
#include "base/io.h"
#include "base/proc.h"
#include "run/run_private.h"

static const double ROOM_EVERY = 0.2; /* seconds between two tries */

/* The innermost that holds the file; before a piece of work has a run of its own that is the run of its parent. */
static RunDir *run_of_file(const char *path)
{
    RunDir *found = NULL;
    for (RunDir *r = run_first_open(); r; r = r->next)
        if ((run_path_holds(r->path, path) || run_path_holds(r->full, path)) && (!found || run_path_holds(found->full, r->full)))
            found = r;
    return found;
}

static void run_mark_waiting(bool on)
{
    for (RunDir *r = run_first_open(); r; r = r->next)
        if (run_is_ours(r))
            io_mark_lock(r->lock, on);
}

static bool run_must_go_on(void)
{
    IoInfo info;
    if (proc_signal())
        return false;
    for (const RunDir *r = run_first_open(); r; r = r->next)
        if (r->stopping || run_stop_waits(r->full) || !io_stat(r->full, &info))
            return false;
    return true;
}

static bool run_wait(const char *path)
{
    RunDir *run = run_of_file(path);
    if (!run || !run_must_go_on())
        return false;
    run->waited = true;
    run_mark_waiting(true);
    clock_sleep(ROOM_EVERY);
    return true;
}

static void run_wait_over(void)
{
    run_mark_waiting(false);
}

void run_wait_when_full(void)
{
    static const IoRoom room = {run_wait, run_wait_over};
    io_set_room(&room);
}
