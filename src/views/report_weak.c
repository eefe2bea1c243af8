/* The second page of the Report view: figures by slices of each column, what the features are worth, and what this run is. */
#include <math.h>
#include <string.h>

#include "base/number.h"
#include "learn/certificate.h"
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

static bool fits_any(const Report *r)
{
    (void)r;
    return true;
}

static bool fits_slices(const Report *r)
{
    return value_items(value_get(r->card, "slices"));
}

typedef struct SlicePaint {
    const Report *r;
    const Value *list;
    const Metric *m;
    double low, high;
    bool ascii;
} SlicePaint;

static void paint_column_row(const void *self, Pen *pen, Rect row, size_t index, bool is_cursor)
{
    (void)is_cursor;
    const SlicePaint *p = self;
    const Value *one = p->list->items[index];
    pen_text_fit(pen, row.x, row.y, row.width - 9, ROLE_UI, value_get_text(one, "column", ""));
    report_number(pen, row.x + row.width - 8, row.y, 8, ROLE_UI, real(one, "gap"), p->m->decimals);
}

/* Three figures stand behind the names, and bars where there is room. */
static int names_width(int width)
{
    enum { FIGURES = 25, BARS = 12, LEAST = 10, MOST = 28 };
    int names = width - FIGURES - (width > FIGURES + BARS + MOST ? BARS : 0);
    return names < LEAST ? LEAST : names > MOST ? MOST : names;
}

static void paint_item_row(const void *self, Pen *pen, Rect row, size_t index, bool is_cursor)
{
    (void)is_cursor;
    const SlicePaint *p = self;
    const Value *one = p->list->items[index];
    int64_t rows = value_get_int(one, "rows", 0);
    double x = real(one, p->m->spec.name), span = p->high - p->low;
    Role role = rows < 30 ? ROLE_UI_DIM : ROLE_UI;
    char number[NUMBER_ROOM];
    int names = names_width(row.width);
    pen_text_fit(pen, row.x, row.y, names - 1, role, value_get_text(one, "value", ""));
    pen_text_right(pen, row.x + names, row.y, 7, role, number_format_count(rows, number));
    report_number(pen, row.x + names + 8, row.y, 9, role, x, p->m->decimals);
    report_number(pen, row.x + names + 18, row.y, 7, ROLE_UI_DIM, real(one, METRIC_LOSS), 3);
    if (isfinite(x) && span > 0 && row.width - names - 28 > 4)
        plot_bar(pen, row.x + names + 27, row.y, row.width - names - 27, (x - p->low) / span, ROLE_CHART_BAR, p->ascii);
}

/* Bars begin at 0, or where the metric is no better than luck: half for one that ends at 1 and is better high. */
static void range_of(SlicePaint *p)
{
    p->low = 0;
    p->high = 0;
    for (size_t i = 0; i < value_items(p->list); i++) {
        double x = real(p->list->items[i], p->m->spec.name);
        p->high = isfinite(x) ? fmax(p->high, x) : p->high;
        p->low = isfinite(x) ? fmin(p->low, x) : p->low;
    }
}

