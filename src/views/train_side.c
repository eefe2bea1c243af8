/* The side pane of Train: progress, metrics now and best, the early-stop gauge, alarms, events. */
#include <math.h>
#include <string.h>

#include "base/number.h"
#include "learn/rows.h"
#include "tui/plot.h"
#include "views/frame.h"
#include "views/train.h"

/* Name and value, when the value is known; returns its rows. */
static int fact(Pen *pen, Rect row, const char *name, double value, const char *unit)
{
    char room[METRIC_TITLE_ROOM];
    if (!isfinite(value) || row.height <= 0)
        return 0;
    char *text = text_format("%s%s%s", train_figure_text(unit, value, room), text_equal(unit, "rate") ? " rows/s" : "",
                             text_equal(unit, "cpu") ? " cores" : "");
    frame_fact(pen, row.x, row.y, row.width, name, text, ROLE_DATA_NUMBER);
    mem_free(text);
    return 1;
}

static int paint_facts(const Curve *f, Pen *pen, Rect in)
{
    const struct {
        const char *name, *unit;
        double value;
    } facts[] = {{"speed", "rate", f->rate},
                 {"one epoch, seconds", "seconds", f->epoch_seconds},
                 {"gradient norm", "gradient_norm", f->gradient_norm},
                 {"memory", "memory", f->memory},
                 {"processor", "cpu", f->cpu}};
    char a[NUMBER_ROOM], b[NUMBER_ROOM];
    int y = in.y;
    bool is_planned = f->steps > 0; /* logs of older builds do not tell */
    char *step = text_format("%s%s%s", number_format_count(f->step, a), is_planned ? " of " : "",
                             is_planned ? number_format_count(f->steps, b) : "");
    frame_fact(pen, in.x, y++, in.width, "step", step, ROLE_DATA_NUMBER);
    mem_free(step);
    for (size_t i = 0; i < sizeof facts / sizeof *facts; i++)
        y += fact(pen, (Rect){in.x, y, in.width, 1}, facts[i].name, facts[i].value, facts[i].unit);
    const Value *counts = value_get(f->run->start, "row_counts");
    if (!counts)
        return y;
    Text used = {0};
    rows_report_brief(counts, &used);
    frame_fact(pen, in.x, y++, in.width, "rows used", text_get(&used), ROLE_DATA_NUMBER);
    text_done(&used);
    return y;
}

static int paint_progress(const Curve *f, Pen *pen, Rect area)
{
    char a[NUMBER_ROOM];
    char *gone = text_format("%s gone", number_format_time(f->seconds, a));
    Rect in = frame_head(pen, area, false, "Run", f->seconds > 0 ? gone : "");
    mem_free(gone);
    plot_progress(pen, in.x, in.y, in.width, f->share, ROLE_STATE_RUNNING, ROLE_UI_BORDER);
    pen_format(pen, in.x, in.y + 1, ROLE_UI_STRONG, "%d %%", (int)(100 * f->share));
    if (f->epoch_share > 0 && !f->run->end)
        pen_format(pen, in.x + 6, in.y + 1, ROLE_UI_DIM, "epoch %lld, %d %%", (long long)f->epoch + 1, (int)(100 * f->epoch_share));
    char *left = f->run->end    ? mem_strdup(run_state_name(f->run->state))
                 : f->left >= 0 ? text_format("%s left", number_format_time(f->left, a))
                                : NULL;
    if (left)
        pen_text_right(pen, in.x, in.y + 1, in.width, ROLE_UI_DIM, left);
    mem_free(left);
    return paint_facts(f, pen, (Rect){in.x, in.y + 3, in.width, in.height - 3}) + 1;
}

/* Cells that the number of any epoch of the run needs: columns that hold one keep their place while it goes on. */
static int epoch_width(const Curve *f)
{
    int width = 2;
    for (int64_t most = f->epochs > f->epoch ? f->epochs : f->epoch; most > 99; most /= 10)
        width++;
    return width;
}

