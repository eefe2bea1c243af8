/* How few features do: the cross-validated curve as a row for each number of features, and which they are. */
#include <math.h>

#include "learn/figure.h"
#include "views/frame.h"
#include "views/recipe.h"

enum { MARK = 2, KEEP = 5, SCORE = 10, NUMBER = 18, AXIS = 21, SIDE = 40, CHOSEN = 0x25c6 };

static const Value *answer_of(const Workbench *w)
{
    return app_answer(w->app, APP_SELECT);
}

static const Metric *metric_of(const Value *answer)
{
    return metric_find(value_get_text(answer, "metric", ""));
}

const Value *recipe_cursor_point(const Workbench *w)
{
    const Value *curve = value_get(answer_of(w), "curve");
    size_t at = recipe_points(w)->cursor;
    return at < value_items(curve) ? curve->items[at] : NULL;
}

static bool is_going_on(RunState state)
{
    return state == RUN_RUNNING || state == RUN_PAUSED || state == RUN_FULL || state == RUN_QUEUED;
}

static void paint_point(const void *self, Pen *pen, Rect row, size_t index, bool is_cursor)
{
    const Value *answer = self, *curve = value_get(answer, "curve"), *one = curve->items[index];
    const Metric *m = metric_of(answer);
    char number[METRIC_TITLE_ROOM];
    int64_t keep = value_get_int(one, "keep", 0);
    bool chosen = keep == value_get_int(answer, "keep", 0);
    int x = row.x;
    (void)is_cursor;
    if (chosen)
        pen_glyph(pen, x, row.y, ROLE_STATE_OK, CHOSEN);
    char *count = text_format("%lld", (long long)keep);
    pen_text_right(pen, x + MARK, row.y, KEEP, chosen ? ROLE_UI_STRONG : ROLE_DATA_NUMBER, count);
    mem_free(count);
    pen_text_right(pen, x + MARK + KEEP, row.y, SCORE, chosen ? ROLE_UI_STRONG : ROLE_DATA_NUMBER,
                   m ? metric_format(m, value_get_real(one, "mean", (double)NAN), number) : "\u00b7");
    Text text = {0};
    if (keep == value_get_int(answer, "of", 0))
        text_add(&text, "all");
    else
        worth_add(one, figure_decimals(metric_of(answer)), &text);
    int rest = row.width - MARK - KEEP - SCORE - NUMBER;
    if (rest >= AXIS + 2)
        worth_paint_axis(pen, (Rect){x + MARK + KEEP + SCORE + 2, row.y, AXIS, 1}, one,
                         worth_scale(curve, value_get_real(answer, "margin", 0)));
    int from = x + MARK + KEEP + SCORE + (rest >= AXIS + 2 ? AXIS + 2 : 0);
    pen_text_right(pen, from, row.y, NUMBER, worth_role(one), text_get(&text));
    text_done(&text);
}

static void paint_heads(Pen *pen, Rect row, const Value *answer)
{
    const Metric *m = metric_of(answer);
    bool wide = row.width - MARK - KEEP - SCORE - NUMBER >= AXIS + 2;
    int from = row.x + MARK + KEEP + SCORE + (wide ? AXIS + 2 : 0);
    pen_text_right(pen, row.x + MARK, row.y, KEEP, ROLE_UI_DIM, "keep");
    pen_text_right(pen, row.x + MARK + KEEP, row.y, SCORE, ROLE_UI_DIM, m ? m->title : "score");
    pen_text_right(pen, from, row.y, NUMBER, ROLE_UI_DIM, "against all" FIGURE_GAIN_HEAD);
}

static void say_answer(const Workbench *w, Text *out, Role *role)
{
    const Value *answer = answer_of(w);
    RunState state = app_answer_state(w->app, APP_SELECT);
    long long done = (long long)value_get_int(answer, "points_done", 0), points = (long long)value_get_int(answer, "points", 0);
    *role = ROLE_UI;
    if (is_going_on(state)) {
        text_addf(out, "\u25cf %lld of %lld points   s stops it", done, points);
        *role = ROLE_STATE_RUNNING;
    } else if (state == RUN_FAILED || state == RUN_DIVERGED || state == RUN_LOST) {
        text_addf(out, "\u2717 the curve %s: %s", run_state_name(state),
                  value_get_text(app_run(w->app)->end, "message", "its worker was lost; 8 r resumes it"));
        *role = ROLE_STATE_ERROR;
    } else if (state == RUN_STOPPED) {
        text_addf(out, "stopped after %lld of %lld points   c draws it again", done, points);
    } else if (app_answer_is_stale(w->app, APP_SELECT)) {
        text_add(out, "the recipe has changed since   c draws it again");
        *role = ROLE_STATE_WARN;
    } else if (value_get_int(answer, "keep", 0) == value_get_int(answer, "of", -1)) {
        text_addf(out, "the folds do not show that fewer are as good within %.*f   m keeps as many as under the cursor",
                  figure_decimals(metric_of(answer)), value_get_real(answer, "margin", 0));
    } else {
        text_addf(out, "%lld of %lld are as good as all within %.*f   m keeps them", (long long)value_get_int(answer, "keep", 0),
                  (long long)value_get_int(answer, "of", 0), figure_decimals(metric_of(answer)), value_get_real(answer, "margin", 0));
    }
}

