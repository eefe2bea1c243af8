/* The runs below a run, and the runs of a directory. */
#include <stdlib.h>
#include <string.h>

#include "base/io.h"
#include "run/run_dir.h"
#include "run/tail_private.h"

enum { TAIL_LEVELS = 3 }; /* seeds/07/student lies three below its study */

static bool tail_is_known(const Tail *t, const char *path)
{
    for (size_t i = 0; i < t->children_count; i++)
        if (text_equal(t->children[i]->path, path))
            return true;
    return false;
}

static bool tail_add_child(Tail *t, const char *path)
{
    Tail *child = tail_is_known(t, path) ? NULL : tail_open(path, NULL);
    if (!child)
        return false;
    child->skims = t->skims;
    t->children = mem_realloc(t->children, (t->children_count + 1) * sizeof *t->children);
    t->children[t->children_count++] = child;
    return true;
}

static bool tail_may_hold_runs(const char *name)
{
    static const char *const others[] = {"checkpoints", "control", "modules", "input"};
    for (size_t i = 0; i < sizeof others / sizeof *others; i++)
        if (text_equal(name, others[i]))
            return false;
    return name[0] != '.' && !strchr(name, '.');
}

static bool tail_search(Tail *t, const char *path, int levels);

/* A folder of pieces, or a piece that is not a run yet: on a full disk it waits for room to become one. */
static bool tail_search_piece(Tail *t, const char *path, int levels)
{
    char *lock = io_join(path, "lock");
    t->piece_waits = t->piece_waits || (io_is_locked(lock) && io_is_marked(lock));
    mem_free(lock);
    return tail_search(t, path, levels - 1);
}

static bool tail_search(Tail *t, const char *path, int levels)
{
    TextList names = {0};
    bool changed = false;
    if (levels == 0 || !io_list(path, &names, NULL))
        return false;
    for (size_t i = 0; i < names.count; i++) {
        IoInfo info;
        if (!tail_may_hold_runs(names.items[i]))
            continue;
        char *child = io_join(path, names.items[i]);
        bool is_below = io_stat(child, &info) && info.is_directory && !info.is_link; /* a link leads out, or round in a ring */
        if (is_below && run_is_directory(child))
            changed = tail_add_child(t, child) || changed;
        else if (is_below)
            changed = tail_search_piece(t, child, levels) || changed;
        mem_free(child);
    }
    text_list_done(&names);
    return changed;
}

static int tail_compare_paths(const void *a, const void *b)
{
    return strcmp((*(Tail *const *)a)->path, (*(Tail *const *)b)->path);
}

bool tail_find_children(Tail *t, int depth)
{
    t->piece_waits = false;
    bool changed = depth > 0 && tail_search(t, t->path, TAIL_LEVELS);
    if (changed)
        qsort(t->children, t->children_count, sizeof *t->children, tail_compare_paths);
    return changed;
}

typedef enum TailWanted { TAIL_RUNNING, TAIL_TRAINING, TAIL_ANY } TailWanted;

/* The newest run with curves below t that is as wanted; NULL when there is none. */
static const Tail *tail_newest(const Tail *t, TailWanted wanted, int depth)
{
    for (size_t i = t->children_count; depth > 0 && i > 0; i--) {
        const Tail *found = tail_newest(t->children[i - 1], wanted, depth - 1);
        if (found)
            return found;
    }
    bool is_running = tail_is_alive(t);
    bool fits = wanted == TAIL_RUNNING ? is_running : wanted == TAIL_TRAINING ? text_equal(t->kind, "train") : true;
    return fits && (t->start || t->series_count > 0) && !text_equal(t->kind, "script") ? t : NULL;
}

const Tail *tail_main(const Tail *t)
{
    enum { DEPTH = 8 };
    const Tail *found = NULL;
    for (TailWanted wanted = TAIL_RUNNING; !found && wanted <= TAIL_ANY; wanted++)
        found = tail_newest(t, wanted, DEPTH);
    return found ? found : t;
}

static int tail_compare_newest(const void *a, const void *b)
{
    const Tail *x = *(Tail *const *)a, *y = *(Tail *const *)b;
    if (x->started < y->started)
        return 1;
    return x->started > y->started ? -1 : strcmp(y->path, x->path);
}

void run_list_free(Tail **runs, size_t count)
{
    for (size_t i = 0; i < count; i++)
        tail_free(runs[i]);
    mem_free(runs);
}

bool run_list(const char *directory, Tail ***runs, size_t *count, Error *e)
{
    TextList names = {0};
    *runs = NULL;
    *count = 0;
    if (!io_list(directory, &names, e))
        return false;
    for (size_t i = 0; i < names.count; i++) {
        char *path = io_join(directory, names.items[i]);
        Tail *t = run_is_directory(path) ? tail_open(path, NULL) : NULL;
        mem_free(path);
        if (!t)
            continue;
        tail_poll(t, true, NULL);
        *runs = mem_realloc(*runs, (*count + 1) * sizeof **runs);
        (*runs)[(*count)++] = t;
    }
    text_list_done(&names);
    if (*count > 0)
        qsort(*runs, *count, sizeof **runs, tail_compare_newest);
    return true;
}
