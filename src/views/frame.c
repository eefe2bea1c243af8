/* Title, tabs, status and hints, as the layout grammar wants them. */
#include "views/frame.h"

#include <string.h>

#include "base/number.h"
#include "views/commands.h"

Rect frame_body(int width, int height)
{
    int top = height >= 30 ? 2 : 1, bottom = height >= 10 ? 2 : 1;
    int rows = height - top - bottom;
    return (Rect){1, top, width > 2 ? width - 2 : width, rows > 0 ? rows : 0};
}

static const char *run_figures(const Tail *run, Text *out)
{
    const Tail *t = tail_main(run);
    int64_t epochs = t->start ? value_get_int(t->start, "epochs", 0) : 0;
    int64_t epoch = t->last_epoch ? value_get_int(t->last_epoch, "epoch", 0) : 0;
    Role role;
    char glyph[5] = {0};
    utf8_encode(frame_state_glyph(run->state, &role), glyph);
    text_addf(out, "%s %s", glyph, run->name ? run->name : "run");
    if (epochs)
        text_addf(out, " %lld/%lld", (long long)epoch, (long long)epochs);
    return text_get(out);
}

/* Of a question about the recipe how far its answer is says more than the epochs of one of its folds. */
static bool add_question(const App *a, Text *out)
{
    const Value *price = app_answer(a, APP_PRICE), *curve = app_answer(a, APP_SELECT), *bench = app_answer(a, APP_REGULARIZE);
    if (app_answer_state(a, APP_PRICE) == RUN_RUNNING)
        text_addf(out, "\u25cf pricing %lld/%lld", (long long)value_get_int(price, "done", 0), (long long)value_get_int(price, "of", 0));
    else if (app_answer_state(a, APP_SELECT) == RUN_RUNNING)
        text_addf(out, "\u25cf curve %lld/%lld", (long long)value_get_int(curve, "points_done", 0),
                  (long long)value_get_int(curve, "points", 0));
    else if (app_answer_state(a, APP_REGULARIZE) == RUN_RUNNING)
        text_addf(out, "\u25cf bench %lld/%lld", (long long)value_get_int(bench, "done", 0), (long long)value_get_int(bench, "of", 0));
    return out->size > 0;
}

static int paint_job(const Workbench *w, Pen *pen, int width)
{
    Text out = {0};
    const char *doing;
    double share;
    Role role = ROLE_STATE_RUNNING;
    if (app_progress(w->app, &doing, &share)) {
        text_addf(&out, "\u25cf %s", doing);
        if (share >= 0)
            text_addf(&out, " %d %%", (int)(share * 100));
    } else if (app_run(w->app) && !add_question(w->app, &out)) {
        frame_state_glyph(app_run(w->app)->state, &role);
        run_figures(app_run(w->app), &out);
    }
    int used = (int)utf8_width(text_get(&out));
    if (used)
        pen_text(pen, width - 1 - used, 0, role, text_get(&out));
    text_done(&out);
    return used;
}

/* The positive class as named, or the rarer of two. */
static const ProfileTop *positive_level(const ColumnProfile *c, const char *positive)
{
    const ProfileTop *rarest = NULL;
    for (size_t i = 0; i < c->top_count; i++) {
        if (positive && text_equal(c->top[i].value, positive))
            return &c->top[i];
        if (!rarest || c->top[i].count < rarest->count)
            rarest = &c->top[i];
    }
    return !positive && c->top_count == 2 && c->distinct == 2 ? rarest : NULL;
}

/* "churn 26.5 % Yes": what is predicted, and how often it is so. */
static void add_target(const Workbench *w, Text *out)
{
    const Document *d = app_document(w->app);
    const Profile *p = app_profile(w->app);
    if (!d || !d->pipeline || !d->pipeline->target)
        return;
    text_addf(out, "   %s", d->pipeline->target);
    for (size_t i = 0; p && i < p->columns_count; i++) {
        const ColumnProfile *c = &p->columns[i];
        const ProfileTop *level = c->is_target && c->count ? positive_level(c, d->pipeline->positive) : NULL;
        if (level)
            text_addf(out, " %.1f %% %s", 100 * profile_share(c, level->count), level->value);
    }
    const AppReady *r = app_ready(w->app);
    if (r && !*r->problem && !r->is_part)
        text_addf(out, "   train %zu  valid %zu  test %zu", r->rows[PART_TRAIN], r->rows[PART_VALID], r->rows[PART_TEST]);
}

static void paint_title(const Workbench *w, Pen *pen, int width)
{
    const Table *t = app_table(w->app);
    char rows[NUMBER_ROOM];
    Text facts = {0};
    int job = paint_job(w, pen, width), x = 1;
    pen->clip.width = width - job - 3;
    x += pen_text(pen, x, 0, ROLE_UI, "limbeck") + 3;
    if (app_file(w->app)) {
        const char *slash = strrchr(app_file(w->app), '/');
        x += pen_text(pen, x, 0, ROLE_UI_STRONG, slash ? slash + 1 : app_file(w->app)) + 3;
    } else if (!app_run(w->app)) {
        text_add(&facts, "no table open");
    }
    if (t)
        text_addf(&facts, "%s%s \u00d7 %zu", number_format_count((int64_t)t->rows, rows), app_table_is_head(w->app) ? " first rows" : "",
                  t->columns_count);
    add_target(w, &facts);
    pen_text(pen, x, 0, ROLE_UI_DIM, text_get(&facts));
    pen->clip.width = width;
    text_done(&facts);
}

static ViewId tab_of(const Workbench *w)
{
    return w->view == VIEW_REPORT ? VIEW_TRAIN : w->view;
}

