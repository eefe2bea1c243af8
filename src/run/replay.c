/* Preparing a replay, and what came of it. */
#include "run/replay.h"

#include <string.h>

#include "base/io.h"
#include "base/proc.h"
#include "run/run_dir.h"
#include "run/run_log.h"
#include "run/tail.h"

enum { REPLAY_DEPTH = 8 };
static const char replay_begins[] = ".replay-";

static bool replay_copy(const char *from, const char *to, const char *name, Error *e)
{
    IoInfo info;
    char *a = io_join(from, name), *b = io_join(to, name);
    bool ok = !io_stat(a, &info) || !info.is_regular || io_copy_file(a, b, e);
    mem_free(a);
    mem_free(b);
    return ok;
}

/* Modules and input: whole folders of files. */
static bool replay_copy_folder(const char *from, const char *to, const char *name, int depth, Error *e)
{
    TextList names = {0};
    IoInfo info;
    char *a = io_join(from, name), *b = io_join(to, name);
    bool ok = true, is_there = io_stat(a, &info) && info.is_directory && !info.is_link;
    if (is_there)
        ok = io_make_directory(b, e) && io_list(a, &names, e);
    for (size_t i = 0; ok && i < names.count; i++) {
        char *child = io_join(a, names.items[i]);
        bool is_folder = io_stat(child, &info) && info.is_directory;
        ok = is_folder ? depth == 0 || replay_copy_folder(a, b, names.items[i], depth - 1, e) : replay_copy(a, b, names.items[i], e);
        mem_free(child);
    }
    text_list_done(&names);
    mem_free(a);
    mem_free(b);
    return ok;
}

static bool replay_write(const char *directory, const char *name, const Text *text, Error *e)
{
    char *file = io_join(directory, name);
    bool ok = !text->size || io_replace(file, text->bytes, text->size, e);
    mem_free(file);
    return ok;
}

static bool replay_is(const Value *line, const char *event, const char *verb)
{
    return text_equal(value_get_text(line, "e", ""), event) && (!verb || text_equal(value_get_text(line, "verb", ""), verb));
}

/* A stop that no resume followed ended the run: it is asked for again at its step. */
static void replay_add_stop(const Value *stop, Text *out)
{
    Value *line = value_copy(stop);
    value_remove(line, "crc");
    value_set(line, "verb", value_text("set"));
    value_set(line, "stop", value_flag(true));
    run_log_seal(line, out);
    value_free(line);
}

/* The changes as they were taken, of all generations. */
static bool replay_changes(const char *from, const char *to, Error *e)
{
    RunLog log;
    Text out = {0};
    const Value *stop = NULL;
    char *file = io_join(from, "events.jsonl");
    bool ok = run_log_read(file, &log, e);
    for (size_t i = 0; ok && i < log.lines->size; i++) {
        const Value *line = log.lines->items[i];
        stop = replay_is(line, "control", "stop") ? line : replay_is(line, "resume", NULL) ? NULL : stop;
        if (!replay_is(line, "control", "set") || value_get(line, "refused"))
            continue;
        Value *plain = value_copy(line);
        value_remove(plain, "crc");
        run_log_seal(plain, &out);
        value_free(plain);
    }
    if (stop)
        replay_add_stop(stop, &out);
    ok = ok && replay_write(to, "events.jsonl", &out, e);
    text_done(&out);
    run_log_done(&log);
    mem_free(file);
    return ok;
}

/* Calls that have begun: what they found is left out. */
static bool replay_journal(const char *from, const char *to, Error *e)
{
    RunLog log;
    Text out = {0};
    char *file = io_join(from, "journal.jsonl");
    bool ok = run_log_read(file, &log, e);
    for (size_t i = 0; ok && i < log.lines->size; i++) {
        if (!replay_is(log.lines->items[i], "begin", NULL))
            continue;
        Value *plain = value_copy(log.lines->items[i]);
        value_remove(plain, "crc");
        run_log_seal(plain, &out);
        value_free(plain);
    }
    ok = ok && replay_write(to, "journal.jsonl", &out, e);
    text_done(&out);
    run_log_done(&log);
    mem_free(file);
    return ok;
}

static bool replay_pieces(const char *from, const char *to, int depth, Error *e);

