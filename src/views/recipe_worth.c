/* What the steps are worth, beside them: dots and whiskers around 0, the number with its interval, and the sentence that comes of it. */
#include <math.h>

#include "learn/figure.h"
#include "learn/price.h"
#include "views/frame.h"
#include "views/recipe.h"

enum { AXIS = 13, NUMBER = 18, WIDE = 90, DOT = 0x25cf, LEFT_BEYOND = 0x25c2, RIGHT_BEYOND = 0x25b8 };

double worth_scale(const Value *list, double margin)
{
    static const double MARGINS = 5; /* beyond them a figure is plain, and small ones would not be seen */
    static const char *const ends[] = {"worth", "low", "high"};
    double most = 0;
    for (size_t i = 0; i < value_items(list); i++)
        for (size_t k = 0; k < sizeof ends / sizeof *ends; k++) {
            double x = fabs(value_get_real(list->items[i], ends[k], (double)NAN));
            most = isfinite(x) ? fmax(most, x) : most;
        }
    most = margin > 0 ? fmin(most, MARGINS * margin) : most;
    return most > 0 ? most : 1;
}

Role worth_role(const Value *one)
{
    double low = value_get_real(one, "low", (double)NAN), high = value_get_real(one, "high", (double)NAN);
    return low > 0 ? ROLE_STATE_OK : high < 0 ? ROLE_STATE_ERROR : ROLE_UI_DIM;
}

static int place_of(double x, double scale, int width)
{
    int half = width / 2;
    double at = x / scale * half;
    return half + (int)lround(fmax(-half - 1, fmin(half + 1, at)));
}

void worth_paint_axis(Pen *pen, Rect axis, const Value *one, double scale)
{
    double worth = value_get_real(one, "worth", (double)NAN);
    double low = value_get_real(one, "low", worth), high = value_get_real(one, "high", worth);
    Role role = worth_role(one);
    pen_glyph(pen, axis.x + axis.width / 2, axis.y, ROLE_CHART_AXIS, 0x2502);
    if (!isfinite(worth))
        return;
    int from = place_of(isfinite(low) ? low : worth, scale, axis.width), to = place_of(isfinite(high) ? high : worth, scale, axis.width);
    for (int x = from < 0 ? 0 : from; x <= to && x < axis.width; x++)
        pen_glyph(pen, axis.x + x, axis.y, role, 0x2500);
    int at = place_of(worth, scale, axis.width);
    for (int x = axis.width / 2 + 1; x < axis.width && at >= axis.width; x++) /* it leads out of sight */
        pen_glyph(pen, axis.x + x, axis.y, role, 0x2500);
    for (int x = 0; x < axis.width / 2 && at < 0; x++)
        pen_glyph(pen, axis.x + x, axis.y, role, 0x2500);
    if (at < 0)
        pen_glyph(pen, axis.x, axis.y, role, LEFT_BEYOND);
    else if (at >= axis.width)
        pen_glyph(pen, axis.x + axis.width - 1, axis.y, role, RIGHT_BEYOND);
    else
        pen_glyph(pen, axis.x + at, axis.y, role, DOT);
}

void worth_add(const Value *one, int decimals, Text *out)
{
    figure_add_gain(out, value_get_real(one, "worth", (double)NAN), value_get_real(one, "low", (double)NAN),
                    value_get_real(one, "high", (double)NAN), decimals);
}

int recipe_price_width(const Workbench *w, int row)
{
    if (!app_answer(w->app, APP_PRICE))
        return 0;
    return row >= WIDE ? AXIS + 2 + NUMBER : NUMBER;
}

void recipe_paint_price_head(const Workbench *w, Pen *pen, Rect block)
{
    const Value *answer = app_answer(w->app, APP_PRICE);
    const Metric *m = metric_find(value_get_text(answer, "metric", ""));
    long long folds = (long long)value_get_int(answer, "folds", 0);
    char *head = !m                     ? mem_strdup("worth")
                 : block.width > NUMBER ? text_format("worth in %s%s, %lld folds", m->title, FIGURE_GAIN_HEAD, folds)
                                        : text_format("worth in %s%s", m->title, FIGURE_GAIN_HEAD);
    pen_text_right(pen, block.x, block.y, block.width, ROLE_UI_DIM, head);
    mem_free(head);
}

/* Steps are asked about in their order: the first without a price is the one in work. */
static bool is_in_work(const Workbench *w, size_t step)
{
    const Recipe *r = app_document(w->app)->pipeline->recipe;
    if (app_answer_state(w->app, APP_PRICE) != RUN_RUNNING || app_answer_is_stale(w->app, APP_PRICE) ||
        !value_get(app_answer(w->app, APP_PRICE), "metric"))
        return false;
    for (size_t i = 0; i < step; i++)
        if (!r->uses[i].off && !app_price_of(w->app, i))
            return false;
    return !r->uses[step].off && !app_price_of(w->app, step);
}

/* A verdict without a figure, in words. */
static char *words_of(const Value *one, bool wide)
{
    const char *by = value_get_text(one, "needed_by", NULL);
    return by && wide ? text_format("needed by %s", by) : mem_strdup(value_get_text(one, "verdict", ""));
}

