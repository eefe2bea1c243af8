/* The side pane of Train: progress, metrics now and best, the early-stop gauge, alarms, events. */
#include <math.h>
#include <string.h>

#include "base/number.h"
#include "learn/rows.h"
#include "tui/plot.h"
#include "views/frame.h"
#include "views/train.h"

static const char *fixed(double x, int decimals, char out[NUMBER_ROOM])
{
    return isfinite(x) ? number_format_fixed(x, decimals, out) : "\u00b7";
}

static int paint_progress(const Curve *f, Pen *pen, Rect area)
{
    char a[NUMBER_ROOM], b[NUMBER_ROOM];
    char *gone = text_format("%s gone", number_format_time(f->seconds, a));
    Rect in = frame_head(pen, area, false, "Run", f->seconds > 0 ? gone : "");
    mem_free(gone);
    plot_progress(pen, in.x, in.y, in.width, f->share, ROLE_STATE_RUNNING, ROLE_UI_BORDER);
    pen_format(pen, in.x, in.y + 1, ROLE_UI_STRONG, "%d %%", (int)(100 * f->share));
    char *left = f->run->end    ? mem_strdup(run_state_name(f->run->state))
                 : f->left >= 0 ? text_format("%s left", number_format_time(f->left, a))
                                : NULL;
    if (left)
        pen_text_right(pen, in.x, in.y + 1, in.width, ROLE_UI_DIM, left);
    mem_free(left);
    char *step = text_format("%s of %s", number_format_count(f->step, a), number_format_count(f->steps, b));
    frame_fact(pen, in.x, in.y + 3, in.width, "step", step, ROLE_DATA_NUMBER);
    mem_free(step);
    if (isfinite(f->rate)) {
        char *rate = text_format("%s rows/s", number_format_large(f->rate, a));
        frame_fact(pen, in.x, in.y + 4, in.width, "speed", rate, ROLE_DATA_NUMBER);
        mem_free(rate);
    }
    double norm = value_get_real(f->run->last_epoch, "grad_norm", (double)NAN);
    frame_fact(pen, in.x, in.y + 5, in.width, "gradient norm", fixed(norm, 3, a), ROLE_DATA_NUMBER);
    const Value *counts = value_get(f->run->start, "row_counts");
    if (!counts)
        return in.y + 7;
    Text used = {0};
    rows_report_brief(counts, &used);
    frame_fact(pen, in.x, in.y + 6, in.width, "rows used", text_get(&used), ROLE_DATA_NUMBER);
    text_done(&used);
    return in.y + 8;
}

/* Cells that the number of any epoch of the run needs: columns that hold one keep their place while it goes on. */
static int epoch_width(const Curve *f)
{
    int width = 2;
    for (int64_t most = f->epochs > f->epoch ? f->epochs : f->epoch; most > 99; most /= 10)
        width++;
    return width;
}

/* One line of the pane; false: the run did not record it. */
static bool paint_metric(const Curve *f, Pen *pen, Rect row, const char *name)
{
    char now[METRIC_TITLE_ROOM], best[METRIC_TITLE_ROOM], title[METRIC_TITLE_ROOM];
    const TailSeries *s = tail_series(f->run, name);
    const Metric *m = metric_of_series(name);
    int64_t epoch = 0;
    if (!s)
        return false;
    double top = curve_best_of(f->run, name, &epoch), last = curve_last(s);
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
static int paint_metrics(const Curve *f, Pen *pen, Rect area)
{
    char *remark = text_format("now     best%*s", epoch_width(f) + 1, "");
    Rect in = frame_head(pen, area, false, "Metrics", remark);
    mem_free(remark);
    int y = in.y, end = in.y + in.height;
    bool is_listed = text_equal(f->watched, SERIES_TRAIN_LOSS);
    for (size_t i = 0; i < metric_count() && y < end; i++) {
        char *name = text_format("valid.%s", metric_at(i)->spec.name);
        bool shown = !metric_at(i)->is_minor || text_equal(name, SERIES_VALID_LOSS) || text_equal(name, f->watched);
        y += shown && paint_metric(f, pen, (Rect){in.x, y, in.width, 1}, name);
        is_listed = is_listed || text_equal(name, f->watched);
        mem_free(name);
    }
    if (y < end && !is_listed) /* named with settings, or of a module that is not here */
        y += paint_metric(f, pen, (Rect){in.x, y, in.width, 1}, f->watched);
    if (y < end)
        y += paint_metric(f, pen, (Rect){in.x, y, in.width, 1}, SERIES_TRAIN_LOSS);
    static const char *const mixed[] = {"valid." LOSS_NAME_HARD, "valid." LOSS_NAME_SOFT, "train." LOSS_NAME_HARD, "train." LOSS_NAME_SOFT};
    for (size_t i = 0; i < sizeof mixed / sizeof *mixed && y < end; i++)
        y += paint_metric(f, pen, (Rect){in.x, y, in.width, 1}, mixed[i]);
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

static int paint_alarms(const Curve *f, Pen *pen, Rect area)
{
    int y = area.y + 1, count = f->overfits ? 1 : 0;
    for (size_t i = 0; i < f->run->notes_count; i++)
        count += text_equal(f->run->notes[i].event, "alarm");
    if (!count || area.height < 3)
        return area.y;
    char number[NUMBER_ROOM];
    Rect in = frame_head(pen, area, false, "Alarms", number_format_count(count, number));
    if (f->overfits) {
        pen_glyph(pen, in.x, y, ROLE_STATE_WARN, 0x25b2);
        pen_format(pen, in.x + 2, y++, ROLE_STATE_WARN, "valid loss rising since %lld", (long long)f->lowest_epoch);
        pen_text_fit(pen, in.x + 2, y++, in.width - 2, ROLE_UI, "train still falls: overfitting");
    }
    for (size_t i = 0; i < f->run->notes_count && y < in.y + in.height; i++) {
        const TailNote *n = &f->run->notes[i];
        if (!text_equal(n->event, "alarm"))
            continue;
        pen_glyph(pen, in.x, y, ROLE_STATE_WARN, 0x25b2);
        y += frame_text(pen, (Rect){in.x + 2, y, in.width - 2, in.y + in.height - y}, ROLE_STATE_WARN, n->text);
    }
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
    for (size_t i = f->run->notes_count; i-- > 0;) {
        const TailNote *n = &f->run->notes[i];
        if (text_equal(n->event, "alarm"))
            continue;
        left_out += y >= end;
        char *line = tail_note_line(n);
        y += paint_event(f, pen, (Rect){in.x, y, in.width, end - y}, (int64_t)n->epoch, ROLE_UI_DIM, line);
        mem_free(line);
    }
    if (left_out) {
        char *more = text_format("%zu more", left_out);
        frame_head(pen, area, false, "Events", more);
        mem_free(more);
    }
}

void train_paint_side(const Workbench *w, const Curve *f, Pen *pen, Rect side)
{
    Pen inner = pen_on(pen->cells, side);
    int end = side.y + side.height, y = paint_progress(f, &inner, side);
    (void)w;
    y = paint_metrics(f, &inner, (Rect){side.x, y, side.width, end - y});
    y = paint_early_stop(f, &inner, (Rect){side.x, y, side.width, end - y});
    y = paint_alarms(f, &inner, (Rect){side.x, y, side.width, end - y});
    paint_events(f, &inner, (Rect){side.x, y, side.width, end - y});
}
