/* The workbench's state and its two halves: a key changes it, painting reads it. */
#include "views/workbench.h"

#include <string.h>

#include "views/commands.h"
#include "views/frame.h"
#include "views/net.h"

static const View *const views[VIEW_COUNT] = {
    [VIEW_START] = &view_start, [VIEW_DATA] = &view_data,     [VIEW_PROFILE] = &view_profile, [VIEW_RECIPE] = &view_recipe,
    [VIEW_NET] = &view_net,     [VIEW_TRAIN] = &view_train,   [VIEW_TUNE] = &view_tune,       [VIEW_DISTILL] = &view_distill,
    [VIEW_RUNS] = &view_runs,   [VIEW_SCRIPT] = &view_script, [VIEW_REPORT] = &view_report,
};

const View *view_get(ViewId id)
{
    return views[id];
}

void workbench_init(Workbench *w, App *app, int width, int height)
{
    *w = (Workbench){.app = app, .pasted = ""};
    cells_init(&w->cells, width, height);
    w->body = frame_body(width, height);
    for (int v = 0; v < VIEW_COUNT; v++)
        w->states[v] = mem_alloc(views[v]->state_size ? views[v]->state_size : 1);
}

void workbench_done(Workbench *w)
{
    while (w->popup)
        workbench_pop(w);
    for (int v = 0; v < VIEW_COUNT; v++) {
        if (views[v]->done)
            views[v]->done(w);
        mem_free(w->states[v]);
    }
    cells_done(&w->cells);
    theme_free(w->theme);
    mem_free(w->search);
    mem_free(w->asked);
}

bool workbench_is_colorless(const Workbench *w)
{
    return (w->theme && w->theme->is_mono) || (w->screen && w->screen->colors == 0);
}

bool workbench_is_small(const Workbench *w)
{
    return w->cells.height < 30;
}

bool workbench_is_narrow(const Workbench *w)
{
    return w->cells.width < 100;
}

static void remember(Workbench *w)
{
    if (w->trail_count == TRAIL_MOST)
        memmove(w->trail, w->trail + 1, (size_t)--w->trail_count * sizeof *w->trail);
    w->trail[w->trail_count++] = w->view;
}

static void show(Workbench *w, ViewId view)
{
    w->view = view;
    w->pane = 0;
    w->zoomed = false;
    app_say(w->app, false, "%s", "");
    if (views[view]->refresh)
        views[view]->refresh(w);
}

void workbench_begin(Workbench *w, ViewId first)
{
    w->view = w->waits_in = first;
    if (views[first]->refresh)
        views[first]->refresh(w);
}

void workbench_show(Workbench *w, ViewId view)
{
    if (view != w->view)
        remember(w);
    show(w, view);
}

/* Esc leaves what is open: the zoom, then the view. */
static void go_back(Workbench *w)
{
    if (w->zoomed)
        w->zoomed = false;
    else if (w->trail_count)
        show(w, w->trail[--w->trail_count]);
    else
        app_say(w->app, false, "nothing to go back to   q leaves");
}

ViewId workbench_view_of(unsigned news, ViewId otherwise)
{
    static const struct {
        AppNews news;
        ViewId view;
    } places[] = {{APP_NEWS_TRAINING, VIEW_TRAIN}, {APP_NEWS_TUNING, VIEW_TUNE},  {APP_NEWS_DISTILLING, VIEW_DISTILL},
                  {APP_NEWS_WATCHED, VIEW_TRAIN},  {APP_NEWS_SHOWN, VIEW_SCRIPT}, {APP_NEWS_OPENED, VIEW_DATA}};
    for (size_t i = 0; i < sizeof places / sizeof *places; i++)
        if (news & places[i].news)
            return places[i].view;
    return otherwise;
}

/* The view goes along only when the user still stands where that was asked for; the message tells it anyway. */
static void take_news(Workbench *w)
{
    unsigned news = app_take_news(w->app);
    ViewId view = workbench_view_of(news, w->view);
    if (news & (APP_NEWS_SAVED | APP_NEWS_NOT_SAVED))
        workbench_saved(w, news & APP_NEWS_SAVED);
    bool is_error;
    if (news & APP_NEWS_ANSWERED)
        commands_take_answer(w);
    if ((news & APP_NEWS_FAILED) && !w->popup)
        workbench_say_whole(w, "It did not work", app_status(w->app, &is_error));
    bool is_bench = (news & APP_NEWS_WATCHED) && net_is_regularize(w);
    view = is_bench ? VIEW_NET : view;
    if ((view == w->view && !is_bench) || w->view != w->waits_in || w->popup)
        return;
    char *said = mem_strdup(app_status(w->app, &is_error));
    workbench_show(w, view);
    app_say(w->app, is_error, "%s", said);
    mem_free(said);
    if (is_bench)
        net_show_regularize(w);
}