static void paint_slices(const Workbench *w, Pen *pen, Rect pane, bool focused)
{
    enum { NARROW = 60 };
    const Report *r = app_report(w->app);
    const ReportState *s = state(w);
    SlicePaint p = {.r = r, .list = value_get(r->card, "slices"), .m = metric_leading(target_classes(&r->model->target))};
    bool both = pane.width >= NARROW;
    const Value *column = p.list->items[s->slices.cursor];
    char *remark = text_format("%s of the rows by each column's values   Enter %s", p.m->title, s->in_items ? "rows" : "values");
    Rect in = frame_head(pen, pane, focused, "Slices", remark);
    mem_free(remark);
    int left = both ? 26 : in.width;
    if (both || !s->in_items) {
        pen_text(pen, in.x, in.y, ROLE_UI_DIM, "column");
        pen_text_right(pen, in.x, in.y, left, ROLE_UI_DIM, "gap");
        list_paint(pen, (Rect){in.x, in.y + 1, left, in.height - 1}, &s->slices, value_items(p.list), focused && !s->in_items,
                   paint_column_row, &p);
    }
    if (!both && !s->in_items)
        return;
    Rect right = both ? (Rect){in.x + left + 3, in.y, in.width - left - 3, in.height} : in;
    int names = names_width(right.width);
    pen_text_fit(pen, right.x, right.y, names - 1, ROLE_UI_STRONG, value_get_text(column, "column", ""));
    pen_text_right(pen, right.x + names, right.y, 7, ROLE_UI_DIM, "rows");
    pen_text_right(pen, right.x + names + 8, right.y, 9, ROLE_UI_DIM, p.m->title);
    pen_text_right(pen, right.x + names + 18, right.y, 7, ROLE_UI_DIM, report_is_numbers(r) ? "off, sd" : "loss");
    p.list = value_get(column, "items");
    p.ascii = w->graph == GRAPH_ASCII;
    range_of(&p);
    list_paint(pen, (Rect){right.x, right.y + 1, right.width, right.height - 1}, &s->items, value_items(p.list), focused && s->in_items,
               paint_item_row, &p);
}

/* Right or Enter goes from the columns to the values of one, Left or Esc back. */
static bool key_slices(Workbench *w, Key k)
{
    ReportState *s = VIEW_STATE(ReportState, w, VIEW_REPORT);
    const Value *list = value_get(app_report(w->app)->card, "slices"), *items = value_get(list->items[s->slices.cursor], "items");
    if (!s->in_items && (k.code == KEYS_ENTER || k.code == KEYS_RIGHT || key_is(k, 'l'))) {
        s->in_items = true;
        s->items = (ListState){0};
        return true;
    }
    if (s->in_items && (k.code == KEYS_LEFT || k.code == KEYS_ESCAPE || key_is(k, 'h'))) {
        s->in_items = false;
        return true;
    }
    return s->in_items ? list_key(&s->items, k, value_items(items), 10) : list_key(&s->slices, k, value_items(list), 10);
}

static bool pick_slice(const Workbench *w, ReportPick *out)
{
    out->place = REPORT_AT_SLICE;
    out->a = state(w)->slices.cursor;
    out->b = state(w)->items.cursor;
    return state(w)->in_items;
}

const ReportPane report_pane_slices = {
    .title = "Slices", .fits = fits_slices, .paint = paint_slices, .key = key_slices, .pick = pick_slice, .is_behind = true};

static void paint_weight(const void *self, Pen *pen, Rect row, size_t index, bool is_cursor)
{
    (void)is_cursor;
    const SlicePaint *p = self;
    const Value *one = p->list->items[index];
    double worth = real(one, "worth");
    int names = row.width / 2;
    pen_text_fit(pen, row.x, row.y, names - 1, ROLE_UI, value_get_text(one, "feature", ""));
    report_number(pen, row.x + names, row.y, 9, ROLE_UI, worth, p->m->decimals);
    if (worth > 0 && p->high > 0 && row.width - names - 11 > 4)
        plot_bar(pen, row.x + names + 11, row.y, row.width - names - 11, worth / p->high, ROLE_CHART_BAR, p->ascii);
}

static void paint_importance(const Workbench *w, Pen *pen, Rect pane, bool focused)
{
    const Report *r = app_report(w->app);
    SlicePaint p = {.r = r,
                    .list = value_get(r->card, "importance"),
                    .m = metric_leading(target_classes(&r->model->target)),
                    .ascii = w->graph == GRAPH_ASCII};
    char *remark = text_format("%s lost when shuffled", p.m->title);
    Rect in = frame_head(pen, pane, focused, "Importance", remark);
    mem_free(remark);
    if (!value_items(p.list)) {
        frame_text(pen, in, ROLE_UI_DIM,
                   "Not measured: it takes long for so many rows and features. limbeck evaluate RUN --importance does it.");
        return;
    }
    p.high = real(p.list->items[0], "worth");
    list_paint(pen, in, &state(w)->weights, value_items(p.list), focused, paint_weight, &p);
}