static void paint_tabs(const Workbench *w, Pen *pen, int y)
{
    int x = 1;
    for (int v = VIEW_DATA; v <= VIEW_SCRIPT; v++) {
        const char *name = view_get((ViewId)v)->name;
        if ((ViewId)v == tab_of(w)) {
            x += pen_format(pen, x, y, ROLE_UI_MODE, " %d %s ", v, name) + 1;
        } else {
            x += pen_format(pen, x, y, ROLE_UI_KEY, " %d ", v);
            x += pen_text(pen, x, y, ROLE_UI_HINT, name) + 2;
        }
    }
}

/* Below 30 rows: digits, and the name of the active one. */
static void paint_compact(const Workbench *w, Pen *pen, int width)
{
    int job = paint_job(w, pen, width), x = 1;
    pen->clip.width = width - job - 2;
    for (int v = VIEW_DATA; v <= VIEW_SCRIPT; v++) {
        if ((ViewId)v == tab_of(w))
            x += pen_format(pen, x, 0, ROLE_UI_MODE, " %d %s ", v, view_get((ViewId)v)->name) + 1;
        else
            x += pen_format(pen, x, 0, ROLE_UI_KEY, "%d", v) + 1;
    }
    const char *file = app_file(w->app), *slash = file ? strrchr(file, '/') : NULL;
    if (file)
        pen_text(pen, x + 1, 0, ROLE_UI_STRONG, slash ? slash + 1 : file);
    pen->clip.width = width;
}

/* What does not fit ends behind a whole word, where one ends in the second half of the room. */
static void paint_words(Pen *pen, int y, int room, Role role, const char *text)
{
    size_t fits = room > 2 ? utf8_fit(text, (size_t)room - 2) : 0, end = fits;
    while (end > fits / 2 && text[end] != ' ')
        end--;
    while (end > fits / 2 && text[end - 1] == ' ')
        end--;
    bool is_whole = room > 0 && utf8_width(text) <= (size_t)room;
    char *words = is_whole || end <= fits / 2 ? mem_strdup(text) : text_format("%.*s \u2026", (int)end, text);
    pen_text_fit(pen, 1, y, room, role, words);
    mem_free(words);
}

static void paint_status(const Workbench *w, Pen *pen, Rect row)
{
    Text left = {0}, right = {0};
    bool is_error = false;
    const char *message = app_status(w->app, &is_error);
    const View *view = view_get(w->view);
    pen_fill(pen, row, ROLE_UI_STATUS, ' ');
    if (view->status)
        view->status(w, &left, &right);
    int used = (int)utf8_width(text_get(&right));
    Pen inner = pen_on(pen->cells, row);
    if (*message) {
        used = 0;
        paint_words(&inner, row.y, row.width - 2, is_error ? ROLE_STATE_ERROR : ROLE_UI_STATUS, message);
    } else {
        paint_words(&inner, row.y, row.width - used - 4, ROLE_UI_STATUS, text_get(&left));
    }
    if (used && used < row.width - 2)
        pen_text(&inner, row.width - 1 - used, row.y, ROLE_UI_STATUS, text_get(&right));
    pen_ground(&inner, row, GROUND_STATUS);
    text_done(&left);
    text_done(&right);
}

typedef struct Hint {
    const Command *command;
    int width;
} Hint;

static int hint_width(const Command *c)
{
    char key[16];
    return (int)(utf8_width(frame_key(c->key, key)) + 1 + utf8_width(c->word));
}

/* In the order of their places; commands of the view before those of all views with the same place. */
static size_t collect_hints(const Workbench *w, Hint *hints, size_t room)
{
    size_t count = 0;
    for (size_t i = 0; command_at(i) && count < room; i++) {
        const Command *c = command_at(i);
        if (!c->hint || !c->key || !c->word || !(c->views >> w->view & 1))
            continue;
        size_t k = count++;
        while (k > 0 && hints[k - 1].command->hint > c->hint) {
            hints[k] = hints[k - 1];
            k--;
        }
        hints[k] = (Hint){c, hint_width(c)};
    }
    return count;
}

/* Keys that cannot act now are dim and keep their places. What does not fit is dropped from the end, but the last one always stays. */
static void paint_hints(const Workbench *w, Pen *pen, int y, int width)
{
    Hint hints[40];
    size_t count = collect_hints(w, hints, 40);
    if (!count)
        return;
    int last = hints[count - 1].width, x = 1;
    for (size_t i = 0; i < count; i++) {
        bool is_last = i + 1 == count;
        if (!is_last && x + hints[i].width + 3 + last > width - 1)
            continue;
        const Command *c = hints[i].command;
        char key[16];
        Text why = {0};
        bool can = command_can_run(w, c, &why);
        x += pen_text(pen, x, y, can ? ROLE_UI_KEY : ROLE_UI_DIM, frame_key(c->key, key)) + 1;
        x += pen_text(pen, x, y, can ? ROLE_UI_HINT : ROLE_UI_DIM, c->word) + 3;
        text_done(&why);
    }
}

Rect frame_paint(const Workbench *w, Pen *pen)
{
    int width = pen->cells->width, height = pen->cells->height;
    Rect body = frame_body(width, height);
    if (height >= 30) {
        paint_title(w, pen, width);
        paint_tabs(w, pen, 1);
    } else {
        paint_compact(w, pen, width);
    }
    int status = body.y + body.height;
    paint_status(w, pen, (Rect){0, status, width, 1});
    if (status + 1 < height)
        paint_hints(w, pen, status + 1, width);
    return body;
}
