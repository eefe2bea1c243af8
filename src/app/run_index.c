/* The index of a directory of runs. */
#include "app/run_index.h"

#include <stdlib.h>
#include <string.h>

#include "app/run_card.h"
#include "base/io.h"
#include "base/json.h"
#include "run/labels.h"
#include "run/run_dir.h"

static const char index_name[] = "index.json";
enum { INDEX_FORMAT = 2, INDEX_BYTES = 256 << 20, INDEX_FROM = 16 /* runs; fewer are read at once */ };

typedef struct Entry {
    char *name;   /* of the directory */
    Value *card;  /* as it was read last; without path and number */
    Value *marks; /* sizes and times of the files that it is of; NULL: of a run that goes on */
    Tail *tail;   /* of a run that goes on */
    bool is_there;
} Entry;

struct RunIndex {
    char *directory;
    Entry *entries; /* by name */
    size_t count, fresh;
    bool was_read, is_changed, keeps;
};

RunIndex *run_index_open(const char *directory, bool keeps)
{
    RunIndex *x = MEM_NEW(RunIndex);
    x->keeps = keeps;
    x->directory = mem_strdup(directory);
    return x;
}

static void entry_done(Entry *n)
{
    mem_free(n->name);
    value_free(n->card);
    value_free(n->marks);
    tail_free(n->tail);
}

void run_index_close(RunIndex *x)
{
    if (!x)
        return;
    for (size_t i = 0; i < x->count; i++)
        entry_done(&x->entries[i]);
    mem_free(x->entries);
    mem_free(x->directory);
    mem_free(x);
}

size_t run_index_fresh(const RunIndex *x)
{
    return x->fresh;
}

/* The log only grows, and nothing of a run changes without it but its labels: with their sizes they are as they were, also in a copy. */
static Value *mark_files(const char *path, const char *model)
{
    const char *const files[] = {"events.jsonl", labels_file, model};
    Value *marks = value_map();
    for (size_t i = 0; i < 3 && files[i]; i++) {
        IoInfo info;
        char *file = io_join(path, files[i]);
        if (io_stat(file, &info)) {
            Value *mark = value_list();
            value_add(mark, value_int((int64_t)info.size));
            if (files[i] == labels_file)
                value_add(mark, value_int((int64_t)(info.modified * 1e3)));
            value_set(marks, files[i], mark);
        }
        mem_free(file);
    }
    return marks;
}

static bool is_locked(const char *path)
{
    char *lock = io_join(path, "lock");
    bool locked = io_is_locked(lock);
    mem_free(lock);
    return locked;
}

static bool is_unchanged(const Entry *n, const char *path)
{
    if (!n->marks)
        return false;
    Value *now = mark_files(path, value_get_text(n->card, "model", NULL));
    bool same = value_equal(now, n->marks);
    value_free(now);
    return same && (!text_equal(value_get_text(n->card, "state", ""), run_state_name(RUN_LOST)) || !is_locked(path));
}

/* A run that goes on keeps its tail, so that only what is new is read. */
static void read_entry(RunIndex *x, Entry *n, const char *path)
{
    Error ignored = {0};
    if (!n->tail)
        n->tail = tail_open(path, &ignored);
    if (!n->tail)
        return;
    n->tail->skims = true;
    /* Before the log is read: what comes meanwhile makes them old. */
    Value *marks = mark_files(path, NULL);
    tail_poll(n->tail, true, &ignored);
    value_free(n->card);
    value_free(n->marks);
    n->card = run_card_make(n->tail);
    n->marks = NULL;
    x->fresh++;
    if (!tail_has_ended(n->tail)) {
        value_free(marks);
        return;
    }
    const char *model = value_get_text(n->card, "model", NULL);
    Value *with_model = model ? mark_files(path, model) : NULL;
    const Value *mark = value_get(with_model, model ? model : "");
    if (mark)
        value_set(marks, model, value_copy(mark));
    value_free(with_model);
    value_remove(n->card, "path");
    n->marks = marks;
    tail_free(n->tail);
    n->tail = NULL;
    x->is_changed = true;
}

static int compare_names(const void *a, const void *b)
{
    return strcmp(((const Entry *)a)->name, ((const Entry *)b)->name);
}

static int compare_name(const void *name, const void *entry)
{
    return strcmp(name, ((const Entry *)entry)->name);
}

static Entry *find_entry(const RunIndex *x, size_t known, const char *name)
{
    return known ? bsearch(name, x->entries, known, sizeof *x->entries, compare_name) : NULL;
}

static Value *read_index(const char *file)
{
    char *bytes = NULL;
    size_t size = 0;
    IoInfo info;
    Error ignored = {0};
    bool ok = io_stat(file, &info) && io_read_file(file, INDEX_BYTES, &bytes, &size, &ignored);
    Value *v = ok ? json_parse(bytes, size, &ignored) : NULL;
    mem_free(bytes);
    if (v && value_get_int(v, "format", 0) == INDEX_FORMAT)
        return v;
    value_free(v);
    return NULL;
}