static bool key_importance(Workbench *w, Key k)
{
    return list_key(&VIEW_STATE(ReportState, w, VIEW_REPORT)->weights, k, value_items(value_get(app_report(w->app)->card, "importance")),
                    10);
}

const ReportPane report_pane_importance = {
    .title = "Importance", .fits = fits_any, .paint = paint_importance, .key = key_importance, .is_behind = true};

static int paint_line(Pen *pen, Rect in, int y, const char *name, const char *value)
{
    enum { NAME = 11 };
    if (y >= in.y + in.height)
        return y;
    pen_text(pen, in.x, y, ROLE_UI_DIM, name);
    return y + frame_text(pen, (Rect){in.x + NAME, y, in.width - NAME, in.y + in.height - y}, ROLE_UI, value);
}

static char *decision_text(const Workbench *w, const Report *r)
{
    const Value *decision = value_get(value_get(r->card, "model"), "decision");
    Text text = {0};
    if (report_is_two(r))
        text_addf(&text, "%.4g", state(w)->threshold);
    if (state(w)->moved)
        text_add(&text, ", by hand");
    else if (decision)
        text_addf(&text, "%schosen by %s%s%s", text.size ? ", " : "", value_get_text(decision, "by", ""),
                  value_get(decision, "on") ? " on " : "", value_get_text(decision, "on", ""));
    if (r->model->target.costs) {
        Text costs = {0};
        costs_to_text(&r->model->target, r->model->target.costs, &costs);
        text_addf(&text, "; costs %s", text_get(&costs));
        text_done(&costs);
    }
    if (!text.size)
        text_add(&text, "the likeliest class");
    return text_take(&text);
}

/* One screen that says where the model comes from: file, run, split, training, decision, and what the test part has said. */
static void paint_origin(const Workbench *w, Pen *pen, Rect pane, bool focused)
{
    const Report *r = app_report(w->app);
    const Document *d = app_report_document(w->app);
    const Bundle *b = r->model;
    Rect in = frame_head(pen, pane, focused, "This run", "");
    char *model = text_format("%s   %.12s", value_get_text(value_get(r->card, "model"), "net", ""),
                              value_get_text(value_get(r->card, "model"), "hash", ""));
    char *training = text_format("epoch %lld of %lld, seed %lld", (long long)value_get_int(b->facts, "best_epoch", 0),
                                 (long long)value_get_int(b->facts, "epochs", 0), (long long)value_get_int(b->facts, "seed", 0));
    char *data = text_format("%s   %.12s", d && d->pipeline->file ? d->pipeline->file : "", value_get_text(b->facts, "data", ""));
    int y = paint_line(pen, in, in.y, "data", data);
    y = paint_line(pen, in, y, "model", model);
    y = paint_line(pen, in, y, "training", training);
    if (!report_is_numbers(r)) {
        char *decision = decision_text(w, r);
        y = paint_line(pen, in, y, "threshold", decision);
        mem_free(decision);
    }
    y = paint_line(pen, in, y, "file", app_report_model(w->app));
    if (value_get(r->card, "certificate")) {
        Text text = {0};
        certificate_line(value_get(r->card, "certificate"), &text);
        const char *words = text_get(&text);
        y = paint_line(pen, in, y, "test", strchr(words, ' ') ? strchr(words, ' ') + 1 : words);
        text_done(&text);
    } else {
        y = paint_line(pen, in, y, "test", "not asked; T asks it, and the look is counted");
    }
    mem_free(model);
    mem_free(training);
    mem_free(data);
}

const ReportPane report_pane_origin = {.title = "This run", .fits = fits_any, .paint = paint_origin, .is_behind = true};
