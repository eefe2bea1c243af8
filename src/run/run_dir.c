/* The directory of a run: made, opened by its one writer, closed. */
#include "run/run_dir.h"

#include <errno.h>
#include <string.h>

#include "base/clock.h"
#include "base/io.h"
#include "base/json.h"
#include "base/proc.h"
#include "base/rng.h"
#include "run/manifest.h"
#include "run/run_log.h"
#include "run/run_private.h"

enum { RUN_FORMAT = 1, NAME_MOST = 40, LOCK_TRIES = 100 };

static RunDir *run_opened; /* what this process writes: how a child finds the requests of the runs above it */

RunDir *run_first_open(void)
{
    return run_opened;
}

bool run_is_ours(const RunDir *run)
{
    return run->owner == proc_self();
}

static char *run_clean_name(const char *name)
{
    char *clean = mem_strndup(name, strlen(name) > NAME_MOST ? NAME_MOST : strlen(name));
    for (char *p = clean; *p; p++) {
        bool good = (*p >= 'a' && *p <= 'z') || (*p >= 'A' && *p <= 'Z') || (*p >= '0' && *p <= '9') || *p == '_';
        if (!good)
            *p = '-';
    }
    return clean;
}

/* The first thing that goes wrong for whoever tries limbeck in somebody else's directory. */
static char *run_say_where(const char *runs, Error *e)
{
    Error why = *e;
    if (why.code == ERROR_NONE)
        error_set(&why, ERROR_FAILED, "every name for a run of this second is taken");
    error_set(e, why.code, "%s; a run is kept below %s: go where you may write, or name another place with `limbeck run --runs=DIR`",
              why.message, runs);
    return NULL;
}

char *run_make_path(const char *runs, const char *name, Error *e)
{
    char stamp[20];
    if (!run_may_write(e) || !io_check_owner(runs, e))
        return NULL;
    if (!io_make_directory(runs, e))
        return run_say_where(runs, e);
    char *clean = run_clean_name(name);
    clock_compact(clock_wall(), stamp);
    double seed[2] = {clock_wall(), clock_now()};
    for (uint64_t i = 0; i < 100; i++) {
        unsigned tag = (unsigned)(rng_hash(i + (uint64_t)proc_self(), seed, sizeof seed) & 0xffff);
        char *path = text_format("%s/%s-%s-%04x", runs, stamp, clean[0] ? clean : "run", tag);
        if (io_create_directory(path, e)) {
            mem_free(clean);
            return path;
        }
        bool taken = errno == EEXIST;
        mem_free(path);
        if (!taken)
            break;
        error_clear(e);
    }
    mem_free(clean);
    return run_say_where(runs, e);
}

char *run_file(const RunDir *run, const char *name)
{
    return io_join(run->path, name);
}

bool run_is_directory(const char *path)
{
    IoInfo info;
    char *file = io_join(path, "run.json");
    bool found = io_stat(file, &info) && info.is_regular;
    mem_free(file);
    return found;
}

Value *run_read_card(const char *path, Error *e)
{
    char *file = io_join(path, "run.json"), *bytes = NULL;
    size_t size = 0;
    Value *card = NULL;
    IoInfo info;
    io_close_directory(path); /* who wrote it is not known */
    if (!io_stat(file, &info))
        error_set(e, ERROR_FAILED, "%s is not a run directory: it has no run.json", path);
    else if (io_read_file(file, 1 << 20, &bytes, &size, e) && !(card = json_parse(bytes, size, e)))
        error_prefix(e, "%s: ", file);
    if (card && value_get_int(card, "format", 0) > RUN_FORMAT) {
        error_set(e, ERROR_FAILED, "%s was written by a newer limbeck (format %lld)", path, (long long)value_get_int(card, "format", 0));
        value_free(card);
        card = NULL;
    }
    mem_free(bytes);
    mem_free(file);
    return card;
}

static bool run_write_card(const char *path, const char *kind, const char *name, Error *e)
{
    char stamp[24];
    Value *card = value_map();
    clock_stamp(clock_wall(), stamp);
    value_set(card, "format", value_int(RUN_FORMAT));
    value_set(card, "kind", value_text(kind));
    value_set(card, "name", value_text(name));
    value_set(card, "created", value_text(stamp));
    char *file = io_join(path, "run.json"), *text = json_format(card, JSON_COMPACT);
    bool ok = io_replace(file, text, strlen(text), e);
    mem_free(text);
    mem_free(file);
    value_free(card);
    return ok;
}

bool run_prepare(const char *path, const char *kind, const char *name, Error *e)
{
    char *control = io_join(path, "control");
    bool ok = io_make_directory(control, e) && run_write_card(path, kind, name, e);
    mem_free(control);
    return ok;
}

static RunDir *run_new(const char *path, const char *kind)
{
    RunDir *run = MEM_NEW(RunDir);
    size_t size = strlen(path);
    while (size > 1 && path[size - 1] == '/')
        size--;
    run->path = mem_strndup(path, size);
    run->full = io_absolute(run->path);
    io_close_directory(run->path);
    run->kind = mem_strdup(kind);
    run->lock = run->events = -1;
    run->owner = proc_self();
    run->next = run_opened;
    run_opened = run;
    return run;
}

void run_seal(RunDir *run)
{
    if (run->lock >= 0 && run_is_ours(run) && !run->sealed && run_is_directory(run->path)) /* nothing goes into a removed run */
        manifest_write(run->path, false, NULL); /* without one there is less to verify, and no more is lost */
    run->sealed = true;
}

