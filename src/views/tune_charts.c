/* Charts of the Tune view: the best so far by trial, the score against what a net costs, and each setting against the score. */
#include <math.h>
#include <string.h>

#include "base/number.h"
#include "base/sort.h"
#include "learn/front.h"
#include "tui/plot.h"
#include "views/frame.h"
#include "views/tune.h"

const char *trial_status(const Value *trial)
{
    return value_get_text(trial, "status", "running");
}

bool trial_is_running(const Value *trial)
{
    return text_equal(trial_status(trial), "running");
}

double trial_score(const Value *trial)
{
    return value_get_real(trial, "metric", (double)NAN);
}

const char *study_setting_title(const char *name)
{
    return text_equal(name, "learning_rate") ? "rate"
           : text_equal(name, "optimizer")   ? "optim"
           : text_starts(name, "net.")       ? name + 4
                                             : name;
}

const char *study_cost_name(StudyChart chart)
{
    static const char *const names[] = {[CHART_BEST] = NULL, [CHART_PARAMS] = "params", [CHART_MACS] = "macs"};
    return names[chart];
}

double trial_cost(const Value *trial, StudyChart chart)
{
    const char *name = study_cost_name(chart);
    double cost = name ? value_get_real(trial, name, (double)NAN) : (double)NAN;
    return cost > 0 ? cost : (double)NAN;
}

/* Points of the plane of score and cost, by trial; the caller owns them. */
static FrontPoint *points_of(const Study *s)
{
    FrontPoint *points = mem_alloc((s->count + 1) * sizeof *points);
    for (size_t i = 0; i < s->count; i++) {
        const Value *trial = s->trials->items[i];
        points[i] = (FrontPoint){trial_is_running(trial) ? (double)NAN : trial_score(trial), trial_cost(trial, s->chart)};
    }
    return points;
}

bool *study_front(const Study *s)
{
    FrontPoint *points = points_of(s);
    bool *front = mem_alloc((s->count + 1) * sizeof *front);
    for (size_t i = 0; i < s->count; i++)
        front[i] = front_has(points, s->count, i, s->high);
    mem_free(points);
    return front;
}

/* The frame holds the best and what lies within Tukey's fence; trials far outside are counted at its edge. Losses of several
 * magnitudes are told apart by an axis in logarithms, which has room for all of them. */
static void frame_scores(const double *y, size_t n, double best, Plot *plot)
{
    enum { FEW = 4, MAGNITUDES = 30 };
    double *sorted = mem_alloc((n + 1) * sizeof *sorted);
    memcpy(sorted, y, n * sizeof *sorted);
    if (!sort_reals(sorted, n, NULL)) {
        mem_free(sorted);
        return;
    }
    plot->log_y = sorted[0] > 0 && best == sorted[0] && sorted[n - 1] > MAGNITUDES * sorted[0];
    double q1 = sorted[n / 4], q3 = sorted[(3 * n) / 4 < n ? (3 * n) / 4 : n - 1], fence = 1.5 * (q3 - q1);
    double low = fmin(best, fmax(sorted[0], q1 - fence)), high = fmax(best, fmin(sorted[n - 1], q3 + fence));
    if (!plot->log_y && n >= FEW && low < high && (low > sorted[0] || high < sorted[n - 1])) {
        plot->y_min = low;
        plot->y_max = high;
    }
    mem_free(sorted);
}

/* Scores as dots by trial, the best so far as a line. */
static void paint_best(const Workbench *w, Pen *pen, Rect pane, const Study *s)
{
    double *x = mem_alloc((s->count + 1) * sizeof *x), *y = mem_alloc((s->count + 1) * sizeof *y),
           *top = mem_alloc((s->count + 1) * sizeof *top);
    size_t n = 0;
    double best = (double)NAN;
    for (size_t i = 0; i < s->count; i++) {
        const Value *trial = s->trials->items[i];
        double score = trial_score(trial);
        if (trial_is_running(trial) || !isfinite(score))
            continue;
        best = !isfinite(best) ? score : s->high ? fmax(best, score) : fmin(best, score);
        x[n] = (double)(n + 1);
        y[n] = score;
        top[n++] = best;
    }
    PlotSeries series[2] = {{.x = x, .y = y, .count = n, .role = ROLE_SERIES_VALID_FAINT, .dots = true, .decimals = 4},
                            {.x = x, .y = top, .count = n, .role = ROLE_SERIES_VALID, .name = "", .decimals = 4}};
    PlotReport report = {0};
    Plot plot = {.series = series,
                 .series_count = 2,
                 .x_min = 1,
                 .x_max = fmax(2, (double)(s->planned ? s->planned : (int64_t)s->count)),
                 .x_axis = true,
                 .graph = w->graph,
                 .marked = workbench_is_colorless(w),
                 .cursor_x = (double)NAN,
                 .y_label_width = 6,
                 .x_label = "trial"};
    if (n) {
        frame_scores(y, n, best, &plot);
        plot_paint(pen, (Rect){pane.x, pane.y + 1, pane.width, pane.height - 1}, &plot, &report);
    }
    char title[METRIC_TITLE_ROOM];
    metric_series_title(s->metric, title);
    const char *scale = plot.log_y ? ", log" : "";
    char *remark = report.above   ? text_format("%s by trial%s   \u25b2 %zu above", title, scale, report.above)
                   : report.below ? text_format("%s by trial%s   \u25bc %zu below", title, scale, report.below)
                                  : text_format("%s by trial%s", title, scale);
    frame_head(pen, pane, false, "Best so far", remark);
    mem_free(remark);
    mem_free(x);
    mem_free(y);
    mem_free(top);
}

