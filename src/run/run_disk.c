/* Disk use of runs. */
#include "run/run_disk.h"

#include <string.h>

#include "base/io.h"
#include "run/run_dir.h"
#include "run/run_private.h"
#include "run/tail.h"

enum { DEPTH_MOST = 12 };

typedef struct Walk {
    RunDisk disk;
    bool removes;   /* prunable checkpoints go */
    bool is_locked; /* some run has a writer */
    uint64_t freed;
    Error *e;
} Walk;

static bool is_number(const char *name)
{
    static const char ending[] = ".checkpoint";
    size_t digits = strspn(name, "0123456789");
    return digits > 0 && text_equal(name + digits, ending);
}

static bool is_done(const char *run)
{
    Tail *t = tail_open(run, NULL);
    if (t) {
        t->skims = true;
        tail_poll(t, false, NULL);
    }
    bool done = t && t->state == RUN_DONE;
    tail_free(t);
    return done;
}

/* Names are sorted and have leading zeros: the newest numbered one is the last. */
static bool walk_checkpoints(Walk *w, const char *run, const char *path)
{
    TextList names = {0};
    bool ok = io_list(path, &names, w->e), keeps_newest = !is_done(run);
    size_t newest = names.count;
    for (size_t i = 0; i < names.count; i++)
        newest = is_number(names.items[i]) ? i : newest;
    for (size_t i = 0; ok && i < names.count; i++) {
        IoInfo info;
        char *file = io_join(path, names.items[i]);
        if (io_stat(file, &info) && info.is_regular && !info.is_link) {
            bool goes = is_number(names.items[i]) && !(keeps_newest && i == newest);
            w->disk.bytes += info.size;
            w->disk.checkpoints += info.size;
            w->disk.prunable += goes ? info.size : 0;
            ok = !goes || !w->removes || io_remove(file, w->e);
            w->freed += ok && goes && w->removes ? info.size : 0;
        }
        mem_free(file);
    }
    text_list_done(&names);
    return ok;
}

static bool walk(Walk *w, const char *path, int depth)
{
    TextList names = {0};
    bool ok = io_list(path, &names, w->e);
    for (size_t i = 0; ok && depth > 0 && i < names.count; i++) {
        IoInfo info;
        char *child = io_join(path, names.items[i]);
        bool there = io_stat(child, &info) && !info.is_link;
        if (there && info.is_directory)
            ok = text_equal(names.items[i], "checkpoints") ? walk_checkpoints(w, path, child) : walk(w, child, depth - 1);
        else if (there)
            w->disk.bytes += info.size;
        w->is_locked = w->is_locked || (there && text_equal(names.items[i], "lock") && io_is_locked(child));
        mem_free(child);
    }
    text_list_done(&names);
    return ok;
}

static bool look(Walk *w, const char *path, Error *e)
{
    w->e = e;
    return run_is_directory(path) ? walk(w, path, DEPTH_MOST)
                                  : error_set(e, ERROR_FAILED, "%s is not a run directory: it has no run.json", path);
}

bool run_disk(const char *path, RunDisk *out, Error *e)
{
    Walk w = {0};
    bool ok = look(&w, path, e);
    *out = w.disk;
    return ok;
}

/* Ours, a run, and nobody writes it. */
static bool check_may_remove(const char *path, Error *e)
{
    Walk w = {0};
    io_close_directory(path);
    if (!run_check_owner(path, e) || !look(&w, path, e))
        return false;
    return !w.is_locked || error_set(e, ERROR_FAILED, "%s is running; limbeck stop %s ends it", path, path);
}

bool run_prune(const char *path, uint64_t *freed, Error *e)
{
    Walk w = {.removes = true};
    bool ok = check_may_remove(path, e) && look(&w, path, e);
    *freed = w.freed;
    return ok;
}

bool run_delete(const char *path, Error *e)
{
    return check_may_remove(path, e) && io_remove_tree(path, e);
}