typedef struct SidePane {
    const Workbench *w;
    const Curve *curve;
} SidePane;

/* One line of the pane; false: the run did not record it. */
static bool paint_metric(const SidePane *side, Pen *pen, Rect row, const char *name)
{
    char now[METRIC_TITLE_ROOM], best[METRIC_TITLE_ROOM], title[METRIC_TITLE_ROOM];
    const Curve *f = side->curve;
    const CurveFigure *figure_of = curve_figure(f, name);
    size_t at;
    if (!figure_of)
        return false;
    const Metric *m = figure_of->metric;
    const TailSeries *s = figure_of->series;
    int64_t epoch = figure_of->best_epoch;
    double top = figure_of->best, last = train_cross_index(side->w, s, &at) ? s->y[at] : figure_of->now;
    bool watched = text_equal(name, f->watched);
    int tail = epoch_width(f) + 1;
    const char *figure = isfinite(last) ? metric_format(m, last, now) : "\u00b7";
    pen_text_fit(pen, row.x, row.y, row.width - 8 - tail - (int)utf8_width(figure) - 1, watched ? ROLE_UI : ROLE_UI_DIM,
                 metric_series_title(name, title));
    pen_text_right(pen, row.x, row.y, row.width - 8 - tail, ROLE_DATA_NUMBER, figure);
    pen_text_right(pen, row.x, row.y, row.width - tail, watched ? ROLE_UI_STRONG : ROLE_DATA_NUMBER,
                   isfinite(top) ? metric_format(m, top, best) : "\u00b7");
    if (epoch > 0)
        pen_format(pen, row.x + row.width - tail + 1, row.y, ROLE_UI_DIM, "%*lld", tail - 1, (long long)epoch);
    return true;
}

/* The validation part's metrics in the order of the registry, then the loss that training makes small. */
static int paint_metrics(const SidePane *side, Pen *pen, Rect area)
{
    const Curve *f = side->curve;
    char *at = train_state(side->w)->is_crossed ? text_format("at %.0f", train_state(side->w)->cross) : mem_strdup("now");
    char *remark = text_format("%s     best%*s", at, epoch_width(f) + 1, "");
    mem_free(at);
    Rect in = frame_head(pen, area, false, "Metrics", remark);
    mem_free(remark);
    int y = in.y, end = in.y + in.height;
    bool is_listed = text_equal(f->watched, SERIES_TRAIN_LOSS);
    for (size_t i = 0; i < metric_count() && y < end; i++) {
        char *name = text_format("valid.%s", metric_at(i)->spec.name);
        bool shown = !metric_at(i)->is_minor || text_equal(name, SERIES_VALID_LOSS) || text_equal(name, f->watched);
        y += shown && paint_metric(side, pen, (Rect){in.x, y, in.width, 1}, name);
        is_listed = is_listed || text_equal(name, f->watched);
        mem_free(name);
    }
    if (y < end && !is_listed) /* named with settings, or of a module that is not here */
        y += paint_metric(side, pen, (Rect){in.x, y, in.width, 1}, f->watched);
    if (y < end)
        y += paint_metric(side, pen, (Rect){in.x, y, in.width, 1}, SERIES_TRAIN_LOSS);
    static const char *const mixed[] = {"valid." LOSS_NAME_HARD, "valid." LOSS_NAME_SOFT, "train." LOSS_NAME_HARD, "train." LOSS_NAME_SOFT};
    for (size_t i = 0; i < sizeof mixed / sizeof *mixed && y < end; i++)
        y += paint_metric(side, pen, (Rect){in.x, y, in.width, 1}, mixed[i]);
    return y + 1;
}

