/* The manifest of a run directory: what its files were when its writer closed it, so that `verify` can tell what was changed since. It
 * is one sealed line. Logs grow: of them it says how they began, up to here. What is printed, and checkpoints, which carry a hash of their
 * own, are not in it. */
#include "run/manifest.h"

#include <string.h>

#include "base/hash.h"
#include "base/io.h"
#include "run/run_log.h"

static const char manifest_name[] = "manifest.json";
enum { MANIFEST_BYTES = 16 << 20 };

static bool is_hashed(const char *name)
{
    static const char *const others[] = {"manifest.json", "lock", "output.log", "errors.log", "labels.json"};
    for (size_t i = 0; i < sizeof others / sizeof *others; i++)
        if (text_equal(name, others[i]))
            return false;
    return name[0] != '.';
}

static bool is_log(const char *name)
{
    return text_equal(name, "events.jsonl") || text_equal(name, "journal.jsonl");
}

/* What stays as it is over all lives of a run. */
static bool is_lasting(const char *name)
{
    static const char *const names[] = {"run.json", "script.lua", "args.json"};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        if (text_equal(name, names[i]))
            return true;
    return false;
}

static Value *describe(const char *file, Error *e)
{
    char hex[HASH_ROOM];
    uint64_t size = 0;
    if (!io_hash_file(file, hex, &size, e))
        return NULL;
    Value *entry = value_map();
    value_set(entry, "size", value_int((int64_t)size));
    value_set(entry, "sha256", value_text(hex));
    return entry;
}

static void add_files(const char *path, bool only_lasting, Value *files)
{
    TextList names = {0};
    Error ignored = {0};
    io_list(path, &names, &ignored);
    for (size_t i = 0; i < names.count; i++) {
        IoInfo info;
        char *file = io_join(path, names.items[i]);
        bool wanted = is_hashed(names.items[i]) && (!only_lasting || is_lasting(names.items[i])) && io_stat(file, &info) && info.is_regular;
        Value *entry = wanted ? describe(file, &ignored) : NULL;
        if (entry)
            value_set(files, names.items[i], entry);
        mem_free(file);
    }
    text_list_done(&names);
}

bool manifest_write(const char *path, bool only_lasting, Error *e)
{
    Value *all = value_map(), *files = value_map();
    add_files(path, only_lasting, files);
    value_set(all, "format", value_int(1));
    value_set(all, "files", files);
    Text line = {0};
    run_log_seal(all, &line);
    char *file = io_join(path, manifest_name);
    bool ok = io_replace(file, text_get(&line), line.size, e);
    mem_free(file);
    text_done(&line);
    value_free(all);
    return ok;
}

static Value *manifest_read(const char *file, Error *e)
{
    char *bytes = NULL;
    size_t size = 0;
    if (!io_read_file(file, MANIFEST_BYTES, &bytes, &size, e))
        return NULL;
    Value *all = size > 0 && bytes[size - 1] == '\n' ? run_log_parse(bytes, size - 1) : NULL;
    mem_free(bytes);
    const Value *files = value_get(all, "files");
    if (files && files->type == VALUE_MAP && value_get_int(all, "format", 0) == 1)
        return all;
    value_free(all);
    error_set(e, ERROR_FAILED, "%s: damaged", manifest_name);
    return NULL;
}

static void check_file(const char *path, const char *name, const Value *entry, TextList *damage)
{
    Error e = {0};
    char hex[HASH_ROOM], *file = io_join(path, name), *what = NULL;
    int64_t kept = value_get_int(entry, "size", -1);
    uint64_t size = 0;
    IoInfo info;
    if (strchr(name, '/') || !io_stat(file, &info))
        what = text_format("%s is missing", name);
    else if (!io_hash_beginning(file, is_log(name) ? (uint64_t)kept : UINT64_MAX, hex, &size, &e))
        what = mem_strdup(e.message);
    else if ((int64_t)size != kept || !text_equal(hex, value_get_text(entry, "sha256", "")))
        what = text_format("%s was changed: its hash differs", name);
    if (what)
        text_list_add(damage, what);
    mem_free(what);
    mem_free(file);
}

bool manifest_check(const char *path, TextList *damage)
{
    Error e = {0};
    IoInfo info;
    char *file = io_join(path, manifest_name);
    bool there = io_stat(file, &info);
    Value *all = there ? manifest_read(file, &e) : NULL;
    const Value *files = all ? value_get(all, "files") : NULL;
    if (there && !all)
        text_list_add(damage, e.message);
    for (size_t i = 0; files && i < files->size; i++)
        check_file(path, files->keys[i], files->items[i], damage);
    value_free(all);
    mem_free(file);
    return there;
}