void run_close(RunDir *run)
{
    if (!run)
        return;
    for (RunDir **p = &run_opened; *p; p = &(*p)->next)
        if (*p == run) {
            *p = run->next;
            break;
        }
    run_seal(run);
    io_close(run->events, run->path, NULL);
    io_close(run->lock, run->path, NULL);
    mem_free(run->path);
    mem_free(run->full);
    mem_free(run->kind);
    mem_free(run);
}

/* A killed writer's lock can outlive it by a moment, and a viewer that looks holds it for one. */
static bool run_take_lock(RunDir *run, Error *e)
{
    char *file = run_file(run, "lock");
    for (int i = 0; i < LOCK_TRIES; i++) {
        error_clear(e);
        run->lock = io_lock(file, false, e);
        if (run->lock >= 0 || (e && e->code != ERROR_FAILED))
            break;
        clock_sleep(0.01);
    }
    if (run->lock < 0 && e && e->code == ERROR_FAILED)
        error_set(e, ERROR_FAILED, "%s is being written by another process; limbeck watch %s shows it", run->path, run->path);
    mem_free(file);
    return run->lock >= 0;
}

static bool run_open_events(RunDir *run, Error *e)
{
    char *file = run_file(run, "events.jsonl");
    run->events = io_open_append(file, e);
    mem_free(file);
    return run->events >= 0;
}

RunDir *run_create(const char *path, const char *kind, const char *name, Error *e)
{
    if (run_is_directory(path)) {
        error_set(e, ERROR_FAILED, "%s is a run already; limbeck resume %s goes on with it", path, path);
        return NULL;
    }
    RunDir *run = io_make_directory(path, e) ? run_new(path, kind) : NULL;
    if (run && run_take_lock(run, e) && run_open_events(run, e) && run_prepare(path, kind, name, e)) {
        manifest_write(path, true, NULL); /* there is one when it ends, whatever happens between the end and the seal */
        return run;
    }
    run_close(run);
    return NULL;
}

/* Temporary files of a killed writer, and orders that were meant for it; what was asked of a run before it began is for this life. */
static void run_sweep(const RunDir *run, bool begun)
{
    static const char *const places[] = {"", "control", "checkpoints"};
    for (size_t i = 0; i < sizeof places / sizeof *places; i++) {
        TextList names = {0};
        char *directory = run_file(run, places[i]);
        io_list(directory, &names, NULL);
        for (size_t k = 0; k < names.count; k++) {
            const char *name = names.items[k];
            bool left_over = name[0] == '.' && text_ends(name, ".tmp");
            bool outdated = begun && i == 1 &&
                            (text_ends(name, "-stop.json") || text_ends(name, "-abort.json") || text_ends(name, "-pause.json") ||
                             text_ends(name, "-resume.json") || text_equal(name, "stopping"));
            char *file = io_join(directory, name);
            if (left_over || outdated)
                io_remove(file, NULL);
            mem_free(file);
        }
        text_list_done(&names);
        mem_free(directory);
    }
}

static bool run_next_generation(RunDir *run, bool *begun, Error *e)
{
    RunLog log;
    char *file = run_file(run, "events.jsonl");
    bool ok = run_log_read(file, &log, e);
    *begun = ok && (log.lines->size > 0 || log.torn || log.damaged > 0);
    run->torn = log.torn;
    for (size_t i = 0; ok && i < log.lines->size; i++) {
        int64_t g = value_get_int(log.lines->items[i], "g", 0);
        run->generation = g + 1 > run->generation ? g + 1 : run->generation;
    }
    if (*begun && run->generation == 0)
        run->generation = 1;
    run_log_done(&log);
    mem_free(file);
    return ok;
}

static bool run_only_watches;

void run_watch_only(void)
{
    run_only_watches = true;
}

bool run_may_write(Error *e)
{
    return !run_only_watches || error_set(e, ERROR_FAILED, "--read-only: runs are looked at, and neither started, steered nor changed");
}

bool run_check_owner(const char *path, Error *e)
{
    if (!run_may_write(e))
        return false;
    char *above = io_directory(path);
    bool ok = io_check_owner(path, e) && io_check_owner(above, e);
    mem_free(above);
    return ok;
}

static RunDir *run_open_existing(const char *path, bool *begun, Error *e)
{
    Value *card = run_check_owner(path, e) ? run_read_card(path, e) : NULL;
    if (!card)
        return NULL;
    RunDir *run = run_new(path, value_get_text(card, "kind", "train"));
    value_free(card);
    if (run_take_lock(run, e) && run_next_generation(run, begun, e) && run_open_events(run, e)) {
        return run;
    }
    run_close(run);
    return NULL;
}

static RunDir *run_announce_resume(RunDir *run, int64_t step, Error *e)
{
    Value *fields = value_map();
    manifest_write(run->path, true, NULL); /* the rest is about to change */
    value_set(fields, "step", value_int(step));
    if (run_event(run, "resume", fields, true, e))
        return run;
    run_close(run);
    return NULL;
}

RunDir *run_reopen(const char *path, int64_t step, Error *e)
{
    bool begun = false;
    RunDir *run = run_open_existing(path, &begun, e);
    if (!run)
        return NULL;
    run_sweep(run, true);
    if (run->generation == 0)
        run->generation = 1;
    return run_announce_resume(run, step, e);
}

RunDir *run_open_writer(const char *path, bool *begun, Error *e)
{
    RunDir *run = run_open_existing(path, begun, e);
    if (run)
        run_sweep(run, *begun);
    return run && *begun ? run_announce_resume(run, 0, e) : run;
}

RunDir *run_create_child(const RunDir *parent, const char *name, const char *kind, Error *e)
{
    char *path = run_file(parent, name);
    RunDir *run = run_is_directory(path) ? run_reopen(path, 0, e) : run_create(path, kind, name, e);
    mem_free(path);
    return run;
}