static int paint_early_stop(const Curve *f, Pen *pen, Rect area)
{
    if (!f->patience || area.height < 3)
        return area.y;
    char room[METRIC_TITLE_ROOM];
    const char *title = metric_series_title(f->watched, room);
    char *remark = text_format("%s, patience %lld", text_starts(title, "valid ") ? title + 6 : title, (long long)f->patience);
    Rect in = frame_head(pen, area, false, "Early stop", remark);
    mem_free(remark);
    int64_t waited = f->waited > f->patience ? f->patience : f->waited;
    char *gauge = text_format("%lld of %lld", (long long)waited, (long long)f->patience);
    int count = 2 * epoch_width(f) + 5, most = (int)strlen(gauge) + 1; /* the bar keeps its length while the count grows */
    int bar = in.width - (count > most ? count : most);
    plot_progress(pen, in.x, in.y, bar, (double)waited / (double)f->patience, ROLE_STATE_WARN, ROLE_UI_BORDER);
    pen_text_right(pen, in.x, in.y, in.width, waited * 4 >= f->patience * 3 ? ROLE_STATE_WARN : ROLE_UI_DIM, gauge);
    mem_free(gauge);
    return in.y + 2;
}

/* The one key that acts, as the alarm says what can be done; NULL: nothing while it runs. */
static const char *key_of_alarm(const Curve *f, const TailNote *n)
{
    static const char *const acts[][2] = {
        {"learning_rate", "e changes the rate"}, {"stop", "s stops and keeps the best"}, {"look", "2 shows the columns"}};
    const char *act = value_get_text(n->fields, "act", "");
    for (size_t i = 0; i < sizeof acts / sizeof *acts; i++)
        if (text_equal(act, acts[i][0]) && (!f->run->end || i == 2))
            return acts[i][1];
    return NULL;
}

static bool is_alarm(const TailNote *n)
{
    return text_equal(n->event, "alarm");
}

/* Runs of before have no event of it. */
static bool tells_gap(const Curve *f)
{
    for (size_t i = 0; i < f->run->notes_count; i++)
        if (is_alarm(&f->run->notes[i]) && text_equal(value_get_text(f->run->notes[i].fields, "kind", ""), "gap"))
            return true;
    return false;
}

bool train_alarm_brief(const Curve *f, Text *out)
{
    for (size_t i = f->run->notes_count; i-- > 0;) {
        const TailNote *n = &f->run->notes[i];
        const char *kind = is_alarm(n) ? value_get_text(n->fields, "kind", "") : "", *key = *kind ? key_of_alarm(f, n) : NULL;
        if (!key)
            continue;
        text_addf(out, "\u25b2 %s   %s", kind, key);
        return true;
    }
    return false;
}

static int paint_alarm(const Curve *f, Pen *pen, Rect area, const TailNote *n)
{
    const char *key = key_of_alarm(f, n);
    if (area.height <= 0)
        return 0;
    pen_glyph(pen, area.x, area.y, ROLE_STATE_WARN, 0x25b2);
    int rows = frame_text(pen, (Rect){area.x + 2, area.y, area.width - 2, area.height}, ROLE_STATE_WARN, n->text);
    if (!key || rows >= area.height)
        return rows;
    pen_glyph(pen, area.x + 2, area.y + rows, ROLE_UI_KEY, (uint32_t)key[0]);
    pen_text_fit(pen, area.x + 4, area.y + rows, area.width - 4, ROLE_UI_DIM, key + 2);
    return rows + 1;
}

static int paint_alarms(const Curve *f, Pen *pen, Rect area)
{
    bool is_old = f->overfits && !tells_gap(f);
    int y = area.y + 1, count = is_old ? 1 : 0;
    for (size_t i = 0; i < f->run->notes_count; i++)
        count += is_alarm(&f->run->notes[i]);
    if (!count || area.height < 3)
        return area.y;
    char number[NUMBER_ROOM];
    Rect in = frame_head(pen, area, false, "Alarms", number_format_count(count, number));
    if (is_old) {
        pen_glyph(pen, in.x, y, ROLE_STATE_WARN, 0x25b2);
        pen_format(pen, in.x + 2, y++, ROLE_STATE_WARN, "valid loss rising since %lld", (long long)f->lowest_epoch);
        pen_text_fit(pen, in.x + 2, y++, in.width - 2, ROLE_UI, "train still falls: overfitting");
    }
    for (size_t i = f->run->notes_count; i-- > 0 && y < in.y + in.height;) /* the newest first */
        if (is_alarm(&f->run->notes[i]))
            y += paint_alarm(f, pen, (Rect){in.x, y, in.width, in.y + in.height - y}, &f->run->notes[i]);
    return y + 1;
}

