/* A workbench without a screen over a small table, and fingers for it. */
#ifndef TESTS_UNIT_WORKBENCH_HELP_H
#define TESTS_UNIT_WORKBENCH_HELP_H

#include "base/io.h"
#include "cli/cli.h"
#include "steps/step.h"
#include "tests/unit/test.h"
#include "views/data.h"

static const char table[] =
    "id,name,score,day,label\n1,Ann,1.5,2026-01-02,yes\n2,Bob,,2026-01-03,no\n3,,3.25,,yes\n4,Dee,9,2026-02-01,no\n5,Eve,2,2026-02-02,yes\n"
    "6,Fay,7,2026-02-03,no\n7,Gil,8.5,2026-02-04,yes\n8,Hal,0,2026-02-05,no\n";

static inline void settle(Workbench *w)
{
    for (int i = 0; i < 6; i++)
        workbench_poll(w);
    if (view_get(w->view)->refresh)
        view_get(w->view)->refresh(w);
}

static inline void press(Workbench *w, KeyCode code, uint32_t glyph)
{
    workbench_key(w, (Key){code, glyph});
    settle(w);
    workbench_paint(w);
}

static inline void paste(Workbench *w, const char *text)
{
    w->pasted = text;
    press(w, KEYS_PASTE, 0);
    w->pasted = "";
}

static inline void close_all(Workbench *w)
{
    for (int i = 0; i < 20 && w->popup; i++)
        press(w, KEYS_ESCAPE, 0);
}

static inline bool open_table(Workbench *w, const char *name)
{
    static const AppHost host = {0};
    char *path = io_join(test_directory(), name), *runs = io_join(test_directory(), "runs");
    IoInfo is;
    Error e = {0};
    families_register(); /* what is saved without a name goes where the user stands */
    App *app = app_new(&(AppOptions){.runs = runs, .headless = true, .threads = 1}, &host);
    bool ok = io_enter_directory(test_directory(), &e) && (io_stat(path, &is) || io_replace(path, table, sizeof table - 1, &e)) &&
              app_open(app, path, &e);
    workbench_init(w, app, 80, 24);
    w->view = VIEW_DATA;
    settle(w);
    mem_free(path);
    mem_free(runs);
    return ok && app_document(app) != NULL;
}

static inline void leave(Workbench *w)
{
    App *app = w->app;
    workbench_done(w);
    app_free(app);
}

static inline void take_text(Workbench *w, Text *out)
{
    workbench_paint(w);
    cells_text(&w->cells, out);
}

static inline void type_keys(Workbench *w, const char *keys)
{
    for (; *keys; keys++)
        press(w, *keys == '\n' ? KEYS_ENTER : KEYS_CHAR, *keys == '\n' ? 0 : (uint32_t)(unsigned char)*keys);
}

static inline bool shows(Workbench *w, const char *words)
{
    Text out = {0};
    take_text(w, &out);
    bool found = strstr(text_get(&out), words) != NULL;
    text_done(&out);
    return found;
}

#endif
