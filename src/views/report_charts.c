/* Charts of the Report view: what each threshold would do, ROC, precision over recall, calibration, gain. */
#include <math.h>

#include "base/number.h"
#include "tui/plot_frame.h"
#include "views/frame.h"
#include "views/report.h"

enum { SERIES_MOST = 8, CLASSES_SHOWN = 6, NUMBERS = 3 };

/* A chart over the unit square, or another range, whose lines come from lists of the card. */
typedef struct UnitChart {
    Plot plot;
    PlotSeries series[SERIES_MOST];
    PlotMark marks[2];
    double *owned[2 * SERIES_MOST];
    size_t owned_count;
} UnitChart;

static void chart_init(const Workbench *w, UnitChart *c, const char *x_label)
{
    *c = (UnitChart){.plot = {.x_min = 0,
                              .x_max = 1,
                              .y_min = 0,
                              .y_max = 1,
                              .x_axis = true,
                              .x_label = x_label,
                              .graph = w->graph,
                              .marked = workbench_is_colorless(w),
                              .cursor_x = (double)NAN,
                              .y_label_width = 4}};
}

static void chart_line(UnitChart *c, const Value *x, const Value *y, Role role)
{
    size_t count, same;
    if (c->plot.series_count == SERIES_MOST)
        return;
    double *xs = report_numbers(x, &count), *ys = report_numbers(y, &same);
    c->owned[c->owned_count++] = xs;
    c->owned[c->owned_count++] = ys;
    size_t known = 0;
    for (size_t i = 0; i < count && i < same; i++)
        if (isfinite(ys[i])) {
            xs[known] = xs[i];
            ys[known++] = ys[i];
        }
    c->series[c->plot.series_count++] = (PlotSeries){.x = xs, .y = ys, .count = known, .role = role};
}

static void chart_diagonal(UnitChart *c, double from, double to)
{
    enum { POINTS = 41 };
    double *xs = mem_alloc(POINTS * sizeof *xs), *ys = mem_alloc(POINTS * sizeof *ys);
    for (int i = 0; i < POINTS; i++) {
        xs[i] = (double)i / (POINTS - 1);
        ys[i] = from + (to - from) * xs[i];
    }
    c->owned[c->owned_count++] = xs;
    c->owned[c->owned_count++] = ys;
    c->series[c->plot.series_count++] = (PlotSeries){.x = xs, .y = ys, .count = POINTS, .role = ROLE_CHART_GRID, .dots = true};
}

/* And a point on it: where the threshold stands; x NAN: none. */
static void chart_paint(Pen *pen, Rect area, UnitChart *c, double x, double y)
{
    PlotReport report = {0};
    PlotFrame frame;
    c->plot.series = c->series;
    c->plot.marks = c->marks;
    if (area.height > 3 && area.width > 14) {
        plot_paint(pen, area, &c->plot, &report);
        plot_frame_init(&frame, area, &c->plot);
        if (isfinite(x) && isfinite(y))
            pen_glyph(pen, plot_frame_column(&frame, x), plot_frame_row(&frame, y), ROLE_CHART_CURSOR, 0x25CF);
    }
    for (size_t i = 0; i < c->owned_count; i++)
        mem_free(c->owned[i]);
}

/* Below the head, above `rows` others: so high that quarters of the unit fall on rows. */
static Rect below(Rect pane, int rows)
{
    enum { AXIS = 3, QUARTERS = 4 };
    int height = pane.height - 1 - rows;
    return (Rect){pane.x, pane.y + 1, pane.width, height > AXIS + QUARTERS ? height - (height - AXIS) % QUARTERS : height};
}

/* The name of a line in its color, and without colors with its mark. Returns the cells used. */
static int paint_name(Pen *pen, Rect at, UnitChart *c, size_t series, const char *name)
{
    c->plot.series = c->series;
    char *text = c->plot.marked ? text_format("%c %s", (char)plot_marker(&c->plot, series), name) : mem_strdup(name);
    int used = pen_text_fit(pen, at.x, at.y, at.width, c->series[series].role, text);
    mem_free(text);
    return used;
}

