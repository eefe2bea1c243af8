/* Tables of the Report view: confusion, figures with intervals, classes, the worst rows. */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "base/number.h"
#include "views/frame.h"
#include "views/report.h"

enum { CELL = 9, LEAST = 6 };

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

static bool fits_classes(const Report *r)
{
    return !report_is_numbers(r);
}

/* Darker where more of the true class went there; the number stands inside. */
static Role heat(double share)
{
    static const Role ramp[] = {ROLE_RAMP_1, ROLE_RAMP_2, ROLE_RAMP_3, ROLE_RAMP_4, ROLE_RAMP_5};
    int step = (int)(share * 5);
    return ramp[step > 4 ? 4 : step < 0 ? 0 : step];
}

typedef struct ConfusionPaint {
    const Value *cells;
    Rect in;
    int names, cell, first; /* widths; the first class that is shown as a column */
    bool focused;
} ConfusionPaint;

static void paint_truth(const Workbench *w, Pen *pen, const ConfusionPaint *c, size_t truth, int y)
{
    const Value *row = c->cells->items[truth];
    int64_t all = 0;
    char number[NUMBER_ROOM];
    for (size_t k = 0; k < value_entries(row); k++)
        all += row->items[k]->integer;
    pen_text_fit(pen, c->in.x, y, c->names - 1, ROLE_UI, c->cells->keys[truth]);
    for (size_t k = (size_t)c->first; k < value_entries(row); k++) {
        int x = c->in.x + c->names + (int)(k - (size_t)c->first) * c->cell;
        double share = all ? (double)row->items[k]->integer / (double)all : 0;
        if (x + c->cell > c->in.x + c->in.width)
            break;
        pen_fill(pen, (Rect){x, y, c->cell - 1, 1}, heat(share), ' ');
        number_format_count(row->items[k]->integer, number);
        char *text = c->cell >= 15 ? text_format("%s %4.0f %%", number, 100 * share) : mem_strdup(number);
        pen_text_right(pen, x, y, c->cell - 2, heat(share), text);
        mem_free(text);
        if (c->focused && truth == state(w)->truth && k == state(w)->said)
            pen_ground(pen, (Rect){x, y, c->cell - 1, 1}, GROUND_CELL);
    }
}

static void paint_confusion(const Workbench *w, Pen *pen, Rect pane, bool focused)
{
    const Report *r = app_report(w->app);
    const Value *cells = value_get(state(w)->at, "confusion");
    int classes = (int)value_entries(cells), names = 6;
    Rect in = {pane.x, pane.y + 1, pane.width, pane.height - 1};
    for (int k = 0; k < classes; k++)
        if ((int)utf8_width(cells->keys[k]) + 2 > names)
            names = (int)utf8_width(cells->keys[k]) + 2;
    names = names > in.width / 3 ? in.width / 3 : names;
    int room = classes ? (in.width - names) / classes : 0;
    int cell = room >= 16 ? 16 : room >= CELL ? CELL : room >= LEAST ? room : LEAST, most = (in.width - names) / cell, rows = in.height - 1;
    int first = (int)state(w)->said >= most ? (int)state(w)->said - most + 1 : 0;
    int top = (int)state(w)->truth >= rows ? (int)state(w)->truth - rows + 1 : 0;
    ConfusionPaint c = {cells, in, names, cell, first, focused};
    char *remark = report_is_two(r) ? text_format("at %.4g   rows, share of the truth", state(w)->threshold)
                   : most < classes ? text_format("%d of %d columns", most, classes)
                                    : mem_strdup(r->model->target.costs ? "decided by cost" : "rows");
    frame_head(pen, pane, focused, "Confusion", remark);
    mem_free(remark);
    pen_text_fit(pen, in.x, in.y, names, ROLE_UI_DIM, "truth");
    for (int k = first; k < classes && k - first < most; k++) {
        char *said = text_format("said %s", cells->keys[k]);
        pen_text_right(pen, in.x + names + (k - first) * cell - 1, in.y, cell - 1, ROLE_UI_DIM, cell >= 15 ? said : cells->keys[k]);
        mem_free(said);
    }
    for (int truth = top; truth < classes && truth - top < rows; truth++)
        paint_truth(w, pen, &c, (size_t)truth, in.y + 1 + truth - top);
    if (report_is_two(r) && in.height >= classes + 6)
        report_paint_decided(w, pen, (Rect){in.x, in.y + classes + 2, in.width, 3});
}

static bool key_confusion(Workbench *w, Key k)
{
    ReportState *s = VIEW_STATE(ReportState, w, VIEW_REPORT);
    size_t last = value_entries(value_get(s->at, "confusion"));
    last -= last > 0;
    if (k.code == KEYS_LEFT || key_is(k, 'h'))
        s->said -= s->said > 0;
    else if (k.code == KEYS_RIGHT || key_is(k, 'l'))
        s->said += s->said < last;
    else if (k.code == KEYS_UP || key_is(k, 'k'))
        s->truth -= s->truth > 0;
    else if (k.code == KEYS_DOWN || key_is(k, 'j'))
        s->truth += s->truth < last;
    else
        return false;
    return true;
}

