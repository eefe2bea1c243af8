/* What a run directory must hold, checked from its files alone. */
#include "run/verify.h"

#include "base/io.h"
#include "run/manifest.h"
#include "run/run_dir.h"
#include "run/run_log.h"
#include "run/run_private.h"
#include "run/tail.h"

static void verify_complain(Value *card, char *text)
{
    value_add(value_edit(card, "damage"), value_text(text));
    mem_free(text);
}

static void verify_log(const char *path, const char *name, Value *card, RunLog *log)
{
    Error e = {0};
    char *file = io_join(path, name), *lock = io_join(path, "lock");
    bool ok = run_log_read(file, log, &e);
    if (!ok)
        verify_complain(card, text_format("%s", e.message));
    if (ok && log->damaged > 0)
        verify_complain(card, text_format("%s: %zu damaged line%s", name, log->damaged, log->damaged == 1 ? "" : "s"));
    if (ok && log->torn && !io_is_locked(lock))
        value_set(card, "torn", value_flag(true)); /* what a kill leaves behind; the next resume closes it */
    mem_free(lock);
    mem_free(file);
}

/* Whether an end was ever written. */
static bool verify_events(const char *path, Value *card)
{
    RunLog log;
    bool has_ended = false;
    int64_t generation = 0;
    verify_log(path, "events.jsonl", card, &log);
    for (size_t i = 0; i < log.lines->size; i++) {
        int64_t g = value_get_int(log.lines->items[i], "g", -1);
        if (g < generation)
            verify_complain(card, text_format("events.jsonl: generation %lld after %lld", (long long)g, (long long)generation));
        generation = g > generation ? g : generation;
        has_ended = has_ended || text_equal(value_get_text(log.lines->items[i], "e", ""), "end");
    }
    value_set(card, "events", value_int((int64_t)log.lines->size));
    run_log_done(&log);
    return has_ended;
}

static void verify_checkpoints(const char *path, Value *card)
{
    TextList names = {0};
    IoInfo info;
    Error e = {0};
    int64_t count = 0;
    char *directory = io_join(path, "checkpoints");
    if (io_stat(directory, &info) && !io_list(directory, &names, &e))
        verify_complain(card, mem_strdup(e.message));
    for (size_t i = 0; i < names.count; i++) {
        if (!text_ends(names.items[i], ".checkpoint"))
            continue;
        error_clear(&e);
        char *file = io_join(directory, names.items[i]);
        count++;
        if (!run_checkpoint_verify(file, &e))
            verify_complain(card, text_format("%s", e.message));
        mem_free(file);
    }
    value_set(card, "checkpoints", value_int(count));
    text_list_done(&names);
    mem_free(directory);
}

static void verify_call(const char *path, const Value *call, Value *card)
{
    IoInfo info;
    int64_t n = value_get_int(call, "n", 0);
    char *directory = text_format("%s/calls/%03lld-%s", path, (long long)n, value_get_text(call, "kind", ""));
    bool there = io_stat(directory, &info) && info.is_directory;
    if (value_get(call, "result") && (!there || !run_is_directory(directory)))
        verify_complain(
            card, text_format("journal.jsonl: call %lld has ended, but its %s is missing", (long long)n, there ? "run.json" : "directory"));
    mem_free(directory);
}

static void verify_journal(const char *path, Value *card)
{
    RunLog log;
    Value *calls = value_list();
    verify_log(path, "journal.jsonl", card, &log);
    for (size_t i = 0; i < log.lines->size; i++) {
        const Value *line = log.lines->items[i];
        int64_t n = value_get_int(line, "n", 0);
        bool begin = text_equal(value_get_text(line, "e", ""), "begin"), end = text_equal(value_get_text(line, "e", ""), "end");
        if (begin && n == (int64_t)calls->size + 1)
            value_add(calls, value_copy(line));
        else if (end && n >= 1 && n <= (int64_t)calls->size)
            value_set(calls->items[n - 1], "result", value_flag(true));
        else if (begin || end)
            verify_complain(card, text_format("journal.jsonl: call %lld is out of order", (long long)n));
    }
    for (size_t i = 0; i < calls->size; i++)
        verify_call(path, calls->items[i], card);
    value_free(calls);
    run_log_done(&log);
}

/* A run has a manifest from its first moment, unless it was killed in it; the writer of an end event had one. */
static void verify_manifest(const char *path, bool has_ended, Value *card)
{
    TextList damage = {0};
    bool there = manifest_check(path, &damage);
    value_set(card, "manifest", value_flag(there));
    if (!there && has_ended)
        text_list_add(&damage, "manifest.json is missing, and the run has ended: what was changed in it cannot be told");
    for (size_t i = 0; i < damage.count; i++)
        verify_complain(card, mem_strdup(damage.items[i]));
    text_list_done(&damage);
}

/* Nothing but files and directories belongs into a run. */
static void verify_files(const char *path, Value *card)
{
    TextList names = {0};
    Error e = {0};
    io_list(path, &names, &e);
    for (size_t i = 0; i < names.count; i++) {
        IoInfo info;
        char *file = io_join(path, names.items[i]);
        if (io_stat(file, &info) && !info.is_regular && !info.is_directory)
            verify_complain(card, text_format("%s is a link or a device, not a file", names.items[i]));
        mem_free(file);
    }
    text_list_done(&names);
}

/* A set of rows is named by its hash. */
static void verify_rows(const char *path, Value *card)
{
    TextList names = {0};
    Error e = {0};
    IoInfo info;
    char *directory = io_join(path, "rows");
    if (io_stat(directory, &info) && !io_list(directory, &names, &e))
        verify_complain(card, mem_strdup(e.message));
    for (size_t i = 0; i < names.count; i++) {
        char hex[65] = "", *file = io_join(directory, names.items[i]);
        uint64_t size;
        bool is_set = text_ends(names.items[i], ".rows");
        if (is_set && (!io_hash_file(file, hex, &size, &e) || !text_starts(names.items[i], hex)))
            verify_complain(card, text_format("rows/%s was changed: its hash differs", names.items[i]));
        mem_free(file);
    }
    text_list_done(&names);
    mem_free(directory);
}

static void verify_one(const Tail *t, Value *report, int depth)
{
    Value *card = value_map();
    value_set(card, "path", value_text(t->path));
    value_set(card, "kind", value_text(t->kind));
    value_set(card, "state", value_text(run_state_name(t->state)));
    value_set(card, "damage", value_list());
    bool has_ended = verify_events(t->path, card);
    verify_checkpoints(t->path, card);
    verify_files(t->path, card);
    verify_manifest(t->path, has_ended, card);
    verify_rows(t->path, card);
    if (text_equal(t->kind, "script"))
        verify_journal(t->path, card);
    value_add(report, card);
    for (size_t i = 0; depth > 0 && i < t->children_count; i++)
        verify_one(t->children[i], report, depth - 1);
}

bool verify_tree(const char *path, Value **report, Error *e)
{
    enum { DEPTH = 8 };
    Tail *t = tail_open(path, e);
    if (!t)
        return false;
    tail_poll(t, true, NULL);
    *report = value_list();
    verify_one(t, *report, DEPTH);
    tail_free(t);
    return true;
}