/* A line of the list, the epoch before it; returns its rows. */
static int paint_event(const Curve *f, Pen *pen, Rect area, int64_t epoch, Role role, const char *words)
{
    int indent = epoch_width(f) + 3;
    if (area.height <= 0)
        return 0;
    pen_format(pen, area.x, area.y, ROLE_DATA_NUMBER, "%*lld", indent - 2, (long long)epoch);
    return frame_text(pen, (Rect){area.x + indent, area.y, area.width - indent, area.height}, role, words);
}

/* Weights that a penalty made exactly 0: what the model can do without. */
static int paint_zeros(const Curve *f, Pen *pen, Rect area)
{
    int64_t zeros = value_get_int(f->run->end, "zeros", 0), weights = value_get_int(f->run->end, "weights", 0);
    if (!zeros)
        return 0;
    char *words = text_format("%lld of %lld weights are 0", (long long)zeros, (long long)weights);
    int rows = paint_event(f, pen, area, f->epoch, ROLE_UI, words);
    mem_free(words);
    return rows;
}

/* Why it ended, what was best, then the newest notes that fit; a cut list says how many are left out. */
static void paint_events(const Curve *f, Pen *pen, Rect area)
{
    if (area.height < 2)
        return;
    Rect in = frame_head(pen, area, false, "Events", "");
    int y = in.y, end = in.y + in.height;
    const char *why = value_get_text(f->run->end, "why", value_get_text(f->run->end, "message", ""));
    if (*why)
        y += paint_event(f, pen, (Rect){in.x, y, in.width, end - y}, f->epoch, f->run->state == RUN_DONE ? ROLE_UI : ROLE_STATE_WARN, why);
    y += paint_zeros(f, pen, (Rect){in.x, y, in.width, end - y});
    if (f->best_epoch) {
        char title[METRIC_TITLE_ROOM], *best = text_format("best %s", metric_series_title(f->watched, title));
        y += paint_event(f, pen, (Rect){in.x, y, in.width, end - y}, f->best_epoch, ROLE_STATE_OK, best);
        mem_free(best);
    }
    size_t left_out = 0;
    for (size_t i = f->marks_count; i-- > 0;) {
        const CurveMark *m = &f->marks[i];
        if (!m->note || m->kind == CURVE_ALARM)
            continue;
        Role role;
        uint32_t glyph = train_mark_glyph(m->kind, &role);
        left_out += y >= end;
        char *line = tail_note_line(m->note);
        if (glyph && y < end)
            pen_glyph(pen, in.x, y, role, glyph);
        y += paint_event(f, pen, (Rect){in.x, y, in.width, end - y}, (int64_t)ceil(m->epoch), ROLE_UI_DIM, line);
        mem_free(line);
    }
    if (left_out) {
        char *more = text_format(" %zu more", left_out);
        frame_head(pen, area, false, "Events", more);
        mem_free(more);
    }
}

void train_paint_side(const Workbench *w, const Curve *f, Pen *pen, Rect side)
{
    Pen inner = pen_on(pen->cells, side);
    int end = side.y + side.height, y = paint_progress(f, &inner, side);
    y = paint_metrics(&(SidePane){w, f}, &inner, (Rect){side.x, y, side.width, end - y});
    y = paint_early_stop(f, &inner, (Rect){side.x, y, side.width, end - y});
    y = paint_alarms(f, &inner, (Rect){side.x, y, side.width, end - y});
    paint_events(f, &inner, (Rect){side.x, y, side.width, end - y});
}