static bool pick_cell(const Workbench *w, ReportPick *out)
{
    out->place = REPORT_AT_CELL;
    out->a = state(w)->truth;
    out->b = state(w)->said;
    return true;
}

const ReportPane report_pane_confusion = {
    .title = "Confusion", .fits = fits_classes, .paint = paint_confusion, .key = key_confusion, .pick = pick_cell};

static bool fits_many(const Report *r)
{
    return !report_is_numbers(r) && !report_is_two(r);
}

static void paint_classes(const Workbench *w, Pen *pen, Rect pane, bool focused)
{
    const Value *list = value_get(state(w)->at, "per_class");
    Rect in = frame_head(pen, pane, focused, "Classes", "precision, recall, F1");
    enum { FIGURE = 6 };
    int names = in.width - 4 * (FIGURE + 1);
    static const char *const heads[] = {"rows", "prec", "recall", "F1"};
    for (int k = 0; k < 4; k++)
        pen_text_right(pen, in.x + names + k * (FIGURE + 1), in.y, FIGURE + 1, ROLE_UI_DIM, heads[k]);
    for (size_t i = 0; i < value_items(list) && (int)i + 1 < in.height; i++) {
        const Value *one = list->items[i];
        int y = in.y + 1 + (int)i;
        pen_text_fit(pen, in.x, y, names - 1, ROLE_UI, value_get_text(one, "class", ""));
        static const char *const keys[] = {"rows", "precision", "recall", METRIC_F1};
        for (int k = 0; k < 4; k++)
            report_number(pen, in.x + names + k * (FIGURE + 1), y, FIGURE + 1, ROLE_UI, real(one, keys[k]), k ? 3 : 0);
    }
}

const ReportPane report_pane_classes = {.title = "Classes", .fits = fits_many, .paint = paint_classes};

/* The metric that decides comparisons is the headline. */
static void paint_figures(const Workbench *w, Pen *pen, Rect pane, bool focused)
{
    const Report *r = app_report(w->app);
    const Value *metrics = value_get(r->card, "metrics"), *intervals = value_get(r->card, "intervals");
    const Metric *leading = metric_leading(target_classes(&r->model->target));
    bool is_test = app_report_part(w->app) == PART_TEST;
    char *title = text_format("%s", is_test ? "Test" : "Validation");
    Rect in = frame_head(pen, pane, focused, title, "95 % interval");
    mem_free(title);
    int y = in.y, end = in.y + in.height;
    for (size_t i = 0; i < metric_count() && y < end; i++) {
        const Metric *m = metric_at(i);
        const Value *ends = value_get(intervals, m->spec.name);
        double x = real(metrics, m->spec.name);
        if (!isfinite(x) || (m->is_minor && in.height < 16))
            continue;
        pen_text_fit(pen, in.x, y, in.width - 27, ROLE_UI_DIM, m->title);
        report_number(pen, in.x + in.width - 27, y, 9, m == leading ? ROLE_UI_STRONG : ROLE_UI, x, m->decimals);
        if (value_items(ends) == 2) {
            char *text = text_format("%.*f to %.*f", m->decimals > 3 ? 3 : m->decimals, value_number(ends->items[0]),
                                     m->decimals > 3 ? 3 : m->decimals, value_number(ends->items[1]));
            pen_text_right(pen, in.x + in.width - 17, y, 17, ROLE_UI_DIM, text);
            mem_free(text);
        }
        y++;
    }
}

const ReportPane report_pane_figures = {.title = "Figures", .fits = fits_any, .paint = paint_figures};

/* The column that a feature was made of: the longest name with which its own begins; TABLE_NONE. */
static int column_of(const Table *t, const char *feature)
{
    int found = TABLE_NONE;
    for (size_t c = 0; c < t->columns_count; c++)
        if (text_starts(feature, t->names[c]) && (found == TABLE_NONE || strlen(t->names[c]) > strlen(t->names[found])))
            found = (int)c;
    return found;
}

/* Columns in the order in which they matter to the model, then the others. order: room for all. */
static void order_columns(const Report *r, size_t *order)
{
    const Table *t = r->judged.rows;
    const Value *features = value_get(r->card, "importance");
    size_t count = 0, all = value_items(features) + t->columns_count;
    for (size_t i = 0; i < all; i++) {
        bool ranked = i < value_items(features);
        int c = ranked ? column_of(t, value_get_text(features->items[i], "feature", "")) : (int)(i - value_items(features));
        bool is_new = c != TABLE_NONE;
        for (size_t k = 0; k < count; k++)
            is_new = is_new && order[k] != (size_t)c;
        if (is_new)
            order[count++] = (size_t)c;
    }
}

