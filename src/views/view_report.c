/* Report: the model after its training. Two pages: how it decides and how sure it is; where it is weak, and what this run is. Enter leads
 * from the cursor to the raw rows. On small screens one pane at a time. */
#include <math.h>

#include "base/number.h"
#include "views/commands.h"
#include "views/frame.h"
#include "views/report.h"

enum { WIDE = 108, HIGH = 28, LEFT = 40, GAP = 3 };

static const ReportPane *const panes[] = {&report_pane_threshold, &report_pane_confusion,  &report_pane_classes, &report_pane_residuals,
                                          &report_pane_figures,   &report_pane_roc,        &report_pane_pr,      &report_pane_calibration,
                                          &report_pane_gain,      &report_pane_predicted,  &report_pane_outputs, &report_pane_worst,
                                          &report_pane_slices,    &report_pane_importance, &report_pane_origin};

const ReportPane *report_pane(const Workbench *w, int index)
{
    const Report *r = app_report(w->app);
    for (size_t i = 0; r && i < sizeof panes / sizeof *panes; i++)
        if (panes[i]->fits(r) && index-- == 0)
            return panes[i];
    return NULL;
}

int report_panes(const Workbench *w)
{
    int count = 0;
    while (report_pane(w, count))
        count++;
    return count;
}

const ReportPane *report_focused(const Workbench *w)
{
    return report_pane(w, w->pane);
}

bool report_is_numbers(const Report *r)
{
    return !r->model->target.is_classes;
}

bool report_is_two(const Report *r)
{
    return target_positive(&r->model->target) >= 0;
}

double *report_numbers(const Value *list, size_t *count)
{
    *count = value_items(list);
    double *numbers = mem_alloc((*count + 1) * sizeof *numbers);
    for (size_t i = 0; i < *count; i++)
        numbers[i] = value_is_number(list->items[i]) ? value_number(list->items[i]) : (double)NAN;
    return numbers;
}

void report_number(Pen *pen, int x, int y, int width, Role role, double number, int decimals)
{
    char text[NUMBER_ROOM];
    pen_text_right(pen, x, y, width, isfinite(number) ? role : ROLE_UI_DIM,
                   isfinite(number) ? number_format_fixed(number, decimals, text) : "\u00b7");
}

void report_set_threshold(Workbench *w, double threshold, bool moved)
{
    ReportState *s = VIEW_STATE(ReportState, w, VIEW_REPORT);
    const Report *r = app_report(w->app);
    value_free(s->at);
    s->at = r && !report_is_numbers(r) ? report_at(r, threshold, NULL) : NULL;
    s->threshold = threshold;
    s->moved = moved;
}

/* A new report: cursors begin anew where what they stood on is gone. */
static void follow(Workbench *w)
{
    ReportState *s = VIEW_STATE(ReportState, w, VIEW_REPORT);
    const Report *r = app_report(w->app);
    int count = report_panes(w);
    if (w->view == VIEW_REPORT && s->pane_left) {
        w->pane = s->pane_left - 1;
        s->pane_left = 0;
    }
    if (w->view == VIEW_REPORT && w->pane >= count)
        w->pane = count ? count - 1 : 0;
    if (s->of == r)
        return;
    value_free(s->at);
    *s = (ReportState){.of = r};
    if (r && !report_is_numbers(r)) {
        report_set_threshold(w, r->threshold, false);
        s->truth = report_is_two(r) ? (size_t)r->model->target.positive : 0;
        s->said = report_is_two(r) ? 1 - s->truth : 0;
    }
}

static void paint_at(const Workbench *w, Pen *pen, const ReportPane *pane, Rect where)
{
    Pen inner = pen_on(pen->cells, where);
    if (where.width > 0 && where.height > 1 && pane->fits(app_report(w->app)))
        pane->paint(w, &inner, where, report_focused(w) == pane);
}

static void paint_column(const Workbench *w, Pen *pen, Rect column, const ReportPane *const *list, const int *heights)
{
    int y = column.y, end = column.y + column.height;
    for (int i = 0; list[i] && y < end; i++) {
        if (!list[i]->fits(app_report(w->app)))
            continue;
        int height = heights[i] > 0 && heights[i] < end - y ? heights[i] : end - y;
        paint_at(w, pen, list[i], (Rect){column.x, y, column.width, height});
        y += height + 1;
    }
}

/* Rows of the card above the charts, charts two by two, and below them the rows that are worst. */
static void paint_charts(const Workbench *w, Pen *pen, Rect area)
{
    enum { WORST = 8 };
    const Report *r = app_report(w->app);
    const ReportPane *four[] = {&report_pane_roc, &report_pane_pr, &report_pane_calibration, &report_pane_gain};
    if (report_is_numbers(r)) {
        four[0] = &report_pane_predicted;
        four[1] = &report_pane_outputs;
        four[2] = four[3] = NULL;
    } else if (!report_is_two(r)) {
        four[3] = &report_pane_classes;
    }
    int rows = area.height - WORST - 1, top = four[2] ? (rows + 1) / 2 : rows, half = (area.width - GAP) / 2;
    bool pair = four[1]->fits(r);
    paint_at(w, pen, four[0], (Rect){area.x, area.y, pair ? half : area.width, top});
    paint_at(w, pen, four[1], (Rect){area.x + half + GAP, area.y, area.width - half - GAP, top});
    if (four[2]) {
        paint_at(w, pen, four[2], (Rect){area.x, area.y + top + 1, half, rows - top - 1});
        paint_at(w, pen, four[3], (Rect){area.x + half + GAP, area.y + top + 1, area.width - half - GAP, rows - top - 1});
    }
    paint_at(w, pen, &report_pane_worst, (Rect){area.x, area.y + rows + 1, area.width, area.height - rows - 1});
}

