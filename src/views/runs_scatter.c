/* One figure against another over all listed runs, and many figures beside each other with a line for each run. */
#include <math.h>
#include <string.h>

#include "app/run_card.h"
#include "base/number.h"
#include "tui/plot.h"
#include "views/frame.h"
#include "views/runs.h"

static const char *x_of(const RunsState *s)
{
    return s->x ? s->x : "learning_rate";
}

static const char *y_of(const RunsState *s)
{
    return s->y ? s->y : "best";
}

typedef struct Points {
    double *x, *y;
    size_t count;
} Points;

/* Of listed runs, or of the marked ones alone. */
static Points points_of(const RunsState *s, bool is_marked)
{
    size_t room = value_items(s->rows) + 1;
    Points p = {mem_alloc(room * sizeof *p.x), mem_alloc(room * sizeof *p.y), 0};
    for (size_t i = 0; i < value_items(s->rows); i++) {
        const Value *card = s->rows->items[i];
        double x = value_get_real(card, x_of(s), NAN), y = value_get_real(card, y_of(s), NAN);
        if (!isfinite(x) || !isfinite(y) || (runs_mark_of(s, value_get_text(card, "path", "")) >= 0) != is_marked)
            continue;
        p.x[p.count] = x;
        p.y[p.count++] = y;
    }
    return p;
}

static void widen(const Points *p, double *low, double *high)
{
    for (size_t i = 0; i < p->count; i++) {
        *low = fmin(*low, p->x[i]);
        *high = fmax(*high, p->x[i]);
    }
}

void runs_paint_scatter(const Workbench *w, Pen *pen, Rect pane)
{
    const RunsState *s = runs_state(w);
    Points points[] = {points_of(s, false), points_of(s, true)};
    double low = (double)INFINITY, high = -(double)INFINITY;
    PlotReport report = {0};
    PlotSeries series[2];
    for (size_t i = 0; i < 2; i++) {
        widen(&points[i], &low, &high);
        series[i] = (PlotSeries){.x = points[i].x,
                                 .y = points[i].y,
                                 .count = points[i].count,
                                 .role = i ? ROLE_SERIES_6 : ROLE_SERIES_5,
                                 .dots = true,
                                 .decimals = 3};
    }
    double edge = high > low ? 0 : 0.5;
    Plot plot = {.series = series,
                 .series_count = 2,
                 .x_min = low - edge,
                 .x_max = high + edge,
                 .x_axis = true,
                 .x_label = x_of(s),
                 .graph = w->graph,
                 .marked = workbench_is_colorless(w),
                 .cursor_x = (double)NAN,
                 .y_label_width = 6};
    size_t count = points[0].count + points[1].count;
    char *title = text_format("%s by %s", y_of(s), x_of(s)), *remark = text_format("%zu runs, %zu marked", count, points[1].count);
    Rect in = frame_head(pen, pane, false, title, remark);
    if (count)
        plot_paint(pen, in, &plot, &report);
    else
        pen_text_fit(pen, in.x, in.y, in.width, ROLE_UI, "No listed run has both figures; x asks for others.");
    mem_free(title);
    mem_free(remark);
    for (size_t i = 0; i < 2; i++) {
        mem_free(points[i].x);
        mem_free(points[i].y);
    }
}

enum { AXES_MOST = 6, LINES_MOST = 40 };

typedef struct Axis {
    const char *name;
    double low, high;
} Axis;

/* The range of a figure over the listed runs; false: it does not vary. */
static bool axis_of(const RunsState *s, const char *name, Axis *out)
{
    *out = (Axis){name, (double)INFINITY, -(double)INFINITY};
    for (size_t i = 0; i < value_items(s->rows); i++) {
        double v = value_get_real(s->rows->items[i], name, NAN);
        if (isfinite(v)) {
            out->low = fmin(out->low, v);
            out->high = fmax(out->high, v);
        }
    }
    return out->high > out->low;
}

/* Settings that vary, then what came of them. */
static size_t axes_of(const RunsState *s, Axis axes[AXES_MOST])
{
    static const char *const names[] = {"learning_rate", "params", "batch", "epochs", "patience", "rows", "features", "seed", "seconds"};
    size_t count = 0;
    for (size_t i = 0; i < sizeof names / sizeof *names && count + 1 < AXES_MOST; i++)
        count += axis_of(s, names[i], &axes[count]);
    count += axis_of(s, y_of(s), &axes[count]);
    return count;
}

static void paint_axes(Pen *pen, Rect in, const Axis *axes, size_t count, int label)
{
    char number[NUMBER_ROOM];
    int span = in.width - label - 1;
    for (size_t i = 0; i < count; i++) {
        int x = in.x + label + (int)lround((double)i / (double)(count - 1) * (span - 1)), width = span / (int)count;
        int at = i + 1 == count ? in.x + in.width - width : i ? x - width / 2 : x;
        pen_text_fit(pen, at, in.y, width - 1, ROLE_UI_DIM, axes[i].name);
        pen_text_fit(pen, at, in.y + 1, width, ROLE_DATA_NUMBER, number_format_rate(axes[i].high, number));
        pen_text_fit(pen, at, in.y + in.height - 1, width, ROLE_DATA_NUMBER, number_format_rate(axes[i].low, number));
    }
}

void runs_paint_parallel(const Workbench *w, Pen *pen, Rect pane)
{
    enum { LABEL = 7 };
    const RunsState *s = runs_state(w);
    Axis axes[AXES_MOST];
    size_t count = axes_of(s, axes), lines = value_items(s->rows) < LINES_MOST ? value_items(s->rows) : LINES_MOST;
    char *remark = text_format("%zu of %zu runs", lines, value_items(s->rows));
    Rect in = frame_head(pen, pane, false, "Parallel", remark);
    mem_free(remark);
    if (count < 2) {
        pen_text_fit(pen, in.x, in.y, in.width, ROLE_UI, "The listed runs differ in no setting that is a number.");
        return;
    }
    double x[AXES_MOST], *y = mem_alloc((lines + 1) * AXES_MOST * sizeof *y);
    PlotSeries series[LINES_MOST];
    PlotReport report = {0};
    for (size_t i = 0; i < count; i++)
        x[i] = (double)i;
    for (size_t k = 0; k < lines; k++) {
        const Value *card = s->rows->items[k];
        for (size_t i = 0; i < count; i++)
            y[k * AXES_MOST + i] = (value_get_real(card, axes[i].name, NAN) - axes[i].low) / (axes[i].high - axes[i].low);
        bool is_marked = runs_mark_of(s, value_get_text(card, "path", "")) >= 0, is_here = card == runs_here(w);
        series[k] = (PlotSeries){.x = x,
                                 .y = y + k * AXES_MOST,
                                 .count = count,
                                 .role = is_here     ? ROLE_SERIES_5
                                         : is_marked ? ROLE_SERIES_6
                                                     : ROLE_UI_BORDER,
                                 .decimals = 2};
    }
    Plot plot = {.series = series,
                 .series_count = lines,
                 .x_max = (double)(count - 1),
                 .y_min = -0.02,
                 .y_max = 1.02,
                 .graph = w->graph,
                 .cursor_x = (double)NAN,
                 .y_label_width = 6};
    if (in.height > 5)
        plot_paint(pen, (Rect){in.x, in.y + 2, in.width, in.height - 3}, &plot, &report);
    pen_fill(pen, (Rect){in.x, in.y + 2, LABEL - 1, in.height - 3}, ROLE_UI, ' '); /* each axis has a scale of its own */
    paint_axes(pen, in, axes, count, LABEL);
    mem_free(y);
}