/* A cell of the raw row, for the columns that still have room; at SIZE_MAX: their names. */
static void paint_cells(const Report *r, Pen *pen, Rect row, size_t at, int x)
{
    const Table *t = r->judged.rows;
    Text text = {0};
    size_t *order = mem_alloc((t->columns_count + 1) * sizeof *order);
    order_columns(r, order);
    for (size_t i = 0; i < t->columns_count; i++) {
        size_t c = order[i];
        const Column *column = t->columns[c];
        int width = (int)utf8_width(t->names[c]) + 2;
        width = width < 9 ? 9 : width > 16 ? 16 : width;
        if (column->type == COLUMN_ARRAY || text_equal(t->names[c], r->model->target.name) || x + width > row.x + row.width)
            continue;
        text_clear(&text);
        if (at == SIZE_MAX)
            text_add(&text, t->names[c]);
        else if (column_is_valid(column, at))
            column_format(column, at, &text);
        else
            text_add(&text, "null");
        Role role = at == SIZE_MAX ? ROLE_UI_DIM : column_is_valid(column, at) ? ROLE_UI : ROLE_DATA_NULL;
        if (column_is_numeric(column) && column->type != COLUMN_BOOL)
            pen_text_right(pen, x, row.y, width - 2, role, text_get(&text));
        else
            pen_text_fit(pen, x, row.y, width - 2, role, text_get(&text));
        x += width;
    }
    mem_free(order);
    text_done(&text);
}

/* Its place among the judged rows; SIZE_MAX: not there. */
static size_t place_of(const Report *r, int64_t row)
{
    for (size_t i = 0; i < r->out.data.rows; i++)
        if ((int64_t)r->out.data.row_ids[i] + 1 == row)
            return r->at[i];
    return SIZE_MAX;
}

typedef struct WorstPaint {
    const Report *r;
    const Value *list;
} WorstPaint;

/* As many digits as tell two of them apart. */
static const char *shown(double x, char out[NUMBER_ROOM])
{
    snprintf(out, NUMBER_ROOM, "%.6g", x);
    return out;
}

static void paint_worst_row(const void *self, Pen *pen, Rect row, size_t index, bool is_cursor)
{
    (void)is_cursor;
    const WorstPaint *p = self;
    const Value *one = p->list->items[index];
    const Report *r = p->r;
    char number[NUMBER_ROOM], said[NUMBER_ROOM];
    pen_text_right(pen, row.x, row.y, 8, ROLE_DATA_KEY, number_format_count(value_get_int(one, "row", 0), number));
    int x = row.x + 10;
    if (report_is_numbers(r)) {
        pen_text_right(pen, x, row.y, 10, ROLE_UI, shown(real(one, "truth"), number));
        pen_text_right(pen, x + 11, row.y, 10, ROLE_UI_STRONG, shown(real(one, "said"), said));
        x += 23;
    } else {
        char *text = report_is_two(r) ? text_format("%.1f %% %s", 100 * real(one, "p"), value_get_text(r->card, "positive", ""))
                                      : text_format("%s", value_get_text(one, "said", ""));
        pen_text_fit(pen, x, row.y, 10, ROLE_UI, value_get_text(one, "truth", ""));
        pen_text_fit(pen, x + 11, row.y, 12, ROLE_UI_STRONG, text);
        mem_free(text);
        x += 25;
    }
    size_t at = place_of(r, value_get_int(one, "row", 0));
    if (at != SIZE_MAX)
        paint_cells(r, pen, row, at, x);
}

static void paint_worst(const Workbench *w, Pen *pen, Rect pane, bool focused)
{
    const Report *r = app_report(w->app);
    WorstPaint p = {r, value_get(r->card, "worst")};
    Rect in = frame_head(pen, pane, focused, "Worst rows",
                         report_is_numbers(r) ? "farthest from the truth" : "surest and wrong   Enter opens the row");
    pen_text_right(pen, in.x, in.y, 8, ROLE_UI_DIM, "row");
    if (report_is_numbers(r)) {
        pen_text_right(pen, in.x + 10, in.y, 10, ROLE_UI_DIM, "truth");
        pen_text_right(pen, in.x + 21, in.y, 10, ROLE_UI_DIM, "said");
    } else {
        pen_text(pen, in.x + 10, in.y, ROLE_UI_DIM, "truth");
        pen_text(pen, in.x + 21, in.y, ROLE_UI_DIM, "said");
    }
    paint_cells(r, pen, (Rect){in.x, in.y, in.width, 1}, SIZE_MAX, in.x + (report_is_numbers(r) ? 33 : 35));
    list_paint(pen, (Rect){in.x, in.y + 1, in.width, in.height - 1}, &state(w)->worst, value_items(p.list), focused, paint_worst_row, &p);
}

static bool key_worst(Workbench *w, Key k)
{
    return list_key(&VIEW_STATE(ReportState, w, VIEW_REPORT)->worst, k, value_items(value_get(app_report(w->app)->card, "worst")), 6);
}

static bool pick_worst(const Workbench *w, ReportPick *out)
{
    out->place = REPORT_AT_WORST;
    out->a = state(w)->worst.cursor;
    return true;
}

const ReportPane report_pane_worst = {.title = "Worst rows", .fits = fits_any, .paint = paint_worst, .key = key_worst, .pick = pick_worst};