static const ReportState *state(const Workbench *w)
{
    return VIEW_STATE(ReportState, w, VIEW_REPORT);
}

static double real(const Value *v, const char *key)
{
    return value_get_real(v, key, (double)NAN);
}

static void paint_fact(Pen *pen, int x, int y, const char *name, double number, int decimals)
{
    pen_text(pen, x, y, ROLE_UI_DIM, name);
    report_number(pen, x + 10, y, 8, ROLE_UI, number, decimals);
}

/* What the threshold makes of the rows, in two columns. */
void report_paint_decided(const Workbench *w, Pen *pen, Rect area)
{
    const Value *at = state(w)->at;
    int second = area.x + 21;
    paint_fact(pen, area.x, area.y, "precision", real(at, "precision"), 3);
    paint_fact(pen, second, area.y, "recall", real(at, "recall"), 3);
    paint_fact(pen, area.x, area.y + 1, "F1", real(at, METRIC_F1), 3);
    paint_fact(pen, second, area.y + 1, metric_find(METRIC_ACCURACY)->title, real(at, METRIC_ACCURACY), 3);
    paint_fact(pen, area.x, area.y + 2, "called", real(at, "called"), 0);
    paint_fact(pen, second, area.y + 2, "cost", real(at, "cost"), 0);
}

static void paint_threshold(const Workbench *w, Pen *pen, Rect pane, bool focused)
{
    const Report *r = app_report(w->app);
    const Value *all = value_get(r->card, "thresholds"), *x = value_get(all, "threshold");
    UnitChart c;
    char at[NUMBER_ROOM];
    chart_init(w, &c, NULL);
    chart_line(&c, x, value_get(all, "recall"), ROLE_SERIES_5);
    chart_line(&c, x, value_get(all, "precision"), ROLE_SERIES_6);
    chart_line(&c, x, value_get(all, METRIC_F1), ROLE_SERIES_VALID);
    c.marks[c.plot.marks_count++] = (PlotMark){.x = state(w)->threshold, .role = ROLE_CHART_CURSOR};
    static const char *const names[] = {"recall", "precision", "F1"};
    Rect chart = below(pane, NUMBERS + 1);
    int y = chart.y + chart.height, x_name = pane.x + 6;
    for (size_t i = 0; i < c.plot.series_count; i++)
        x_name += 2 + paint_name(pen, (Rect){x_name, y, 12, 1}, &c, i, names[i]);
    chart_paint(pen, chart, &c, (double)NAN, 0);
    number_format_fixed(state(w)->threshold, 4, at);
    frame_head(pen, pane, focused, "Threshold", at);
    report_paint_decided(w, pen, (Rect){pane.x, y + 1, pane.width, NUMBERS});
}

static bool key_threshold(Workbench *w, Key k)
{
    double by = k.code == KEYS_LEFT || key_is(k, 'h')    ? -0.01
                : k.code == KEYS_RIGHT || key_is(k, 'l') ? 0.01
                : k.code == KEYS_PAGE_UP                 ? 0.1
                : k.code == KEYS_PAGE_DOWN               ? -0.1
                                                         : 0;
    if (by == 0 || app_report_part(w->app) != PART_VALID) {
        if (by != 0)
            app_say(w->app, true, "a threshold is chosen on valid, never on test; v goes back to it");
        return by != 0;
    }
    double at = round((state(w)->threshold + by) * 100) / 100;
    report_set_threshold(w, at < 0.01 ? 0.01 : at > 1 ? 1 : at, true);
    return true;
}

static bool fits_two(const Report *r)
{
    return report_is_two(r);
}

static bool fits_classes(const Report *r)
{
    return !report_is_numbers(r);
}

static bool fits_gain(const Report *r)
{
    return value_get(r->card, "gain");
}

static bool fits_calibration(const Report *r)
{
    return value_get(r->card, "calibration");
}

const ReportPane report_pane_threshold = {.title = "Threshold", .fits = fits_two, .paint = paint_threshold, .key = key_threshold};

