/* The loop of the workbench: poll, paint, present, read a key. One way in and one way out. */
#include <math.h>
#include <string.h>

#include "base/clock.h"
#include "base/io.h"
#include "base/number.h"
#include "base/proc.h"
#include "views/workbench.h"

static const double LEAVE_MOST = 10, LEAVE_SAID = 0.3, LEAVE_LOOK = 0.05; /* seconds */

/* "idle": no background job and nothing new in the run; "epoch=3": that epoch is in; "end": the run has ended. */
static bool holds(void *self, const char *condition)
{
    Workbench *w = self;
    const Tail *run = app_run(w->app);
    if (text_equal(condition, "idle"))
        return app_is_idle(w->app);
    if (text_equal(condition, "end"))
        return !run || run->end;
    int64_t wanted;
    if (run && text_starts(condition, "epoch=") && number_parse_int(condition + 6, strlen(condition) - 6, &wanted)) {
        const Tail *t = tail_main(run);
        return run->end || (t->last_epoch && value_get_int(t->last_epoch, "epoch", 0) >= wanted);
    }
    return true;
}

static void show(Workbench *w)
{
    if (w->cells.width != w->screen->width || w->cells.height != w->screen->height)
        cells_resize(&w->cells, w->screen->width, w->screen->height);
    workbench_paint(w);
    w->screen->present(w->screen, &w->cells);
}

/* Slow while nothing can change by itself, quick while a job or a run goes on. */
static double patience(const Workbench *w)
{
    const Tail *run = app_run(w->app);
    if (app_is_busy(w->app))
        return 0.05;
    return run && !run->end ? 0.15 : 1.0;
}

/* A replay that is over leaves on purpose; when the terminal hangs up, unsaved work stays kept. */
static void end(Workbench *w)
{
    w->quit = true;
    w->exit_code = proc_signal() ? 128 + proc_signal() : w->screen->is_over ? 0 : 129;
    if (!w->exit_code)
        app_leave(w->app);
}

/* What is being written or started is waited for, and that is said; ^C leaves it, and so does a disk that does not answer. */
static void await_jobs(Workbench *w, Error *e)
{
    const char *what;
    for (double since = clock_now(); app_poll(w->app), app_is_finishing(w->app, &what);) {
        double waited = clock_now() - since;
        bool is_over = waited > LEAVE_MOST;
        if (waited > LEAVE_SAID) {
            app_say(w->app, false, "before leaving: %s   ^C leaves now", what);
            show(w);
        }
        Key key = {KEYS_NONE, 0};
        if (w->exit_code)
            clock_sleep(LEAVE_LOOK);
        else
            key = w->screen->read(w->screen, LEAVE_LOOK);
        if (key.code == KEYS_EOF)
            w->exit_code = 129;
        if (!is_over && !(key.code == KEYS_CONTROL && key.glyph == 'c'))
            continue;
        error_set(e, proc_signal() ? ERROR_CANCELED : ERROR_FAILED, "left before this had ended: %s", what);
        w->exit_code = w->exit_code ? w->exit_code : 1;
        return;
    }
}

/* What a run tells is shown twice a second; on a slow link, where a frame has to wait for the terminal, less often. What a key does is
 * shown at once. */
typedef struct Frames {
    double shown, cost; /* when the last one was, and what it took */
} Frames;

static bool is_frame_due(const Workbench *w, const Frames *f)
{
    static const double frame = 0.5, rest = 4; /* seconds; times its cost */
    const Tail *run = app_run(w->app);
    bool is_live = run && !run->end && !app_is_busy(w->app);
    return !is_live || app_is_headless(w->app) || clock_now() - f->shown >= fmax(frame, rest * f->cost);
}

static void show_frame(Workbench *w, Frames *f)
{
    f->shown = clock_now();
    show(w);
    f->cost = clock_now() - f->shown;
}

static void loop(Workbench *w)
{
    bool dirty = true, is_asked = true;
    Frames frames = {0};
    while (!w->quit) {
        dirty = workbench_poll(w) || dirty;
        if (dirty && (is_asked || is_frame_due(w, &frames))) {
            show_frame(w, &frames);
            dirty = false;
        }
        is_asked = false;
        Key key = w->screen->read(w->screen, patience(w));
        if (key.code == KEYS_EOF || proc_signal()) {
            end(w);
        } else if (key.code == KEYS_CONTROL && key.glyph == 'z' && w->screen->suspend) {
            w->screen->suspend(w->screen);
            dirty = is_asked = true;
        } else if (key.code != KEYS_NONE) {
            w->pasted = key.code == KEYS_PASTE && w->screen->pasted ? w->screen->pasted : "";
            workbench_key(w, key);
            dirty = is_asked = true;
        }
    }
}

static Screen *open_headless(Workbench *w, const WorkbenchOptions *o, Error *e)
{
    char *bytes = NULL;
    size_t size = 0;
    KeysScript keys = {0};
    if (o->keys && !io_read_file(o->keys, 1 << 20, &bytes, &size, e))
        return NULL;
    bool ok = keys_parse(o->keys ? o->keys : "", bytes ? bytes : "", size, &keys, e);
    mem_free(bytes);
    if (!ok)
        return NULL;
    ScreenReplay replay = {.width = o->width,
                           .height = o->height,
                           .keys = &keys,
                           .snap_directory = o->snap,
                           .holds = holds,
                           .command = (void (*)(void *, const char *))command_line_run,
                           .self = w};
    Screen *s = screen_open_text(&replay, e);
    if (s)
        s->set_theme(s, w->theme);
    keys_done(&keys);
    return s;
}

int workbench_run(App *app, const WorkbenchOptions *o, ViewId first, Error *e)
{
    Workbench w;
    Theme *theme = theme_load(o->theme ? o->theme : "terminal", NULL, e);
    if (!theme)
        return 2;
    workbench_init(&w, app, o->width ? o->width : 80, o->width ? o->height : 24);
    w.theme = theme;
    workbench_begin(&w, first);
    w.screen = o->width ? open_headless(&w, o, e) : screen_open_curses(theme, o->color, o->graph, e);
    if (w.screen) {
        w.graph = w.screen->graph;
        if (*w.screen->notice)
            app_say(app, false, "%s", w.screen->notice);
        loop(&w);
        await_jobs(&w, e);
        if (o->width && screen_text_failed(w.screen, e))
            w.exit_code = 1;
        w.screen->close(w.screen);
    }
    int code = w.screen ? w.exit_code : 2;
    workbench_done(&w);
    return code;
}