void recipe_paint_price(const Workbench *w, Pen *pen, Rect block, size_t step)
{
    const Value *answer = app_answer(w->app, APP_PRICE), *one = app_price_of(w->app, step);
    bool wide = block.width > NUMBER, off = app_document(w->app)->pipeline->recipe->uses[step].off;
    if (!one) {
        bool in_work = is_in_work(w, step);
        pen_text_right(pen, block.x, block.y, block.width, in_work ? ROLE_STATE_RUNNING : ROLE_UI_DIM,
                       in_work ? "\u25cf pricing"
                       : off   ? "off"
                               : "\u00b7");
        return;
    }
    Role role = off || app_answer_is_stale(w->app, APP_PRICE) ? ROLE_STATE_STALE : worth_role(one);
    if (!isfinite(value_get_real(one, "worth", (double)NAN))) {
        char *words = words_of(one, wide);
        pen_text_right(pen, block.x, block.y, block.width, ROLE_UI_DIM, words);
        mem_free(words);
        return;
    }
    Text number = {0};
    if (off)
        text_add(&number, wide ? "off  " : "off");
    if (wide || !off)
        worth_add(one, figure_decimals(metric_find(value_get_text(answer, "metric", ""))), &number);
    if (wide && !off)
        worth_paint_axis(pen, (Rect){block.x, block.y, AXIS, 1}, one,
                         worth_scale(value_get(answer, "steps"), value_get_real(answer, "margin", 0)));
    pen_text_right(pen, block.x, block.y, block.width, role, text_get(&number));
    text_done(&number);
}

static void add_numbers(const Value *steps, Text *out)
{
    size_t count = 0, said = 0;
    for (size_t i = 0; i < value_items(steps); i++)
        count += price_buys_nothing(steps->items[i]);
    text_add(out, count == 1 ? "step" : "steps");
    for (size_t i = 0; i < value_items(steps); i++) {
        if (!price_buys_nothing(steps->items[i]))
            continue;
        text_addf(out, "%s %lld", said == 0 ? "" : said + 1 == count ? " and" : ",", (long long)value_get_int(steps->items[i], "n", 0));
        said++;
    }
    text_add(out, count == 1 ? " buys" : " buy");
}

static void say_verdict(const Value *answer, bool wide, Text *out)
{
    const Value *steps = value_get(answer, "steps"), *together = value_get(answer, "together");
    bool any = false;
    for (size_t i = 0; i < value_items(steps); i++)
        any = any || price_buys_nothing(steps->items[i]);
    if (!any) {
        text_add(out, "the folds say of no step that it buys nothing");
        return;
    }
    bool may_go = !together || price_buys_nothing(together);
    add_numbers(steps, out);
    text_add(out, may_go ? " nothing   S strikes" : " nothing alone   x switches one off");
    if (together && wide) {
        text_add(out, "   together ");
        if (isfinite(value_get_real(together, "worth", (double)NAN)))
            worth_add(together, figure_decimals(metric_find(value_get_text(answer, "metric", ""))), out);
        else
            text_add(out, value_get_text(together, "verdict", ""));
    }
}

static void say_progress(const Value *answer, bool wide, Text *out)
{
    long long done = (long long)value_get_int(answer, "done", 0), of = (long long)value_get_int(answer, "of", 0);
    const Metric *m = metric_find(value_get_text(answer, "metric", ""));
    char number[METRIC_TITLE_ROOM];
    text_addf(out, "\u25cf %lld of %lld cross-validations   s stops it", done, of);
    if (m && wide)
        text_addf(out, "   %s %s with all steps", m->title, metric_format(m, value_get_real(answer, "mean", (double)NAN), number));
}

/* What has come of it; returns its role. */
static Role say_line(const Workbench *w, int width, Text *out)
{
    enum { ROOM = 75 };
    const Value *answer = app_answer(w->app, APP_PRICE);
    RunState state = app_answer_state(w->app, APP_PRICE);
    if (state == RUN_RUNNING || state == RUN_PAUSED || state == RUN_FULL || state == RUN_QUEUED) {
        say_progress(answer, width >= ROOM, out);
        return ROLE_STATE_RUNNING;
    }
    if (state == RUN_FAILED || state == RUN_DIVERGED || state == RUN_LOST) {
        text_addf(out, "\u2717 pricing %s: %s", run_state_name(state),
                  value_get_text(app_run(w->app)->end, "message", "its worker was lost; 8 r resumes it"));
        return ROLE_STATE_ERROR;
    }
    if (state != RUN_STOPPED && app_answer_is_stale(w->app, APP_PRICE)) {
        text_add(out, "the recipe has changed since   p prices it again");
        return ROLE_STATE_WARN;
    }
    if (state == RUN_STOPPED)
        text_addf(out, "stopped after %lld of %lld cross-validations   p prices again", (long long)value_get_int(answer, "done", 0),
                  (long long)value_get_int(answer, "of", 0));
    else
        say_verdict(answer, width >= ROOM, out);
    return ROLE_UI;
}

int recipe_price_rows(const Workbench *w, int width)
{
    enum { MOST = 3 };
    Text text = {0};
    if (!app_answer(w->app, APP_PRICE))
        return 0;
    bool wraps = say_line(w, width, &text) == ROLE_STATE_ERROR && width > 0; /* why it failed is not cut */
    int rows = wraps ? 1 + ((int)utf8_width(text_get(&text)) - 1) / width : 1;
    text_done(&text);
    return rows > MOST ? MOST : rows;
}

void recipe_paint_price_line(const Workbench *w, Pen *pen, Rect rows)
{
    Text text = {0};
    Role role = say_line(w, rows.width, &text);
    frame_text(pen, rows, role, text_get(&text));
    text_done(&text);
}