/* Entries that are not as we write them are read from their runs. */
static void load_index(RunIndex *x)
{
    char *file = io_join(x->directory, index_name);
    Value *v = read_index(file);
    const Value *runs = value_get(v, "runs");
    size_t count = value_entries(runs);
    x->entries = mem_alloc((count + 1) * sizeof *x->entries);
    for (size_t i = 0; i < count; i++) {
        const Value *card = value_get(runs->items[i], "card"), *marks = value_get(runs->items[i], "marks");
        if (card && card->type == VALUE_MAP && marks && marks->type == VALUE_MAP)
            x->entries[x->count++] = (Entry){.name = mem_strdup(runs->keys[i]), .card = value_copy(card), .marks = value_copy(marks)};
    }
    if (x->count)
        qsort(x->entries, x->count, sizeof *x->entries, compare_names);
    value_free(v);
    mem_free(file);
}

/* A directory that cannot be written keeps no index; it is a help, not a record. */
static void save_index(const RunIndex *x)
{
    Error ignored = {0};
    Text out = {0};
    Value *v = value_map(), *runs = value_map();
    value_set(v, "format", value_int(INDEX_FORMAT));
    value_set(v, "runs", runs);
    for (size_t i = 0; i < x->count; i++) {
        if (!x->entries[i].marks)
            continue;
        Value *one = value_map();
        value_append(one, "marks", value_copy(x->entries[i].marks));
        value_append(one, "card", value_copy(x->entries[i].card));
        value_append(runs, x->entries[i].name, one);
    }
    char *file = io_join(x->directory, index_name);
    json_write(v, JSON_COMPACT, &out);
    if (run_may_write(&ignored) && io_check_owner(x->directory, &ignored))
        io_replace_quickly(file, text_get(&out), out.size, &ignored);
    mem_free(file);
    text_done(&out);
    value_free(v);
}

static void add_new(RunIndex *x, const TextList *names)
{
    size_t known = x->count;
    for (size_t i = 0; i < names->count; i++) {
        Entry *n = find_entry(x, known, names->items[i]);
        if (n) {
            n->is_there = true;
            continue;
        }
        char *path = io_join(x->directory, names->items[i]);
        if (names->items[i][0] != '.' && run_is_directory(path)) {
            x->entries = mem_realloc(x->entries, (x->count + 1) * sizeof *x->entries);
            x->entries[x->count++] = (Entry){.name = mem_strdup(names->items[i]), .is_there = true};
        }
        mem_free(path);
    }
    if (x->count)
        qsort(x->entries, x->count, sizeof *x->entries, compare_names);
}

/* What is gone, or cannot be read as a run any more, goes. */
static void drop_gone(RunIndex *x)
{
    size_t kept = 0;
    for (size_t i = 0; i < x->count; i++)
        if (x->entries[i].is_there && x->entries[i].card) {
            x->entries[kept++] = x->entries[i];
        } else {
            x->is_changed = x->is_changed || x->entries[i].marks;
            entry_done(&x->entries[i]);
        }
    x->count = kept;
}

static void look(RunIndex *x)
{
    for (size_t i = 0; i < x->count; i++) {
        Entry *n = &x->entries[i];
        char *path = io_join(x->directory, n->name);
        if (n->is_there && !is_unchanged(n, path)) {
            x->is_changed = x->is_changed || n->marks;
            read_entry(x, n, path);
        }
        mem_free(path);
    }
}

static int compare_begun(const void *a, const void *b)
{
    const Value *x = *(Value *const *)a, *y = *(Value *const *)b;
    double from = value_get_real(x, "begun", 0), other = value_get_real(y, "begun", 0);
    return from < other ? -1 : from > other ? 1 : strcmp(value_get_text(x, "path", ""), value_get_text(y, "path", ""));
}

/* Numbered as they began; newest first. */
static Value *make_list(const RunIndex *x)
{
    Value *list = value_list();
    for (size_t i = 0; i < x->count; i++) {
        Value *card = value_copy(x->entries[i].card);
        char *path = io_join(x->directory, x->entries[i].name);
        value_set(card, "path", value_text(path));
        mem_free(path);
        value_add(list, card);
    }
    if (list->size)
        qsort(list->items, list->size, sizeof *list->items, compare_begun);
    for (size_t i = 0; i < list->size; i++)
        if (!value_get(list->items[i], "number"))
            value_set(list->items[i], "number", value_int((int64_t)i + 1));
    for (size_t i = 0; i < list->size / 2; i++) {
        Value *other = list->items[list->size - 1 - i];
        list->items[list->size - 1 - i] = list->items[i];
        list->items[i] = other;
    }
    return list;
}

Value *run_index_cards(RunIndex *x, Error *e)
{
    TextList names = {0};
    IoInfo info;
    if (io_stat(x->directory, &info) && !io_list(x->directory, &names, e))
        return NULL;
    if (!x->was_read)
        load_index(x);
    x->was_read = true;
    x->is_changed = false;
    x->fresh = 0;
    for (size_t i = 0; i < x->count; i++)
        x->entries[i].is_there = false;
    add_new(x, &names);
    look(x);
    drop_gone(x);
    if (x->keeps && x->is_changed && x->count >= INDEX_FROM)
        save_index(x);
    text_list_done(&names);
    return make_list(x);
}
