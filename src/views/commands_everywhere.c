/* Commands that mean the same in every view. */
#include <string.h>

#include "base/clock.h"
#include "views/commands.h"

bool need_table(const Workbench *w, Text *why)
{
    if (app_document(w->app))
        return true;
    text_add(why, app_table(w->app) ? "the file is still being read" : "no table open; o opens one");
    return false;
}

bool need_any_run(const Workbench *w, Text *why)
{
    if (app_run(w->app))
        return true;
    text_add(why, "no run yet; t trains");
    return false;
}

bool need_run(const Workbench *w, Text *why)
{
    const Tail *run = app_run(w->app);
    if (!run)
        return need_any_run(w, why);
    if (!run->end)
        return true;
    text_add(why, "the run has ended; t starts another");
    return false;
}

static bool run_help(Workbench *w, const char *argument, Error *e)
{
    (void)argument, (void)e;
    popup_help(w);
    return true;
}

static bool run_which_key(Workbench *w, const char *argument, Error *e)
{
    (void)argument, (void)e;
    popup_which_key(w);
    return true;
}

static bool run_palette(Workbench *w, const char *argument, Error *e)
{
    (void)argument, (void)e;
    popup_palette(w);
    return true;
}

static bool run_command_line(Workbench *w, const char *argument, Error *e)
{
    (void)e;
    popup_command_line(w, argument ? argument : "");
    return true;
}

static bool run_undo(Workbench *w, const char *argument, Error *e)
{
    (void)argument, (void)e;
    app_undo(w->app);
    return true;
}

static bool run_redo(Workbench *w, const char *argument, Error *e)
{
    (void)argument, (void)e;
    app_redo(w->app);
    return true;
}

static bool theme_answer(Workbench *w, const char *text, Error *e)
{
    Theme *t = theme_load(text, NULL, e);
    if (!t)
        return false;
    theme_free(w->theme);
    w->theme = t;
    if (w->screen)
        w->screen->set_theme(w->screen, t);
    app_say(w->app, false, "theme %s", t->name);
    return true;
}

static bool run_theme(Workbench *w, const char *argument, Error *e)
{
    if (argument)
        return theme_answer(w, argument, e);
    popup_ask(w, "Theme: terminal, dark, light, mono", "", theme_answer);
    return true;
}

static bool run_graph(Workbench *w, const char *argument, Error *e)
{
    static const char *const names[] = {"braille", "block", "line", "ascii"};
    (void)e;
    w->graph = (GraphKind)((w->graph + 1) % 4);
    for (int i = 0; argument && i < 4; i++)
        if (text_equal(argument, names[i]))
            w->graph = (GraphKind)i;
    app_say(w->app, false, "graphs in %s", names[w->graph]);
    return true;
}

static bool run_zoom(Workbench *w, const char *argument, Error *e)
{
    (void)argument, (void)e;
    w->zoomed = !w->zoomed;
    app_say(w->app, false, w->zoomed ? "the focused pane alone   z brings the others back" : "all panes that have room");
    return true;
}

static bool run_redraw(Workbench *w, const char *argument, Error *e)
{
    (void)argument, (void)e;
    if (w->screen)
        w->screen->set_theme(w->screen, w->theme);
    return true;
}

static bool run_cancel(Workbench *w, const char *argument, Error *e)
{
    (void)argument, (void)e;
    if (!app_cancel(w->app))
        app_say(w->app, false, "nothing to stop; Q quits");
    return true;
}

bool start_run(Workbench *w, AppCall call, Error *e)
{
    w->waits_in = w->view;
    return app_start(w->app, call, e);
}

static bool run_train(Workbench *w, const char *argument, Error *e)
{
    (void)argument;
    return start_run(w, APP_TRAIN, e);
}

static bool run_tune(Workbench *w, const char *argument, Error *e)
{
    (void)argument;
    return start_run(w, APP_TUNE, e);
}

static bool run_distill(Workbench *w, const char *argument, Error *e)
{
    (void)argument;
    return start_run(w, APP_DISTILL, e);
}

static bool run_repair(Workbench *w, const char *argument, Error *e)
{
    (void)argument;
    bool ok = app_repair(w->app, e);
    if (ok)
        workbench_show(w, VIEW_RECIPE);
    return ok;
}

EVERYWHERE(help, "help for this place", "?", 0, "help", run_help, NULL);
EVERYWHERE(which_key, "commands by letter", "<Space>", 90, "more", run_which_key, NULL);
EVERYWHERE(palette, "all commands, steps and layers, found by typing", NULL, 0, NULL, run_palette, NULL);
EVERYWHERE(command_line, "type a command: a name and its options", ":", 0, NULL, run_command_line, NULL);
EVERYWHERE(undo, "take the last change back", "U", 0, "undo", run_undo, need_table);
EVERYWHERE(redo, "do it again", "R", 0, "redo", run_redo, need_table);
EVERYWHERE(theme, "change the theme", NULL, 0, NULL, run_theme, NULL);
EVERYWHERE(graph, "braille, block, line or ASCII graphs", "B", 0, NULL, run_graph, NULL);
EVERYWHERE(zoom, "the focused pane alone, and back", "z", 0, NULL, run_zoom, NULL);
EVERYWHERE(redraw, "paint the whole screen again", "<C-l>", 0, NULL, run_redraw, NULL);
EVERYWHERE(cancel, "stop what goes on in the background: reading, profiling, starting", "<C-c>", 0, NULL, run_cancel, NULL);
EVERYWHERE(train, "train the net; a worker does it, the screen may go", "t", 0, "train", run_train, need_table);
EVERYWHERE(tune, "search the settings that the tuning plan names", NULL, 0, "tune", run_tune, need_table);
EVERYWHERE(distill, "teach a small net by the big one, with its control", NULL, 0, "distill", run_distill, need_table);
EVERYWHERE(repair, "add the repairs and the encoding that the findings ask for", "A", 0, "repair", run_repair, need_table);