static Role role_of(size_t i)
{
    static const Role roles[] = {ROLE_SERIES_VALID, ROLE_SERIES_5, ROLE_SERIES_6, ROLE_SERIES_7, ROLE_SERIES_8, ROLE_SERIES_TEACHER};
    return roles[i % (sizeof roles / sizeof *roles)];
}

/* Of two classes one line, of more the first ones with their names. */
static void paint_curves(const Workbench *w, Pen *pen, Rect pane, bool is_roc)
{
    const Report *r = app_report(w->app);
    const Value *curves = value_get(r->card, "curves"), *at = state(w)->at;
    UnitChart c;
    bool two = report_is_two(r);
    chart_init(w, &c, NULL);
    double share = real(curves->items[0], "rows") / (double)r->out.data.rows;
    if (is_roc || two)
        chart_diagonal(&c, is_roc ? 0 : share, is_roc ? 1 : share);
    for (size_t i = 0; i < value_items(curves) && i < CLASSES_SHOWN; i++) {
        const Value *one = curves->items[i], *curve = value_get(one, is_roc ? "roc" : "pr");
        chart_line(&c, value_get(curve, is_roc ? "fpr" : "recall"), value_get(curve, is_roc ? "tpr" : "precision"), role_of(i));
    }
    double called = real(at, "called"), recall = real(at, "recall"), positives = real(curves->items[0], "rows");
    double hits = recall * positives, others = (double)r->out.data.rows - positives;
    Rect chart = below(pane, !two);
    int shown = value_items(curves) < CLASSES_SHOWN ? (int)value_items(curves) : CLASSES_SHOWN, x = pane.x + 6;
    for (int i = 0; !two && i < shown; i++)
        x += 2 + paint_name(pen, (Rect){x, chart.y + chart.height, (pane.width - 6) / shown - 2, 1}, &c,
                            c.plot.series_count - (size_t)(shown - i), value_get_text(curves->items[i], "class", ""));
    chart_paint(pen, chart, &c, !two ? (double)NAN : is_roc ? (called - hits) / others : recall, is_roc ? recall : real(at, "precision"));
}

static void head_of_curves(const Workbench *w, Pen *pen, Rect pane, bool focused, bool is_roc)
{
    const Report *r = app_report(w->app);
    const Value *first = value_get(r->card, "curves")->items[0];
    char area[NUMBER_ROOM] = "\u00b7";
    size_t classes = r->model->target.classes.count;
    double x = real(value_get(first, is_roc ? "roc" : "pr"), "area");
    if (isfinite(x))
        number_format_fixed(x, 4, area);
    char *remark = report_is_two(r)          ? text_format("area %s", area)
                   : classes > CLASSES_SHOWN ? text_format("the first %d of %zu classes", CLASSES_SHOWN, classes)
                                             : text_format("each class against the others");
    frame_head(pen, pane, focused, is_roc ? "ROC" : "Precision by recall", remark);
    mem_free(remark);
}

static void paint_roc(const Workbench *w, Pen *pen, Rect pane, bool focused)
{
    paint_curves(w, pen, pane, true);
    head_of_curves(w, pen, pane, focused, true);
}

static void paint_pr(const Workbench *w, Pen *pen, Rect pane, bool focused)
{
    paint_curves(w, pen, pane, false);
    head_of_curves(w, pen, pane, focused, false);
}

const ReportPane report_pane_roc = {.title = "ROC", .fits = fits_classes, .paint = paint_roc};
const ReportPane report_pane_pr = {.title = "Precision by recall", .fits = fits_classes, .paint = paint_pr};