bool workbench_poll(Workbench *w)
{
    AppLeft left;
    app_list_runs(w->app, w->view == VIEW_RUNS || w->view == VIEW_START);
    bool changed = app_poll(w->app);
    take_news(w);
    if (changed && views[w->view]->refresh)
        views[w->view]->refresh(w);
    if (!w->popup && app_left_work(w->app, &left)) {
        popup_left_work(w);
        changed = true;
    }
    return changed;
}

void workbench_push(Workbench *w, const Popup *popup)
{
    Popup *p = mem_copy(popup, sizeof *popup);
    p->below = w->popup;
    w->popup = p;
}

void workbench_pop(Workbench *w)
{
    Popup *p = w->popup;
    if (!p)
        return;
    w->popup = p->below;
    if (p->done)
        p->done(p->state);
    mem_free(p);
}

/* Popups are painted from the lowest up. */
static void paint_popups(const Workbench *w, const Popup *p, Pen *pen, Rect body)
{
    if (!p)
        return;
    paint_popups(w, p->below, pen, body);
    frame_veil(pen->cells, body);
    p->paint(w, p->state, pen, body);
}

/* Below 40x10: one line that says the most important. */
static void paint_line(const Workbench *w, Pen *pen)
{
    Text left = {0}, right = {0};
    bool is_error;
    const char *message = app_status(w->app, &is_error);
    if (views[w->view]->status)
        views[w->view]->status(w, &left, &right);
    if (left.size)
        text_add(&left, "   ");
    text_add(&left, text_get(&right));
    pen_text_fit(pen, 0, 0, pen->cells->width, is_error ? ROLE_STATE_ERROR : ROLE_UI, *message ? message : text_get(&left));
    text_done(&left);
    text_done(&right);
}

void workbench_paint(Workbench *w)
{
    Cells *c = &w->cells;
    Pen pen = pen_on(c, (Rect){0, 0, c->width, c->height});
    cells_erase(c);
    if (c->width < 40 || c->height < 10) {
        paint_line(w, &pen);
        return;
    }
    w->body = frame_paint(w, &pen);
    Pen inner = pen_on(c, (Rect){w->body.x, w->body.y, w->body.width, w->body.height});
    views[w->view]->paint(w, &inner, w->body);
    paint_popups(w, w->popup, &pen, w->body);
}

static bool key_of_frame(Workbench *w, Key key)
{
    if (key.code == KEYS_CHAR && key.glyph >= '1' && key.glyph <= '9') {
        workbench_show(w, (ViewId)(key.glyph - '0'));
        return true;
    }
    if (key_is(key, '0')) {
        Error e = {0};
        if (!report_open(w, &e))
            app_say_error(w->app, &e);
        return true;
    }
    int panes = views[w->view]->panes;
    if ((key.code == KEYS_TAB || key.code == KEYS_BACKTAB) && panes > 1) {
        w->pane = (w->pane + (key.code == KEYS_TAB ? 1 : panes - 1)) % panes;
        if (views[w->view]->refresh)
            views[w->view]->refresh(w);
        return true;
    }
    if (key.code == KEYS_ESCAPE) {
        go_back(w);
        return true;
    }
    return false;
}

static void key_to_popup(Workbench *w, Key key)
{
    Popup *p = w->popup;
    if (p->key(w, p->state, key) != POPUP_CLOSE)
        return;
    /* The popup may have opened another on top of itself. */
    if (w->popup == p) {
        workbench_pop(w);
        return;
    }
    for (Popup *up = w->popup; up; up = up->below)
        if (up->below == p) {
            up->below = p->below;
            if (p->done)
                p->done(p->state);
            mem_free(p);
            return;
        }
}

static void act(Workbench *w, Key key)
{
    if (key.code == KEYS_RESIZE || key.code == KEYS_NONE)
        return;
    if (w->popup) {
        key_to_popup(w, key);
        return;
    }
    if (key.code == KEYS_ESCAPE && app_give_up(w->app))
        return;
    bool is_error, has_message = *app_status(w->app, &is_error);
    if (has_message)
        app_say(w->app, false, "%s", "");
    if (has_message && is_error && key.code == KEYS_ESCAPE) /* it only takes the error away */
        return;
    if (key.code == KEYS_PASTE) {
        app_say(w->app, false, "pasted text is not taken for keys; open a field first: / searches, : takes a command");
        return;
    }
    if (views[w->view]->key && views[w->view]->key(w, key))
        return;
    const Command *c = command_for_key(w, key);
    if (c) {
        command_run(w, c, NULL);
        return;
    }
    if (!key_of_frame(w, key)) {
        char name[16];
        app_say(w->app, false, "%s does nothing here   ? lists the keys of this place", key_label(key, name));
    }
}

void workbench_key(Workbench *w, Key key)
{
    act(w, key);
    if (views[w->view]->refresh) /* the document may be another one now, long before its table is there */
        views[w->view]->refresh(w);
}
