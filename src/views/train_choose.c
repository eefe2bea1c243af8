/* A list whose entries are switched on and off: figures of a chart, runs that lie over another. */
#include <string.h>

#include "app/run_card.h"
#include "tui/list.h"
#include "views/frame.h"
#include "views/train.h"

typedef struct Choice {
    const char *title, *remark;
    TextList names, keys; /* what is read, and what it stands for */
    bool *on;
    size_t most; /* that may be on at a time */
    ListState list;
    bool is_full; /* one more was wanted */
    void (*changed)(Workbench *w, const struct Choice *c);
} Choice;

static size_t count_on(const Choice *c)
{
    size_t n = 0;
    for (size_t i = 0; i < c->names.count; i++)
        n += c->on[i];
    return n;
}

static void paint_row(const void *self, Pen *pen, Rect row, size_t index, bool is_cursor)
{
    const Choice *c = self;
    (void)is_cursor;
    pen_text(pen, row.x, row.y, c->on[index] ? ROLE_STATE_OK : ROLE_UI_DIM, c->on[index] ? "[x]" : "[ ]");
    pen_text_fit(pen, row.x + 4, row.y, row.width - 4, c->on[index] ? ROLE_UI_STRONG : ROLE_UI, c->names.items[index]);
}

static Rect place_of(Rect body, const Choice *c)
{
    int rows = (int)c->names.count + 4, most = body.height - 2;
    return frame_center(body, body.width < 56 ? body.width : 56, rows < most ? rows : most);
}

static void paint(const Workbench *w, const void *state, Pen *pen, Rect body)
{
    const Choice *c = state;
    (void)w;
    char *remark = c->is_full ? text_format("%zu at most", c->most) : text_format("%zu of %zu", count_on(c), c->names.count);
    Rect in = frame_popup(pen, place_of(body, c), c->title, remark, "Space on, off   Esc close");
    mem_free(remark);
    if (!c->names.count)
        pen_text_fit(pen, in.x, in.y, in.width, ROLE_UI, c->remark);
    list_paint(pen, in, &c->list, c->names.count, true, paint_row, c);
}

static PopupAnswer key(Workbench *w, void *state, Key k)
{
    Choice *c = state;
    int rows = place_of(w->body, c).height - 3;
    c->is_full = false;
    if (k.code == KEYS_ESCAPE || key_is(k, 'q') || (k.code == KEYS_CONTROL && k.glyph == 'c'))
        return POPUP_CLOSE;
    if (list_key(&c->list, k, c->names.count, rows > 1 ? rows : 1) || !c->names.count)
        return POPUP_STAY;
    if (!key_is(k, ' ') && k.code != KEYS_ENTER)
        return POPUP_STAY;
    bool *on = &c->on[c->list.cursor];
    c->is_full = !*on && count_on(c) >= c->most;
    if (!c->is_full) {
        *on = !*on;
        c->changed(w, c);
    }
    return POPUP_STAY;
}

static void done(void *state)
{
    Choice *c = state;
    text_list_done(&c->names);
    text_list_done(&c->keys);
    mem_free(c->on);
    mem_free(c);
}

static void push(Workbench *w, Choice *c)
{
    workbench_push(w, &(Popup){.state = c, .paint = paint, .key = key, .done = done});
}

static void series_changed(Workbench *w, const Choice *c)
{
    TextList *shown = &train_state(w)->shown[w->pane];
    text_list_done(shown);
    *shown = (TextList){0};
    for (size_t i = 0; i < c->keys.count; i++)
        if (c->on[i])
            text_list_add(shown, c->keys.items[i]);
}

static void add_series(Choice *c, const Curve *curve, const TextList *shown)
{
    char room[METRIC_TITLE_ROOM], value[METRIC_TITLE_ROOM];
    c->on = mem_alloc(curve->figures_count + 1);
    for (size_t i = 0; i < curve->figures_count; i++) {
        const CurveFigure *f = &curve->figures[i];
        const char *name = f->series->name;
        char *line = text_format("%-28s %s", f->metric ? metric_series_title(name, room) : name, train_figure_text(name, f->now, value));
        c->on[i] = text_list_has(shown, name);
        text_list_add(&c->keys, name);
        text_list_add(&c->names, line);
        mem_free(line);
    }
}

void train_choose_series(Workbench *w)
{
    static const char *const titles[TRAIN_PANES] = {"Figures of the first chart", "Figures of the second chart",
                                                    "Figures of the third chart"};
    Curve curve;
    TextList shown = {0};
    if (!train_curve(w, &curve))
        return;
    Choice *c = MEM_NEW(Choice);
    c->title = titles[w->pane];
    c->remark = "The run has recorded no figure yet.";
    c->most = TRAIN_SERIES;
    c->changed = series_changed;
    train_shown(w, &curve, w->pane, &shown);
    add_series(c, &curve, &shown);
    text_list_done(&shown);
    curve_done(&curve);
    push(w, c);
}

/* A run that is switched off gives its place, and so its color, to the next one; the others keep theirs. */
static void overlays_changed(Workbench *w, const Choice *c)
{
    Tail **places = train_state(w)->overlays;
    size_t at = c->list.cursor;
    const char *path = c->keys.items[at];
    for (size_t i = 0; i < TRAIN_OVERLAYS; i++) {
        bool is_it = places[i] && text_equal(places[i]->path, path);
        if (is_it == c->on[at] || (!is_it && places[i]))
            continue;
        Error ignored = {0};
        tail_free(places[i]);
        places[i] = c->on[at] ? tail_open(path, &ignored) : NULL;
        if (places[i])
            tail_poll(places[i], true, &ignored);
        return;
    }
}

static bool is_overlaid(const Workbench *w, const char *path)
{
    for (size_t i = 0; i < TRAIN_OVERLAYS; i++)
        if (train_state(w)->overlays[i] && text_equal(train_state(w)->overlays[i]->path, path))
            return true;
    return false;
}

void train_choose_overlays(Workbench *w)
{
    const Value *runs = app_run_cards(w->app);
    const Tail *watched = app_run(w->app);
    Choice *c = MEM_NEW(Choice);
    c->title = "Runs laid over this one";
    c->remark = "There is no other run.";
    c->most = TRAIN_OVERLAYS;
    c->changed = overlays_changed;
    c->on = mem_alloc(runs->size + 1);
    for (size_t i = 0; i < runs->size; i++) {
        const char *path = value_get_text(runs->items[i], "path", "");
        if (!*path || (watched && text_starts(watched->path, path)))
            continue;
        char *line = text_format("%-20s %s", run_card_title(path), value_get_text(runs->items[i], "state", ""));
        c->on[c->names.count] = is_overlaid(w, path);
        text_list_add(&c->keys, path);
        text_list_add(&c->names, line);
        mem_free(line);
    }
    push(w, c);
}
