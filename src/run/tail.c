/* The tail of one run: whole good lines from an offset on, and the runs below. */
#include "run/tail.h"

#include <string.h>

#include "base/clock.h"
#include "base/io.h"
#include "run/run_log.h"
#include "run/run_private.h"
#include "run/tail_private.h"

enum { TAIL_DEPTH = 8 };
static const double QUEUED_MOST = 10; /* seconds without a writer after which a run that never began is lost */

Tail *tail_open(const char *path, Error *e)
{
    Value *card = run_read_card(path, e);
    if (!card)
        return NULL;
    Tail *t = MEM_NEW(Tail);
    t->path = mem_strdup(path);
    t->kind = mem_strdup(value_get_text(card, "kind", "train"));
    t->name = mem_strdup(value_get_text(card, "name", ""));
    tail_forget(t);
    value_free(card);
    return t;
}

void tail_free(Tail *t)
{
    if (!t)
        return;
    for (size_t i = 0; i < t->children_count; i++)
        tail_free(t->children[i]);
    mem_free(t->children);
    tail_forget(t);
    value_free(t->epochs);
    value_free(t->layers);
    mem_free(t->path);
    mem_free(t->kind);
    mem_free(t->name);
    mem_free(t);
}

typedef struct TailReader {
    Tail *tail;
    TailLine *on_line;
    void *self;
} TailReader;

static void tail_take_line(void *self, const char *line, size_t size)
{
    static const char batch[] = "{\"e\":\"batch\"";
    const TailReader *r = self;
    Tail *t = r->tail;
    if (line && t->skims && size > sizeof batch && memcmp(line, batch, sizeof batch - 1) == 0 && run_log_is_good(line, size)) {
        t->last_bad = false;
        return;
    }
    Value *event = line ? run_log_parse(line, size) : NULL;
    if (!event) {
        t->damaged++;
        t->last_bad = true;
        return;
    }
    if (r->on_line)
        r->on_line(r->self, t, line, size, event);
    tail_fold(t, event);
    t->last_bad = false;
}

static bool tail_read(TailReader *r, Error *e)
{
    Tail *t = r->tail;
    IoInfo info;
    char *file = io_join(t->path, "events.jsonl");
    bool changed = false, there = io_stat(file, &info);
    if (there && (info.inode != t->inode || info.size < t->offset)) {
        tail_forget(t);
        t->inode = info.inode;
        changed = true;
    }
    if (there && t->offset < info.size)
        changed = run_lines_read(&t->lines, file, &t->offset, tail_take_line, r, e) || changed;
    mem_free(file);
    return changed;
}

static RunState tail_end_state(const Tail *t)
{
    static const struct {
        const char *name;
        RunState state;
    } states[] = {{"done", RUN_DONE}, {"stopped", RUN_STOPPED}, {"diverged", RUN_DIVERGED}, {"failed", RUN_FAILED}};
    const char *status = value_get_text(t->end, "status", "");
    for (size_t i = 0; i < sizeof states / sizeof *states; i++)
        if (text_equal(status, states[i].name))
            return states[i].state;
    return RUN_UNKNOWN;
}

/* The lock is the only truth about who writes. */
static RunState tail_find_state(const Tail *t)
{
    if (t->end)
        return tail_end_state(t);
    char *lock = io_join(t->path, "lock");
    bool locked = io_is_locked(lock), full = locked && io_is_marked(lock);
    mem_free(lock);
    if (locked)
        return full ? RUN_FULL : t->paused ? RUN_PAUSED : RUN_RUNNING;
    IoInfo info;
    bool fresh = t->offset == 0 && io_stat(t->path, &info) && clock_wall() - info.modified < QUEUED_MOST;
    return fresh ? RUN_QUEUED : RUN_LOST;
}

static bool tail_refresh(TailReader *r, int depth, Error *e)
{
    Tail *t = r->tail;
    bool changed = tail_read(r, e);
    RunState state = tail_find_state(t);
    if (state == RUN_LOST && tail_read(r, e)) { /* the writer may have ended between the two looks */
        changed = true;
        state = tail_find_state(t);
    }
    changed = changed || state != t->state;
    t->state = state;
    if (depth == 0)
        return changed;
    changed = tail_find_children(t, depth) || changed;
    if (t->state == RUN_RUNNING && t->piece_waits)
        t->state = RUN_FULL;
    for (size_t i = 0; i < t->children_count; i++) {
        TailReader child = {t->children[i], r->on_line, r->self};
        changed = tail_refresh(&child, depth - 1, e) || changed;
        if (t->state == RUN_RUNNING && t->children[i]->state == RUN_FULL)
            t->state = RUN_FULL;
    }
    return changed;
}

bool tail_poll(Tail *t, bool deep, Error *e)
{
    TailReader r = {t, NULL, NULL};
    return tail_refresh(&r, deep ? TAIL_DEPTH : 0, e);
}

bool tail_poll_lines(Tail *t, bool deep, TailLine *on_line, void *self, Error *e)
{
    TailReader r = {t, on_line, self};
    return tail_refresh(&r, deep ? TAIL_DEPTH : 0, e);
}

bool tail_is_alive(const Tail *t)
{
    return t->state == RUN_RUNNING || t->state == RUN_PAUSED || t->state == RUN_FULL;
}

bool tail_has_ended(const Tail *t)
{
    return t->state >= RUN_DONE;
}

const TailSeries *tail_series(const Tail *t, const char *name)
{
    for (size_t i = 0; i < t->series_count; i++)
        if (text_equal(t->series[i].name, name))
            return t->series[i].count > 0 ? &t->series[i] : NULL;
    return NULL;
}

const char *run_state_name(RunState s)
{
    static const char *const names[] = {"unknown", "queued",  "running",  "paused", "disk full",
                                        "done",    "stopped", "diverged", "failed", "lost"};
    return s <= RUN_LOST ? names[s] : names[0];
}

RunState run_state_of_name(const char *name)
{
    for (RunState s = RUN_UNKNOWN; s <= RUN_LOST; s++)
        if (text_equal(run_state_name(s), name))
            return s;
    return RUN_UNKNOWN;
}