static void paint_curve(const Workbench *w, Pen *pen, Rect pane, bool focused)
{
    const Value *answer = answer_of(w);
    long long folds = (long long)value_get_int(answer, "folds", 0);
    char *remark = answer ? text_format("by %s, %lld folds", value_get_text(answer, "by", ""), folds) : mem_strdup("");
    Rect in = frame_head(pen, pane, focused, "Features", remark);
    mem_free(remark);
    if (!answer) {
        static const char *const words[] = {"c draws it", NULL};
        frame_empty(pen, in, "No curve yet: how few features do as well as all.", words);
        return;
    }
    Text text = {0};
    Role role;
    say_answer(w, &text, &role);
    int lines = frame_text(pen, (Rect){in.x, in.y, in.width, in.height > 6 ? 2 : 1}, role, text_get(&text));
    text_done(&text);
    paint_heads(pen, (Rect){in.x, in.y + lines, in.width, 1}, answer);
    list_paint(pen, (Rect){in.x, in.y + lines + 1, in.width, in.height - lines - 1}, recipe_points(w),
               value_items(value_get(answer, "curve")), focused, paint_point, answer);
}

/* The best first; those beyond the number under the cursor would go. */
static void paint_names(const Workbench *w, Pen *pen, Rect pane)
{
    const Value *answer = answer_of(w), *features = value_get(answer, "features"), *point = recipe_cursor_point(w);
    if (!value_items(features))
        return;
    size_t keep = (size_t)value_get_int(point ? point : answer, "keep", 0);
    char *remark = text_format("%zu stay, %zu go", keep, features->size > keep ? features->size - keep : 0);
    Rect in = frame_head(pen, pane, false, "Ranking", remark);
    mem_free(remark);
    for (size_t i = 0; i < features->size && (int)i < in.height; i++) {
        bool last = (int)i + 1 == in.height && i + 1 < features->size;
        char *more = last ? text_format("and %zu more", features->size - i) : NULL;
        pen_format(pen, in.x, in.y + (int)i, ROLE_UI_DIM, "%3zu", i + 1);
        pen_text_fit(pen, in.x + 5, in.y + (int)i, in.width - 5, i < keep && !last ? ROLE_UI : ROLE_UI_DIM,
                     last ? more : value_get_text(features->items[i], "feature", ""));
        mem_free(more);
    }
}

void recipe_paint_features(const Workbench *w, Pen *pen, Rect pane)
{
    bool side = !workbench_is_narrow(w);
    int width = side ? pane.width - SIDE - 3 : pane.width;
    paint_curve(w, pen, (Rect){pane.x, pane.y, width, pane.height}, w->pane == RECIPE_FEATURES);
    if (side)
        paint_names(w, pen, (Rect){pane.x + width + 3, pane.y, SIDE, pane.height});
}

void recipe_say_features(const Workbench *w, Text *left)
{
    const Value *answer = answer_of(w), *one = recipe_cursor_point(w);
    const Metric *m = metric_of(answer);
    char number[METRIC_TITLE_ROOM];
    if (!answer) {
        text_add(left, "no curve of features yet; c draws it");
        return;
    }
    if (!one || !m) {
        text_add(left, "the first point is being trained");
        return;
    }
    long long keep = (long long)value_get_int(one, "keep", 0), of = (long long)value_get_int(answer, "of", 0);
    text_addf(left, "keep %lld   %s %s   ", keep, m->title, metric_format(m, value_get_real(one, "mean", (double)NAN), number));
    if (keep == of) {
        text_add(left, "all features");
        return;
    }
    worth_add(one, m->decimals, left);
    text_addf(left, " against all %lld", of);
}