static bool replay_piece(const char *from, const char *to, const char *name, int depth, Error *e)
{
    IoInfo info;
    char *a = io_join(from, name), *b = io_join(to, name);
    bool ok = true, is_folder = io_stat(a, &info) && info.is_directory && !info.is_link;
    if (is_folder && run_is_directory(a))
        ok = io_make_directory(b, e) && replay_copy(a, b, "run.json", e) && replay_changes(a, b, e);
    if (ok && is_folder)
        ok = replay_pieces(a, b, depth - 1, e);
    mem_free(a);
    mem_free(b);
    return ok;
}

/* The runs below, each with its changes. */
static bool replay_pieces(const char *from, const char *to, int depth, Error *e)
{
    static const char *const others[] = {"checkpoints", "control", "modules", "input", "rows"};
    TextList names = {0};
    bool ok = depth == 0 || io_list(from, &names, e);
    for (size_t i = 0; ok && i < names.count; i++) {
        bool is_other = names.items[i][0] == '.';
        for (size_t k = 0; k < sizeof others / sizeof *others; k++)
            is_other = is_other || text_equal(names.items[i], others[k]);
        ok = is_other || replay_piece(from, to, names.items[i], depth, e);
    }
    text_list_done(&names);
    return ok;
}

static bool replay_fill(const char *path, const char *again, Error *e)
{
    static const char *const files[] = {"run.json", "script.lua", "args.json", "environment.json", "looks.jsonl"};
    bool ok = true;
    for (size_t i = 0; ok && i < sizeof files / sizeof *files; i++)
        ok = replay_copy(path, again, files[i], e);
    ok = ok && replay_copy_folder(path, again, "modules", REPLAY_DEPTH, e) && replay_copy_folder(path, again, "input", REPLAY_DEPTH, e);
    return ok && replay_journal(path, again, e) && replay_pieces(path, again, REPLAY_DEPTH, e);
}

static bool replay_check(const char *path, Error *e)
{
    IoInfo info;
    char *script = io_join(path, "script.lua");
    bool is_script = io_stat(script, &info);
    mem_free(script);
    if (!is_script)
        return error_set(e, ERROR_USAGE, "%s is not the run of a script: it has no script.lua; name the run above it", path);
    Tail *t = tail_open(path, e);
    if (!t)
        return false;
    tail_poll(t, false, NULL);
    bool has_ended = t->end != NULL;
    tail_free(t);
    return has_ended || error_set(e, ERROR_FAILED, "%s has not ended: limbeck resume %s goes on with it", path, path);
}

char *replay_prepare(const char *path, Error *e)
{
    char *full = io_absolute(path), *above = io_directory(full), *name = text_format("%s%ld", replay_begins, proc_self());
    char *again = io_join(above, name);
    bool ok = replay_check(full, e) && io_create_directory(again, e);
    if (ok && !replay_fill(full, again, e)) {
        Error ignored = {0};
        io_remove_tree(again, &ignored);
        ok = false;
    }
    if (!ok) {
        mem_free(again);
        again = NULL;
    }
    mem_free(full);
    mem_free(above);
    mem_free(name);
    return again;
}

typedef struct Compared {
    const char *path, *again;
    Value *differ;
    int64_t models;
} Compared;

static void compare_model(Compared *c, const char *place)
{
    char first[65] = "", second[65] = "", *a = io_join(c->path, place), *b = io_join(c->again, place);
    uint64_t size;
    Error ignored = {0};
    IoInfo info;
    if (io_stat(a, &info) && io_hash_file(a, first, &size, &ignored)) {
        c->models++;
        if (!io_hash_file(b, second, &size, &ignored) || !text_equal(first, second))
            value_add(c->differ, value_text(place));
    }
    mem_free(a);
    mem_free(b);
}

static void compare_below(Compared *c, const Tail *t, size_t skip)
{
    char *place = text_format("%s/model.safetensors", strlen(t->path) > skip ? t->path + skip + 1 : ".");
    compare_model(c, place);
    mem_free(place);
    for (size_t i = 0; i < t->children_count; i++)
        compare_below(c, t->children[i], skip);
}

Value *replay_compare(const char *path, const char *again, Error *e)
{
    Tail *t = tail_open(path, e);
    if (!t)
        return NULL;
    tail_poll(t, true, NULL);
    Compared c = {.path = path, .again = again, .differ = value_list()};
    compare_below(&c, t, strlen(t->path));
    tail_free(t);
    Value *v = value_map();
    value_set(v, "models", value_int(c.models));
    value_set(v, "differ", c.differ);
    return v;
}
