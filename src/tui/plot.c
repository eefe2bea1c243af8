/* Charts: painter's order is grid, marks, dots, lines, labels, names. */
#include "tui/plot.h"

#include <math.h>

#include "base/number.h"
#include "tui/plot_frame.h"

static void paint_mark(Pen *pen, const PlotFrame *f, const PlotMark *m)
{
    int x = plot_frame_column(f, m->x);
    if (!plot_frame_has(f, m->x))
        return;
    if (m->is_event)
        pen_glyph(pen, x, f->inner.y, m->role, m->glyph ? m->glyph : 0x25BE);
    else
        pen_fill(pen, (Rect){x, f->inner.y, 1, f->inner.height}, m->role, 0x250A);
}

/* Words come last: a dot that hides a letter would make another word of it. */
static void paint_mark_label(Pen *pen, const PlotFrame *f, const PlotMark *m)
{
    int x = plot_frame_column(f, m->x), right = f->area.x + f->area.width;
    int width = m->label ? (int)utf8_width(m->label) : 0;
    if (!width || !plot_frame_has(f, m->x))
        return;
    int at = x + 2 + width < right ? x + 2 : x - width - 1;
    if (at > f->inner.x)
        pen_text_fit(pen, at, f->inner.y, width, m->role, m->label);
}

/* While smoothed, the raw values stay as dots in the faint role. */
static size_t add_raw_dots(const Plot *p, PlotSeries *out)
{
    size_t n = 0;
    for (size_t i = 0; i < p->series_count && p->smooth > 0; i++) {
        const PlotSeries *s = &p->series[i];
        if (s->dots)
            continue;
        out[n] = *s;
        out[n].dots = true;
        out[n].name = NULL;
        out[n++].role = s->role == ROLE_SERIES_TRAIN   ? ROLE_SERIES_TRAIN_FAINT
                        : s->role == ROLE_SERIES_VALID ? ROLE_SERIES_VALID_FAINT
                                                       : ROLE_CHART_GRID;
    }
    return n;
}

static bool last_point(const PlotSeries *s, double *x, double *y)
{
    for (size_t i = s->count; i > 0; i--) {
        if (isfinite(s->y[i - 1])) {
            *x = s->x[i - 1];
            *y = s->y[i - 1];
            return true;
        }
    }
    return false;
}

static int free_row(const PlotFrame *f, int wanted, uint64_t *used)
{
    static const int moves[] = {0, 1, -1, 2, -2, 3, -3};
    for (size_t i = 0; i < sizeof moves / sizeof *moves; i++) {
        int row = wanted + moves[i] - f->inner.y;
        if (row >= 0 && row < f->inner.height && row < 64 && !(*used >> row & 1)) {
            *used |= (uint64_t)1 << row;
            return row + f->inner.y;
        }
    }
    return -1;
}

static void format_last(const PlotSeries *s, double y, char out[NUMBER_ROOM])
{
    if (y != 0 && fabs(y) < 0.01)
        number_format_rate(y, out);
    else if (fabs(y) >= 1e5)
        number_format_large(y, out);
    else
        number_format_fixed(y, s->decimals, out);
}

static void paint_name(Pen *pen, const PlotFrame *f, size_t index, uint64_t *used)
{
    const PlotSeries *s = &f->plot->series[index];
    char mark[3] = {f->plot->marked ? (char)plot_marker(f->plot, index) : 0, ' ', 0};
    double x, y;
    char value[NUMBER_ROOM];
    if (!s->name || s->dots || !last_point(s, &x, &y))
        return;
    int row = free_row(f, plot_frame_row(f, y), used);
    if (row < 0)
        return;
    format_last(s, y, value);
    char *label = text_format("%s%s%s%s", *mark ? mark : "", s->name, *s->name ? " " : "", value);
    int width = (int)utf8_width(label), end = f->area.x + f->area.width;
    int at = plot_frame_column(f, x) + 2;
    at = at + width > end ? end - width : at;
    at = at < f->inner.x ? f->inner.x : at;
    pen_text_fit(pen, at, row, end - at, s->role, label);
    mem_free(label);
}

/* A red cross at the foot of the column where a curve broke off into no number. */
static void paint_nan(Pen *pen, const PlotFrame *f, const PlotSeries *s)
{
    for (size_t i = 0; i < s->count && !s->dots; i++) {
        bool begins = isnan(s->y[i]) && (i == 0 || !isnan(s->y[i - 1]));
        double fraction = plot_frame_x(f, s->x[i]);
        if (begins && fraction >= 0 && fraction <= 1)
            pen_glyph(pen, plot_frame_column(f, s->x[i]), f->inner.y + f->inner.height - 1, ROLE_STATE_ERROR, 0x2717);
    }
}

static bool is_inside(double fraction)
{
    return fraction >= 0 && fraction <= 1;
}

static void paint_signs(Pen *pen, const PlotFrame *f, const PlotSeries *s)
{
    uint32_t glyph = f->plot->graph == GRAPH_ASCII ? '*' : s->sign;
    for (size_t i = 0; s->sign && i < s->count; i++)
        if (is_inside(plot_frame_x(f, s->x[i])) && is_inside(plot_frame_y(f, s->y[i])))
            pen_glyph(pen, plot_frame_column(f, s->x[i]), plot_frame_row(f, s->y[i]), s->role, glyph);
}

static void paint_cursor(Pen *pen, const PlotFrame *f)
{
    int x = plot_frame_column(f, f->plot->cursor_x);
    for (int y = f->inner.y; y < f->inner.y + f->inner.height; y++) {
        const Cell *cell = cells_at(pen->cells, x, y);
        bool is_free = cell && (cell->glyph == ' ' || cell->role == ROLE_CHART_GRID);
        if (cell)
            pen_glyph(pen, x, y, ROLE_CHART_CURSOR, is_free ? 0x2502 : cell->glyph);
    }
}

static void paint_frame(Pen *pen, const PlotFrame *f, PlotReport *report)
{
    const Plot *p = f->plot;
    uint64_t used = 0;
    plot_frame_paint_axes(pen, f);
    for (size_t i = 0; i < p->marks_count; i++)
        paint_mark(pen, f, &p->marks[i]);
    plot_frame_paint_lines(pen, f, report);
    for (size_t i = 0; i < p->series_count; i++)
        paint_signs(pen, f, &p->series[i]);
    for (size_t i = 0; i < p->marks_count; i++)
        paint_mark_label(pen, f, &p->marks[i]);
    for (size_t i = 0; i < p->series_count; i++) {
        paint_nan(pen, f, &p->series[i]);
        paint_name(pen, f, i, &used);
    }
    if (isfinite(p->cursor_x) && p->cursor_x >= p->x_min && p->cursor_x <= p->x_max)
        paint_cursor(pen, f);
}

void plot_paint(Pen *pen, Rect area, const Plot *plot, PlotReport *report)
{
    PlotReport unused;
    PlotReport *r = report ? report : &unused;
    *r = (PlotReport){0};
    Plot p = *plot;
    PlotSeries *series = mem_alloc((2 * plot->series_count + 1) * sizeof *series);
    size_t dots = add_raw_dots(plot, series);
    for (size_t i = 0; i < plot->series_count; i++)
        series[dots + i] = plot->series[i];
    p.series = series;
    p.series_count = dots + plot->series_count;
    PlotFrame f;
    plot_frame_init(&f, area, &p);
    if (f.inner.width > 1 && f.inner.height > 1)
        paint_frame(pen, &f, r);
    mem_free(series);
}
