/* Saving the session as a script. Nothing is overwritten unasked: a file that this session neither came from nor was saved to is asked
 * about, a script written by a person is never rewritten. */
#include <string.h>

#include "app/app_state.h"
#include "base/io.h"

static const char first_name[] = "session.lua";

const char *app_save_name(const App *a)
{
    return a->script_path ? a->script_path : first_name;
}

static AppSave ask(Error *e, const char *path, const char *why)
{
    error_set(e, ERROR_USAGE, "%s %s", path, why);
    return APP_SAVE_ASK;
}

AppSave app_save_check(const App *a, const char *path, Error *e)
{
    const char *to = path && *path ? path : app_save_name(a);
    IoInfo is;
    char *text = NULL;
    size_t size;
    if (app_is_saving(a)) {
        error_set(e, ERROR_FAILED, "the session is being saved; when that has ended it can be saved again");
        return APP_SAVE_REFUSED;
    }
    if (!text_ends(to, ".lua")) {
        error_set(e, ERROR_USAGE, "%s: a session is saved as a Lua script; give a name that ends in .lua", to);
        return APP_SAVE_REFUSED;
    }
    if (!io_stat(to, &is))
        return APP_SAVE_FREE;
    if (!io_read_file(to, 16 << 20, &text, &size, e))
        return APP_SAVE_REFUSED;
    bool ours = a->script_path && io_is_same_file(to, a->script_path), as_left = ours && text_equal(text, a->script_text);
    AppSave answer = APP_SAVE_FREE;
    if (size > 0 && !document_is_generated(text)) {
        error_set(e, ERROR_USAGE, "%s: was written by hand and is never rewritten; give another name", to);
        answer = APP_SAVE_REFUSED;
    } else if (!as_left) {
        answer = ask(e, to, ours ? "holds what this session did not write" : "exists and is not of this session");
    }
    mem_free(text);
    return answer;
}

static void remember(App *a, const char *path, char *text)
{
    char *kept = mem_strdup(path);
    mem_free(a->script_path);
    mem_free(a->script_text);
    a->script_path = kept;
    a->script_text = text;
}

static void run_save(AppJob *j)
{
    j->ok = io_save(j->path, j->text, strlen(j->text), &j->error);
}

/* The document may be another one by now, or this one further on. */
static void take_saved(App *a, AppJob *j)
{
    size_t at = 0;
    while (a->has_document && at < a->history.count && a->history.items[at] != j->document)
        at++;
    a->news |= APP_NEWS_SAVED;
    app_say(a, false, "saved %s   limbeck run %s replays it", j->path, j->path);
    if (!a->has_document || at == a->history.count)
        return;
    a->history.saved = at;
    remember(a, j->path, j->text);
    j->text = NULL;
    app_work_keep(a);
}

static void tell_unsaved(App *a, AppJob *j)
{
    (void)j;
    a->news |= APP_NEWS_NOT_SAVED;
}

static const AppJobKind job_save = {.slot = APP_SLOT_DISK, .doing = "saving", .run = run_save, .take = take_saved, .fail = tell_unsaved};

bool app_is_saving(const App *a)
{
    return app_find_job(a, &job_save) != NULL;
}

bool app_save_script(App *a, const char *path, bool overwrite, Error *e)
{
    if (!app_document(a))
        return error_set(e, ERROR_FAILED, "no table open; o opens one");
    const char *to = path && *path ? path : app_save_name(a);
    AppSave may = app_save_check(a, to, e);
    if (may == APP_SAVE_REFUSED)
        return false;
    if (may == APP_SAVE_ASK && !overwrite)
        return error_set(e, ERROR_USAGE, "%s %s; give another name", to, "is there already and not of this session");
    error_clear(e);
    AppJob *j = app_job_new(&job_save);
    j->path = mem_strdup(to);
    j->text = app_script(a);
    j->document = document_ref(app_document(a));
    app_say(a, false, "saving %s ...", to);
    app_start_job(a, j);
    return true;
}

bool app_has_unsaved(const App *a)
{
    return a->has_document && !history_is_saved(&a->history);
}
