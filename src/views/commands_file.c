/* Commands about the file and the session: open, read again, save, leave. None of them drops or overwrites anything unasked. */
#include <string.h>

#include "base/io.h"
#include "views/commands.h"

static bool is_yes(const char *text)
{
    return text_equal(text, "y") || text_equal(text, "yes");
}

static bool is_no(const char *text)
{
    return !*text || text_equal(text, "n") || text_equal(text, "no");
}

/* What a question is about, kept until it is answered. */
static void keep_asked(Workbench *w, const char *path)
{
    char *kept = mem_strdup(path);
    mem_free(w->asked);
    w->asked = kept;
}

static bool overwrite_answer(Workbench *w, const char *text, Error *e)
{
    if (is_no(text))
        return true;
    return is_yes(text) ? app_save_script(w->app, w->asked, true, e) : app_save_script(w->app, text, false, e);
}

bool save_session(Workbench *w, const char *path, Error *e)
{
    Error why = {0};
    if (app_save_check(w->app, path, &why) != APP_SAVE_ASK)
        return app_save_script(w->app, path, false, e);
    keep_asked(w, path && *path ? path : app_save_name(w->app));
    char *title = text_format("%s: y overwrites, n does not, or a name", why.message);
    popup_ask(w, title, "n", overwrite_answer);
    mem_free(title);
    return true;
}

static bool run_save(Workbench *w, const char *argument, Error *e)
{
    return save_session(w, argument, e);
}

static bool open_now(Workbench *w, const char *path, Error *e)
{
    w->waits_in = w->view;
    return app_open(w->app, path, e);
}

static void leave(Workbench *w)
{
    app_leave(w->app);
    w->quit = true;
}

static bool go_on(Workbench *w, AfterSave what, Error *e)
{
    if (what == AFTER_SAVE_OPEN)
        return open_now(w, w->asked, e);
    leave(w);
    return true;
}

void workbench_saved(Workbench *w, bool is_saved)
{
    Error e = {0};
    AfterSave what = w->after_save;
    w->after_save = AFTER_SAVE_NOTHING;
    if (is_saved && what != AFTER_SAVE_NOTHING && !go_on(w, what, &e))
        app_say_error(w->app, &e);
}

/* y goes on without saving, n stays, anything else is a name to save under first; what is to follow waits until that has succeeded. */
static bool unsaved_answer(Workbench *w, const char *text, AfterSave what, Error *e)
{
    if (is_no(text))
        return true;
    if (is_yes(text))
        return go_on(w, what, e);
    if (!app_save_script(w->app, text, false, e))
        return false;
    w->after_save = what;
    return true;
}

static bool open_unsaved_answer(Workbench *w, const char *text, Error *e)
{
    return unsaved_answer(w, text, AFTER_SAVE_OPEN, e);
}

bool open_path(Workbench *w, const char *path, Error *e)
{
    IoInfo is;
    if (!app_has_unsaved(w->app) || app_is_run(path) || !io_stat(path, &is)) /* what is not there drops nothing */
        return open_now(w, path, e);
    keep_asked(w, path);
    popup_ask(w, "Not saved: y drops the work and opens, n stays, or a name to save first", "n", open_unsaved_answer);
    return true;
}

static bool run_open(Workbench *w, const char *argument, Error *e)
{
    if (argument)
        return open_path(w, argument, e);
    popup_ask(w, "Open a table, a script or a run", "", open_path);
    return true;
}

static bool run_reload(Workbench *w, const char *argument, Error *e)
{
    (void)argument;
    return app_reload(w->app, e);
}

static bool quit_answer(Workbench *w, const char *text, Error *e)
{
    return unsaved_answer(w, text, AFTER_SAVE_LEAVE, e);
}

static bool run_quit(Workbench *w, const char *argument, Error *e)
{
    (void)argument, (void)e;
    if (app_is_saving(w->app)) {
        w->after_save = AFTER_SAVE_LEAVE;
        app_say(w->app, false, "leaving when the session is saved   Q asks again");
    } else if (app_has_unsaved(w->app))
        popup_ask(w, "Not saved: y leaves, n stays, or a file name to save first", "n", quit_answer);
    else
        leave(w);
    return true;
}

EVERYWHERE(save, "save the session as a Lua script that replays it", "<C-s>", 0, "save", run_save, need_table);
EVERYWHERE(open, "open a table, a script or a run", "o", 0, "open", run_open, NULL);
EVERYWHERE(reload, "read the file again; the steps stay", "<F5>", 0, NULL, run_reload, NULL);
EVERYWHERE(quit, "leave; runs go on", "q", 0, "quit", run_quit, NULL);
EVERYWHERE(quit_now, "leave from anywhere", "Q", 0, NULL, run_quit, NULL);
