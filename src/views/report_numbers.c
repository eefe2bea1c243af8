/* The Report view of a model that gives numbers: how residuals lie, whether they depend on the prediction, and each output of several. */
#include <math.h>

#include "base/number.h"
#include "tui/plot.h"
#include "views/frame.h"
#include "views/report.h"

static const ReportState *state(const Workbench *w)
{
    return VIEW_STATE(ReportState, w, VIEW_REPORT);
}

static double real(const Value *v, const char *key)
{
    return value_get_real(v, key, (double)NAN);
}

static bool fits_numbers(const Report *r)
{
    return report_is_numbers(r);
}

static const Value *first_output(const Workbench *w)
{
    return value_get(app_report(w->app)->card, "residuals")->items[0];
}

typedef struct BinPaint {
    const Value *bins;
    double most;
    bool ascii;
} BinPaint;

static void paint_bin(const void *self, Pen *pen, Rect row, size_t index, bool is_cursor)
{
    (void)is_cursor;
    const BinPaint *p = self;
    const Value *bin = p->bins->items[index];
    char low[NUMBER_ROOM], rows[NUMBER_ROOM];
    double middle = (real(bin, "low") + real(bin, "high")) / 2, count = real(bin, "rows");
    bool is_first = index == 0, is_last = index + 1 == value_items(p->bins);
    number_format_large(is_first ? real(bin, "high") : is_last ? real(bin, "low") : middle, low);
    char *label = text_format("%s%s", is_first ? "< " : is_last ? "> " : "", low);
    pen_text_right(pen, row.x, row.y, 9, fabs(middle) < 1e-9 * p->most ? ROLE_UI_STRONG : ROLE_UI_DIM, label);
    if (count > 0)
        plot_bar(pen, row.x + 11, row.y, row.width - 19, count / p->most, ROLE_CHART_BAR, p->ascii);
    pen_text_right(pen, row.x, row.y, row.width, ROLE_UI, number_format_count((int64_t)count, rows));
    mem_free(label);
}

static void paint_residuals(const Workbench *w, Pen *pen, Rect pane, bool focused)
{
    const Value *output = first_output(w);
    BinPaint p = {value_get(output, "bins"), 1, w->graph == GRAPH_ASCII};
    char mean[NUMBER_ROOM], sd[NUMBER_ROOM];
    for (size_t i = 0; i < value_items(p.bins); i++)
        p.most = fmax(p.most, real(p.bins->items[i], "rows"));
    number_format_large(real(output, "mean"), mean);
    number_format_large(real(output, "sd"), sd);
    char *remark = text_format("mean %s, sd %s", mean, sd);
    Rect in = frame_head(pen, pane, focused, "Actual minus predicted", remark);
    mem_free(remark);
    list_paint(pen, in, &state(w)->residuals, value_items(p.bins), focused, paint_bin, &p);
}

static bool key_residuals(Workbench *w, Key k)
{
    return list_key(&VIEW_STATE(ReportState, w, VIEW_REPORT)->residuals, k, value_items(value_get(first_output(w), "bins")), 8);
}

static bool pick_residual(const Workbench *w, ReportPick *out)
{
    out->place = REPORT_AT_RESIDUAL;
    out->a = 0;
    out->b = state(w)->residuals.cursor;
    return true;
}

const ReportPane report_pane_residuals = {
    .title = "Residuals", .fits = fits_numbers, .paint = paint_residuals, .key = key_residuals, .pick = pick_residual};

