/* Unsaved work on disk: after each edit the document is written as its script into the state folder, so that a crash, a lost connection
 * or a kill loses nothing; the next start on that file offers it. One slot a session, held by a lock: what lies in a slot that nobody
 * holds was left behind. What is written and removed waits for its turn among the jobs of the disk. */
#include <stdio.h>
#include <string.h>

#include "app/app_state.h"
#include "base/hash.h"
#include "base/io.h"

enum { SLOTS = 16, KEY_SIZE = 16 };
static const char note_script[] = "\n-- session: ", note_change[] = "\n-- last change: ";

typedef struct Folder {
    const WorkPlace *place;
    char key[HASH_ROOM]; /* of the file */
} Folder;

static char *slot_path(const Folder *f, size_t slot, const char *ending)
{
    char *name = text_format("%s-%zu.%s", f->key, slot, ending), *path = io_join(f->place->state, name);
    mem_free(name);
    return path;
}

void app_work_place_done(WorkPlace *p)
{
    mem_free(p->state);
    mem_free(p->file);
    mem_free(p->script);
    *p = (WorkPlace){0};
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
static bool belongs(const WorkPlace *p, const char *text)
{
    char *script = read_note(text, note_script), *here = p->script ? io_real_path(p->script) : mem_strdup("");
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

static bool take(const Folder *f, size_t number, WorkSlot *slot)
{
    Error ignored = {0};
    *slot = (WorkSlot){.path = slot_path(f, number, "lua"), .lock_path = slot_path(f, number, "lock")};
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
static void find_left(const Folder *f, Work *work)
{
    for (size_t i = 0; i < SLOTS && !work->left_text; i++) {
        char *path = slot_path(f, i, "lua");
        WorkSlot slot;
        if (exists(path) && take(f, i, &slot)) {
            char *text = read_slot(&slot);
            if (text && belongs(f->place, text)) {
                work->left = slot;
                work->left_text = text;
            } else {
                mem_free(text);
                release(&slot, false);
            }
        }
        mem_free(path);
    }
}

static void take_free_slot(const Folder *f, Work *work)
{
    for (size_t i = 0; i < SLOTS && !work->own.is_held; i++) {
        char *path = slot_path(f, i, "lua");
        if (!exists(path))
            take(f, i, &work->own);
        mem_free(path);
    }
}

static void find_work(const WorkPlace *place, Work *out)
{
    char hex[HASH_ROOM];
    Error e = {0};
    Folder f = {.place = place};
    if (!io_make_directory(place->state, &e)) {
        error_prefix(&e, "unsaved work is not kept: ");
        error_format(&e, out->problem, sizeof out->problem);
        return;
    }
    char *path = io_real_path(place->file);
    sha256_hex(path, strlen(path), hex);
    mem_free(path);
    memcpy(f.key, hex, KEY_SIZE);
    find_left(&f, out);
    take_free_slot(&f, out);
    if (!out->own.is_held)
        snprintf(out->problem, sizeof out->problem, "unsaved work is not kept: no lock in %s can be held", place->state);
}

void app_work_done(Work *work)
{
    release(&work->own, false);
    release(&work->left, false);
    mem_free(work->left_text);
    *work = (Work){0};
}

static void run_release(AppJob *j)
{
    release(&j->work.own, j->removes);
    j->ok = true;
}

static void take_nothing(App *a, AppJob *j)
{
    (void)a, (void)j;
}

static const AppJobKind job_release = {.slot = APP_SLOT_DISK, .run = run_release, .take = take_nothing};

/* After all that is still to be written there. */
static void release_later(App *a, WorkSlot *slot, bool remove)
{
    if (!slot->path)
        return;
    AppJob *j = app_job_new(&job_release);
    j->work.own = *slot;
    j->removes = remove;
    *slot = (WorkSlot){0};
    app_start_job(a, j);
}

static void forget_left(App *a, bool remove)
{
    release_later(a, &a->work.left, remove);
    mem_free(a->work.left_text);
    a->work.left_text = NULL;
}

void app_work_close(App *a, bool remove)
{
    release_later(a, &a->work.own, remove);
    forget_left(a, false);
}

static void run_find(AppJob *j)
{
    find_work(&j->place, &j->work);
    j->ok = true;
}

/* Another file may be open by now: its own search waits behind this one. */
static void take_found(App *a, AppJob *j)
{
    if (!text_equal(j->place.file, a->file))
        return;
    a->work = j->work;
    j->work = (Work){0};
    if (*a->work.problem)
        app_say(a, true, "%s", a->work.problem);
    if (app_has_unsaved(a))
        app_work_keep(a);
}

static const AppJobKind job_find = {.slot = APP_SLOT_DISK, .run = run_find, .take = take_found};

void app_work_open(App *a)
{
    app_work_close(a, true);
    if (!a->state || !a->file || text_equal(a->file, "-"))
        return;
    AppJob *j = app_job_new(&job_find);
    j->place = (WorkPlace){mem_strdup(a->state), mem_strdup(a->file), a->script_path ? mem_strdup(a->script_path) : NULL};
    app_start_job(a, j);
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

static void run_keep(AppJob *j)
{
    if (j->text)
        j->ok = io_replace_quickly(j->path, j->text, strlen(j->text), &j->error);
    else
        j->ok = io_remove(j->path, &j->error);
}

static const AppJobKind job_keep = {.slot = APP_SLOT_DISK, .run = run_keep, .take = take_nothing};

/* A state that still waits behind a slow disk when the next one comes is not worth writing. */
static bool replace_waiting(App *a, char *text)
{
    AppJob *last = a->waiting[APP_SLOT_DISK];
    while (last && last->next)
        last = last->next;
    if (!last || last->kind != &job_keep || !text_equal(last->path, a->work.own.path))
        return false;
    mem_free(last->text);
    last->text = text;
    return true;
}

void app_work_keep(App *a)
{
    Text out = {0};
    if (!a->work.own.is_held)
        return;
    if (app_has_unsaved(a))
        write_script(a, &out);
    char *text = app_has_unsaved(a) ? text_take(&out) : NULL;
    if (replace_waiting(a, text))
        return;
    AppJob *j = app_job_new(&job_keep);
    j->path = mem_strdup(a->work.own.path);
    j->text = text;
    app_start_job(a, j);
}

static const AppJobKind job_restore;

bool app_left_work(const App *a, AppLeft *out)
{
    IoInfo is;
    if (!a->work.left_text || app_find_job(a, &job_restore))
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

static void take_restored(App *a, AppJob *j)
{
    Document *next = document_edit(j->document, "unsaved work restored", "start r");
    Pipeline *p = with_own_table(a, j->document->pipeline);
    pipeline_unref(next->pipeline);
    next->pipeline = p;
    history_push(&a->history, next);
    app_changed(a);
    app_drop_work(a);
    app_say(a, false, "restored   U goes back to the file as it was, ^S saves");
}

static void keep_left(App *a, AppJob *j)
{
    app_leave_work(a);
    app_keep_document(a, j);
}

static const AppJobKind job_restore = {.slot = APP_SLOT_TABLE,
                                       .doing = "reading the unsaved work",
                                       .stopped = "given up; the next start offers the unsaved work again",
                                       .waits = true,
                                       .opens = true,
                                       .drops = true,
                                       .run = app_describe,
                                       .take = take_restored,
                                       .fail = keep_left};

bool app_restore_work(App *a, Error *e)
{
    if (!a->work.left_text || !document_is_generated(a->work.left_text))
        return error_set(e, ERROR_FAILED, "no work was left behind");
    AppJob *j = app_job_new(&job_restore);
    j->path = mem_strdup(a->work.left.path);
    j->text = mem_strdup(a->work.left_text);
    app_say(a, false, "reading the unsaved work ...   Esc gives it up");
    app_start_job(a, j);
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