/* The trials of the plane: all of them, or those of the front by cost. */
static size_t take_points(const Study *s, bool front, double *x, double *y)
{
    FrontPoint *points = points_of(s);
    size_t n = 0;
    for (size_t i = 0; i < s->count; i++) {
        if (front ? !s->front[i] : !(isfinite(points[i].score) && isfinite(points[i].cost)))
            continue;
        double cost = log10(points[i].cost);
        size_t k = n++;
        for (; k > 0 && front && x[k - 1] > cost; k--) {
            x[k] = x[k - 1];
            y[k] = y[k - 1];
        }
        x[k] = cost;
        y[k] = points[i].score;
    }
    mem_free(points);
    return n;
}

/* Scores as dots over what the nets cost, the front as a line: nothing better is to be had for less. */
static void paint_pareto(const Workbench *w, Pen *pen, Rect pane, const Study *s, const Value *at)
{
    double *x = mem_alloc(4 * (s->count + 1) * sizeof *x), *y = x + s->count + 1, *front_x = y + s->count + 1,
           *front_y = front_x + s->count + 1;
    size_t n = take_points(s, false, x, y), front = take_points(s, true, front_x, front_y);
    bool is_macs = s->chart == CHART_MACS;
    PlotSeries series[] = {
        {.x = front_x, .y = front_y, .count = front, .role = ROLE_SERIES_VALID_FAINT},
        {.x = x, .y = y, .count = n, .role = ROLE_CHART_LABEL, .dots = true, .sign = 0x25cb},
        {.x = front_x, .y = front_y, .count = front, .role = ROLE_SERIES_VALID, .dots = true, .sign = 0x25c6},
    };
    PlotReport report = {0};
    Plot plot = {.series = series,
                 .series_count = 3,
                 .x_axis = true,
                 .graph = w->graph,
                 .marked = workbench_is_colorless(w),
                 .cursor_x = at ? log10(trial_cost(at, s->chart)) : (double)NAN,
                 .y_label_width = 6,
                 .x_label = is_macs ? "lg MACs" : "lg params"};
    double least = INFINITY, most = -INFINITY, best = n ? y[0] : 0;
    for (size_t i = 0; i < n; i++) {
        least = fmin(least, x[i]);
        most = fmax(most, x[i]);
        best = s->high ? fmax(best, y[i]) : fmin(best, y[i]);
    }
    plot.x_min = floor(least * 10) / 10;
    plot.x_max = fmax(ceil(most * 10) / 10, plot.x_min + 0.1);
    if (n) {
        frame_scores(y, n, best, &plot);
        plot_paint(pen, (Rect){pane.x, pane.y + 1, pane.width, pane.height - 1}, &plot, &report);
    } else {
        pen_text_fit(pen, pane.x, pane.y + 2, pane.width, ROLE_UI_DIM,
                     s->done     ? "These trials did not record what they cost."
                     : s->failed ? "No trial has a score."
                                 : "No trial has ended yet.");
    }
    char title[METRIC_TITLE_ROOM];
    metric_series_title(s->metric, title);
    char *remark = text_format("%s against %s%s", title, is_macs ? "MACs" : "params", n ? ", \u25c6 on the front" : "");
    frame_head(pen, pane, false, "Pareto", remark);
    mem_free(remark);
    mem_free(x);
}

void tune_paint_chart(const Workbench *w, Pen *pen, Rect pane, const Study *s, const Value *at)
{
    if (s->chart == CHART_BEST)
        paint_best(w, pen, pane, s);
    else
        paint_pareto(w, pen, pane, s, at);
}

/* Rank correlation of a numeric setting with the score: how much it seems to matter. */
static double rank_correlation(const Study *s, const char *name)
{
    double agree = 0, pairs = 0;
    for (size_t i = 0; i < s->count; i++)
        for (size_t k = 0; k < i; k++) {
            const Value *a = value_get(value_get(s->trials->items[i], "settings"), name),
                        *b = value_get(value_get(s->trials->items[k], "settings"), name);
            double x = trial_score(s->trials->items[i]) - trial_score(s->trials->items[k]);
            if (!a || !b || !value_is_number(a) || !value_is_number(b) || !isfinite(x) || x == 0 || value_number(a) == value_number(b))
                continue;
            agree += (value_number(a) > value_number(b)) == (x > 0) ? 1 : -1;
            pairs++;
        }
    return pairs > 2 ? agree / pairs : (double)NAN;
}

void tune_paint_settings(Pen *pen, Rect pane, const Study *s)
{
    Rect in = frame_head(pen, pane, false, "Settings", "rank correlation with the score");
    int y = in.y;
    for (size_t k = 0; k < s->settings_count && y < in.y + in.height; k++) {
        double tau = rank_correlation(s, s->settings[k]);
        pen_text_fit(pen, in.x, y, 15, ROLE_UI, s->settings[k]);
        if (!isfinite(tau)) {
            pen_text_right(pen, in.x, y++, in.width, ROLE_UI_DIM, "\u00b7");
            continue;
        }
        plot_bar(pen, in.x + 16, y, in.width - 24, fabs(tau), ROLE_CHART_BAR, false);
        char *value = text_format("%s%.2f", tau < 0 ? "\u2212" : "+", fabs(tau));
        pen_text_right(pen, in.x, y++, in.width, ROLE_DATA_NUMBER, value);
        mem_free(value);
    }
    if (y + 2 < in.y + in.height && s->done)
        frame_text(pen, (Rect){in.x, y + 1, in.width, in.y + in.height - y - 1}, ROLE_UI_DIM,
                   "The best of many draws looks better than it is: its score chose it. Compare on test before you believe it.");
}
