/* Unsaved work on disk: after each edit the document is written as its script into the state folder, so that a crash, a lost connection
 * or a kill loses nothing; the next start on that file offers it. One slot a session, held by a lock: what lies in a slot that nobody
 * holds was left behind. */
#include <stdio.h>
#include <string.h>

#include "app/app_state.h"
#include "base/hash.h"
#include "base/io.h"

enum { SLOTS = 16, KEY_SIZE = 16 };
static const char note_script[] = "\n-- session: ", note_change[] = "\n-- last change: ";

static char *slot_path(const App *a, size_t slot, const char *ending)
{
    char *name = text_format("%s-%zu.%s", a->work.key, slot, ending), *path = io_join(a->state, name);
    mem_free(name);
    return path;
}

static bool exists(const char *path)
{
    IoInfo is;
    return io_stat(path, &is);
}

/* The rest of the line behind a note at the end of the file; "" when it has none. */
static char *read_note(const char *text, const char *note)
{
    const char *at = strstr(text, note), *next;
    while (at && (next = strstr(at + 1, note)))
        at = next;
    at = at ? at + strlen(note) : "";
    return mem_strndup(at, strcspn(at, "\n"));
}

/* A session belongs to the script it was saved as, or to its table. */
static bool belongs(const App *a, const char *text)
{
    char *script = read_note(text, note_script), *here = a->script_path ? io_real_path(a->script_path) : mem_strdup("");
    bool same = text_equal(script, here) || !*here;
    mem_free(script);
    mem_free(here);
    return same;
}

static void release(WorkSlot *slot, bool remove)
{
    Error ignored = {0};
    if (remove && slot->path)
        io_remove(slot->path, &ignored);
    if (slot->lock_path && (remove || !exists(slot->path)))
        io_remove(slot->lock_path, &ignored); /* while it is still held */
    if (slot->is_held)
        io_close(slot->lock, slot->lock_path, &ignored);
    mem_free(slot->path);
    mem_free(slot->lock_path);
    *slot = (WorkSlot){0};
}

static bool take(const App *a, size_t number, WorkSlot *slot)
{
    Error ignored = {0};
    *slot = (WorkSlot){.path = slot_path(a, number, "lua"), .lock_path = slot_path(a, number, "lock")};
    slot->lock = io_lock(slot->lock_path, false, &ignored);
    slot->is_held = slot->lock >= 0;
    if (slot->is_held)
        return true;
    mem_free(slot->path);
    mem_free(slot->lock_path);
    *slot = (WorkSlot){0};
    return false;
}

static char *read_slot(const WorkSlot *slot)
{
    Error ignored = {0};
    char *text = NULL;
    size_t size;
    return io_read_file(slot->path, 16 << 20, &text, &size, &ignored) ? text : NULL;
}

/* Work of an ended session on this file, if there is any. */
static void find_left(App *a)
{
    for (size_t i = 0; i < SLOTS && !a->work.left_text; i++) {
        char *path = slot_path(a, i, "lua");
        WorkSlot slot;
        if (exists(path) && take(a, i, &slot)) {
            char *text = read_slot(&slot);
            if (text && belongs(a, text)) {
                a->work.left = slot;
                a->work.left_text = text;
            } else {
                mem_free(text);
                release(&slot, false);
            }
        }
        mem_free(path);
    }
}

static void take_free_slot(App *a)
{
    for (size_t i = 0; i < SLOTS && !a->work.own.is_held; i++) {
        char *path = slot_path(a, i, "lua");
        if (!exists(path))
            take(a, i, &a->work.own);
        mem_free(path);
    }
}

void app_work_open(App *a)
{
    char hex[HASH_ROOM];
    Error e = {0};
    app_work_close(a, true);
    if (!a->state || !a->file || text_equal(a->file, "-"))
        return;
    if (!io_make_directory(a->state, &e)) {
        error_prefix(&e, "unsaved work is not kept: ");
        app_say_error(a, &e);
        return;
    }
    char *path = io_real_path(a->file);
    sha256_hex(path, strlen(path), hex);
    mem_free(path);
    memcpy(a->work.key, hex, KEY_SIZE);
    find_left(a);
    take_free_slot(a);
    if (!a->work.own.is_held)
        app_say(a, true, "unsaved work is not kept: no lock in %s can be held", a->state);
}

static void forget_left(App *a, bool remove)
{
    release(&a->work.left, remove);
    mem_free(a->work.left_text);
    a->work.left_text = NULL;
}

void app_work_close(App *a, bool remove)
{
    release(&a->work.own, remove);
    forget_left(a, false);
}

/* The table is named by its whole path: the next start may stand elsewhere. */
static void write_script(const App *a, Text *out)
{
    Document *d = document_edit(app_document(a), NULL, NULL);
    Pipeline *p = d->pipeline ? pipeline_copy(d->pipeline) : NULL;
    if (p && p->file) {
        char *path = io_real_path(p->file);
        mem_free(p->file);
        p->file = path;
    }
    pipeline_unref(d->pipeline);
    d->pipeline = p;
    document_to_script(d, out);
    document_unref(d);
    char *script = a->script_path ? io_real_path(a->script_path) : mem_strdup("");
    const char *change = app_document(a)->change;
    text_addf(out, "%s%s", note_script, script);
    text_addf(out, "%s%.*s\n", note_change, (int)strcspn(change ? change : "", "\n"), change ? change : "");
    mem_free(script);
}

void app_work_keep(App *a)
{
    Error e = {0};
    Text out = {0};
    if (!a->work.own.is_held)
        return;
    if (!app_has_unsaved(a)) {
        io_remove(a->work.own.path, &e);
        return;
    }
    write_script(a, &out);
    if (!io_replace_quickly(a->work.own.path, text_get(&out), out.size, &e))
        app_say_error(a, &e);
    text_done(&out);
}

bool app_left_work(const App *a, AppLeft *out)
{
    IoInfo is;
    if (!a->work.left_text)
        return false;
    *out = (AppLeft){0};
    if (io_stat(a->work.left.path, &is))
        out->written = is.modified;
    char *change = read_note(a->work.left_text, note_change);
    snprintf(out->change, sizeof out->change, "%s", change);
    mem_free(change);
    return true;
}

/* The table is there already when it was read the same way. */
static Pipeline *with_own_table(const App *a, const Pipeline *found)
{
    Pipeline *p = pipeline_copy(found);
    const Pipeline *now = app_document(a)->pipeline;
    bool same = now && ((!now->read_options && !p->read_options) ||
                        (now->read_options && p->read_options && value_equal(now->read_options, p->read_options)));
    if (same) {
        table_unref(p->source);
        p->source = table_ref(now->source);
    }
    mem_free(p->file);
    p->file = mem_strdup(now && now->file ? now->file : a->file);
    return p;
}

bool app_restore_work(App *a, Error *e)
{
    if (!a->work.left_text || !a->host || !a->host->describe)
        return error_set(e, ERROR_FAILED, "no work was left behind");
    Document *d = a->host->describe(a->work.left.path, a->work.left_text, e);
    if (!d)
        return false;
    Document *next = document_edit(d, "unsaved work restored", "start r");
    Pipeline *p = with_own_table(a, d->pipeline);
    pipeline_unref(next->pipeline);
    next->pipeline = p;
    document_unref(d);
    history_push(&a->history, next);
    app_changed(a);
    app_drop_work(a);
    app_say(a, false, "restored   U goes back to the file as it was, ^S saves");
    return true;
}

void app_drop_work(App *a)
{
    forget_left(a, true);
}

void app_leave_work(App *a)
{
    forget_left(a, false);
}