static void paint_calibration(const Workbench *w, Pen *pen, Rect pane, bool focused)
{
    const Report *r = app_report(w->app);
    const Value *bins = value_get(r->card, "calibration");
    UnitChart c;
    PlotFrame frame;
    PlotReport ignored = {0};
    size_t cursor = state(w)->bins.cursor;
    Rect area = below(pane, 1);
    char ece[NUMBER_ROOM];
    chart_init(w, &c, NULL);
    chart_diagonal(&c, 0, 1);
    c.plot.series = c.series;
    if (area.height > 3 && area.width > 14) {
        plot_paint(pen, area, &c.plot, &ignored);
        plot_frame_init(&frame, area, &c.plot);
        for (size_t i = 0; i < value_items(bins); i++) {
            double said = real(bins->items[i], "said"), happened = real(bins->items[i], "happened");
            bool here = focused && i == cursor, few = value_get_int(bins->items[i], "rows", 0) < 10;
            if (isfinite(said))
                pen_glyph(pen, plot_frame_column(&frame, said), plot_frame_row(&frame, happened),
                          here ? ROLE_CHART_CURSOR : ROLE_SERIES_VALID, few ? 0x25CB : 0x25CF);
        }
    }
    for (size_t i = 0; i < c.owned_count; i++)
        mem_free(c.owned[i]);
    const Value *bin = bins->items[cursor];
    char *line = text_format("%.2f to %.2f: %lld rows, %.1f %% true", real(bin, "low"), real(bin, "high"),
                             (long long)value_get_int(bin, "rows", 0), 100 * real(bin, "happened"));
    pen_text_fit(pen, pane.x, pane.y + pane.height - 1, pane.width, focused ? ROLE_UI : ROLE_UI_DIM,
                 isfinite(real(bin, "happened")) ? line : "no row is so likely");
    mem_free(line);
    number_format_fixed(real(value_get(r->card, "metrics"), METRIC_ECE), 4, ece);
    char *remark = text_format("ECE %s", ece);
    frame_head(pen, pane, focused, "Calibration", remark);
    mem_free(remark);
}

/* Along the axis: left and right go from bin to bin. */
static bool key_bins(Workbench *w, Key k)
{
    ListState *s = &VIEW_STATE(ReportState, w, VIEW_REPORT)->bins;
    if (k.code == KEYS_LEFT || key_is(k, 'h'))
        s->cursor -= s->cursor > 0;
    else if (k.code == KEYS_RIGHT || key_is(k, 'l'))
        s->cursor += s->cursor + 1 < REPORT_BINS;
    else
        return list_key(s, k, REPORT_BINS, REPORT_BINS);
    return true;
}

static bool pick_bin(const Workbench *w, ReportPick *out)
{
    out->place = REPORT_AT_CALIBRATION;
    out->a = state(w)->bins.cursor;
    return true;
}

const ReportPane report_pane_calibration = {
    .title = "Calibration", .fits = fits_calibration, .paint = paint_calibration, .key = key_bins, .pick = pick_bin};

static void paint_gain(const Workbench *w, Pen *pen, Rect pane, bool focused)
{
    const Report *r = app_report(w->app);
    const Value *list = value_get(r->card, "gain");
    Rect in = frame_head(pen, pane, focused, "Gain", "of the list, likeliest first");
    pen_text(pen, in.x, in.y, ROLE_UI_DIM, "call top");
    pen_text_right(pen, in.x, in.y, in.width - 8, ROLE_UI_DIM, "finds");
    pen_text_right(pen, in.x, in.y, in.width, ROLE_UI_DIM, "times");
    for (size_t i = 0; i < value_items(list) && (int)i + 1 < in.height; i++) {
        const Value *one = list->items[i];
        int y = in.y + 1 + (int)i, bar = in.width - 26;
        char *share = text_format("%.0f %%", 100 * real(one, "share")), *found = text_format("%.0f %%", 100 * real(one, "found")),
             *times = text_format("%.1f \u00d7", real(one, "times"));
        pen_text_right(pen, in.x, y, 6, ROLE_UI, share);
        if (bar > 4 && isfinite(real(one, "found")))
            plot_bar(pen, in.x + 9, y, bar, real(one, "found"), ROLE_CHART_BAR, w->graph == GRAPH_ASCII);
        pen_text_right(pen, in.x, y, in.width - 8, ROLE_UI, found);
        pen_text_right(pen, in.x, y, in.width, ROLE_UI_STRONG, times);
        mem_free(share);
        mem_free(found);
        mem_free(times);
    }
}

const ReportPane report_pane_gain = {.title = "Gain", .fits = fits_gain, .paint = paint_gain};