/* Tenths of the rows by what was predicted: the mean residual leans where the model does, its distance grows where it knows less. */
static void paint_predicted(const Workbench *w, Pen *pen, Rect pane, bool focused)
{
    const Value *parts = value_get(first_output(w), "by_predicted");
    double most = 0;
    char low[NUMBER_ROOM], high[NUMBER_ROOM], mean[NUMBER_ROOM], away[NUMBER_ROOM];
    Rect in = frame_head(pen, pane, focused, "By prediction", "tenths of the rows");
    pen_text_right(pen, in.x, in.y, 18, ROLE_UI_DIM, "predicted");
    pen_text_right(pen, in.x + 19, in.y, 8, ROLE_UI_DIM, "off by");
    pen_text_right(pen, in.x + 28, in.y, 8, ROLE_UI_DIM, "mean");
    for (size_t i = 0; i < value_items(parts); i++)
        most = fmax(most, real(parts->items[i], "away"));
    for (size_t i = 0; i < value_items(parts) && (int)i + 1 < in.height; i++) {
        const Value *one = parts->items[i];
        int y = in.y + 1 + (int)i;
        number_format_large(real(one, "low"), low);
        number_format_large(real(one, "high"), high);
        number_format_large(fabs(real(one, "mean")), mean);
        number_format_large(real(one, "away"), away);
        char *range = text_format("%s to %s", low, high), *lean = text_format("%s%s", real(one, "mean") < 0 ? "\u2212" : "+", mean);
        pen_text_right(pen, in.x, y, 18, ROLE_UI_DIM, range);
        pen_text_right(pen, in.x + 19, y, 8, ROLE_UI, away);
        pen_text_right(pen, in.x + 28, y, 8, ROLE_UI, lean);
        if (most > 0 && in.width > 44)
            plot_bar(pen, in.x + 38, y, in.width - 38, real(one, "away") / most, ROLE_CHART_BAR, w->graph == GRAPH_ASCII);
        mem_free(range);
        mem_free(lean);
    }
}

const ReportPane report_pane_predicted = {.title = "By prediction", .fits = fits_numbers, .paint = paint_predicted};

static const Value *outputs_of(const Report *r)
{
    const Value *metrics = value_get(r->card, "metrics"), *ahead = value_get(metrics, "by_horizon");
    return ahead ? ahead : value_get(metrics, "by_output");
}

static bool fits_outputs(const Report *r)
{
    return report_is_numbers(r) && outputs_of(r);
}

/* Each step of a horizon, or each number of the target, with what the last value would have given. */
static void paint_outputs(const Workbench *w, Pen *pen, Rect pane, bool focused)
{
    const Report *r = app_report(w->app);
    const Value *list = outputs_of(r);
    const Metric *m = metric_leading(0);
    bool ahead = value_get(value_get(r->card, "metrics"), "by_horizon");
    Rect in = frame_head(pen, pane, focused, ahead ? "By step ahead" : "By output", m->title);
    char *last = text_format("last %s", m->title);
    double most = 0;
    pen_text_fit(pen, in.x, in.y, 12, ROLE_UI_DIM, ahead ? "ahead" : "output");
    pen_text_right(pen, in.x + 14, in.y, 9, ROLE_UI_DIM, m->title);
    if (ahead)
        pen_text_right(pen, in.x + 24, in.y, 12, ROLE_UI_DIM, last);
    mem_free(last);
    for (size_t i = 0; i < value_items(list); i++)
        most = fmax(most, real(list->items[i], m->spec.name));
    for (size_t i = 0; i < value_items(list) && (int)i + 1 < in.height; i++) {
        const Value *one = list->items[i];
        int y = in.y + 1 + (int)i;
        pen_text_fit(pen, in.x, y, 13, ROLE_UI, value_get_text(one, "output", ""));
        report_number(pen, in.x + 14, y, 9, ROLE_UI_STRONG, real(one, m->spec.name), m->decimals);
        if (ahead)
            report_number(pen, in.x + 24, y, 12, ROLE_UI_DIM, real(value_get(one, "last"), m->spec.name), m->decimals);
        if (most > 0 && in.width > 44)
            plot_bar(pen, in.x + 38, y, in.width - 38, real(one, m->spec.name) / most, ROLE_CHART_BAR, w->graph == GRAPH_ASCII);
    }
}

const ReportPane report_pane_outputs = {.title = "By output", .fits = fits_outputs, .paint = paint_outputs};