static void paint_front(const Workbench *w, Pen *pen, Rect body)
{
    static const ReportPane *const left[] = {&report_pane_threshold, &report_pane_residuals, &report_pane_confusion, &report_pane_figures,
                                             NULL};
    const Report *r = app_report(w->app);
    int classes = (int)r->model->target.classes.count, cells = classes + 3 < 12 ? classes + 3 : 12;
    int heights[] = {body.height - 16, body.height - 9, report_is_two(r) ? 6 : cells, 0, 0};
    Rect column = {body.x, body.y, LEFT, body.height};
    paint_column(w, pen, column, left, heights);
    paint_charts(w, pen, (Rect){body.x + LEFT + GAP, body.y, body.width - LEFT - GAP, body.height});
}

static void paint_behind(const Workbench *w, Pen *pen, Rect body)
{
    static const ReportPane *const left[] = {&report_pane_slices, NULL}, *const right[] = {&report_pane_origin, &report_pane_importance,
                                                                                           NULL};
    int side = 40, heights_left[] = {0, 0};
    int heights_right[] = {value_get(app_report(w->app)->card, "certificate") ? 19 : 13, 0, 0};
    paint_column(w, pen, (Rect){body.x, body.y, body.width - side - GAP, body.height}, left, heights_left);
    paint_column(w, pen, (Rect){body.x + body.width - side, body.y, side, body.height}, right, heights_right);
}

static void paint_none(const Workbench *w, Pen *pen, Rect body)
{
    static const char *const train[] = {"t train", "o open a run", NULL}, *const judge[] = {"v judge it on valid", "8 other runs", NULL};
    const char *doing;
    double share;
    const Tail *run = app_run(w->app);
    Rect in = frame_head(pen, body, true, "Report", "");
    if (*app_report_problem(w->app)) {
        int used = frame_text(pen, in, ROLE_STATE_ERROR, app_report_problem(w->app));
        frame_empty(pen, (Rect){in.x, in.y + used + 1, in.width, 1}, "Not judged.", judge);
    } else if (app_progress(w->app, &doing, &share)) {
        pen_format(pen, in.x, in.y, ROLE_STATE_RUNNING, "%s ...   Esc gives it up", doing);
    } else if (!run) {
        frame_empty(pen, in, "No model to judge.", train);
    } else if (!run->end) {
        frame_text(pen, in, ROLE_UI, "The run is going on. Its model is judged when it has ended; 5 shows how far it is.");
    } else {
        frame_empty(pen, in, "Not judged yet.", judge);
    }
}

/* One pane has the whole body. Where all are seen at once Tab goes only to those in which something can be done. */
static bool is_alone(const Workbench *w, Rect body)
{
    return w->zoomed || body.width < WIDE || body.height < HIGH;
}

static void paint(const Workbench *w, Pen *pen, Rect body)
{
    const ReportPane *focused = report_focused(w);
    if (!focused)
        paint_none(w, pen, body);
    else if (is_alone(w, body))
        paint_at(w, pen, focused, body);
    else if (focused->is_behind)
        paint_behind(w, pen, body);
    else
        paint_front(w, pen, body);
}

static bool key(Workbench *w, Key k)
{
    const ReportPane *focused = report_focused(w);
    int count = report_panes(w);
    if (!focused)
        return false;
    if (k.code == KEYS_TAB || k.code == KEYS_BACKTAB) {
        do
            w->pane = (w->pane + (k.code == KEYS_TAB ? 1 : count - 1)) % count;
        while (!is_alone(w, w->body) && !report_focused(w)->key && w->pane);
        return true;
    }
    return focused->key && focused->key(w, k);
}

static void status(const Workbench *w, Text *left, Text *right)
{
    const Report *r = app_report(w->app);
    const ReportState *s = VIEW_STATE(ReportState, w, VIEW_REPORT);
    if (!r) {
        text_add(left, *app_report_problem(w->app) ? "not judged" : "no report yet");
        return;
    }
    const Metric *m = metric_leading(target_classes(&r->model->target));
    char rows[NUMBER_ROOM], figure[METRIC_TITLE_ROOM];
    long long looks = (long long)value_get_int(value_get(r->card, "certificate"), "test_consulted", 0);
    text_addf(left, "%s, %s rows   %s %s", value_get_text(r->card, "on", ""), number_format_count(value_get_int(r->card, "rows", 0), rows),
              m->title, metric_format(m, value_get_real(value_get(r->card, "metrics"), m->spec.name, NAN), figure));
    if (app_run(w->app) && !text_equal(app_report_run(w->app), app_run(w->app)->path))
        text_add(left, "   of an earlier run; v judges the watched one");
    if (looks)
        text_addf(left, "   consulted %lld time%s", looks, looks == 1 ? "" : "s");
    if (report_is_two(r))
        text_addf(right, "threshold %.4g%s", s->threshold, s->moved ? ", by hand   w saves it" : "");
    else if (report_focused(w) && report_focused(w)->pick)
        text_add(right, "Enter opens the rows");
}

static void done(Workbench *w)
{
    value_free(VIEW_STATE(ReportState, w, VIEW_REPORT)->at);
}

const View view_report = {.name = "Report",
                          .state_size = sizeof(ReportState),
                          .paint = paint,
                          .key = key,
                          .status = status,
                          .refresh = follow,
                          .done = done,
                          .panes = 1};
