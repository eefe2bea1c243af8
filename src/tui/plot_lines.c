/* Lines and dots in sub-cells. Each sub-column keeps least, greatest, first and last value of its points, so a spike survives any
 * number of points and the work is bounded by the width. */
#include <math.h>
#include <string.h>

#include "tui/plot_frame.h"

typedef struct Column { /* rows from the top, in sub-cells */
    double least, greatest, first, last;
    bool any, after_gap; /* a gap lies between the column before and this one */
} Column;

typedef struct Canvas {
    int width, height; /* cells */
    int across, down;  /* sub-cells of a cell */
    uint8_t *bits;
    uint8_t *owner;   /* series + 1 */
    uint32_t *glyphs; /* line and ASCII: whole glyphs */
} Canvas;

static void canvas_init(Canvas *c, const PlotFrame *f)
{
    GraphKind g = f->plot->graph;
    c->width = f->inner.width;
    c->height = f->inner.height;
    c->across = g == GRAPH_BRAILLE ? 2 : 1;
    c->down = g == GRAPH_BRAILLE ? 4 : g == GRAPH_BLOCK ? 2 : 1;
    size_t cells = (size_t)c->width * (size_t)c->height;
    c->bits = mem_alloc(cells);
    c->owner = mem_alloc(cells);
    c->glyphs = mem_alloc(cells * sizeof *c->glyphs);
}

static void canvas_done(Canvas *c)
{
    mem_free(c->bits);
    mem_free(c->owner);
    mem_free(c->glyphs);
}

/* A line takes the cell from dots; lines share it and the later one colors it. */
static void canvas_set(Canvas *c, const Plot *p, size_t series, int x, int y)
{
    static const uint8_t braille[4][2] = {{0x01, 0x08}, {0x02, 0x10}, {0x04, 0x20}, {0x40, 0x80}};
    if (x < 0 || y < 0 || x >= c->width * c->across || y >= c->height * c->down)
        return;
    size_t at = (size_t)(y / c->down) * (size_t)c->width + (size_t)(x / c->across);
    uint8_t before = c->owner[at];
    if (before && before != series + 1 && p->series[before - 1].dots)
        c->bits[at] = 0;
    c->bits[at] |= c->down == 4 ? braille[y % 4][x % 2] : (uint8_t)(1 << (y % c->down));
    c->owner[at] = (uint8_t)(series + 1);
}

static int round_row(double v)
{
    return v < -1e6 ? -1000000 : v > 1e6 ? 1000000 : (int)floor(v + 0.5);
}

static void add_point(Column *column, double row)
{
    if (!column->any) {
        *column = (Column){row, row, row, row, true, column->after_gap};
        return;
    }
    column->least = fmin(column->least, row);
    column->greatest = fmax(column->greatest, row);
    column->last = row;
}

/* y as drawn: rows in sub-cells for each sub-column. */
static Column *gather(const PlotFrame *f, const Canvas *c, const PlotSeries *s, const double *y)
{
    int width = c->width * c->across;
    Column *columns = mem_alloc((size_t)width * sizeof *columns);
    bool gap = false;
    for (size_t i = 0; i < s->count; i++) {
        double fraction = plot_frame_x(f, s->x[i]), row = plot_frame_y(f, y[i]) * (c->height * c->down - 1);
        if (!(fraction >= 0 && fraction <= 1)) {
            continue;
        }
        if (!isfinite(row)) {
            gap = true;
            continue;
        }
        Column *column = &columns[(int)(fraction * (width - 1) + 0.5)];
        if (!column->any)
            column->after_gap = gap;
        gap = false;
        add_point(column, row);
    }
    return columns;
}

typedef struct Stroke {
    Canvas *canvas;
    const Plot *plot;
    size_t series;
} Stroke;

static void stroke_column(const Stroke *s, int x, double from, double to)
{
    int most = s->canvas->height * s->canvas->down, a = round_row(fmin(from, to)), b = round_row(fmax(from, to));
    a = a < 0 ? 0 : a;
    b = b >= most ? most - 1 : b;
    for (int y = a; y <= b; y++)
        canvas_set(s->canvas, s->plot, s->series, x, y);
}

/* A straight line from the last point of one column to the first of the next, without its end columns' spans. */
static void stroke_between(const Stroke *s, int x0, double y0, int x1, double y1)
{
    int steps = x1 - x0;
    for (int i = 0; i < steps; i++) {
        double from = y0 + (y1 - y0) * i / steps, to = y0 + (y1 - y0) * (i + 1) / steps, middle = (from + to) / 2;
        stroke_column(s, x0 + i, from, middle);
        stroke_column(s, x0 + i + 1, middle, to);
    }
}

static void stroke_series(const Stroke *s, const Column *columns, bool dots)
{
    int width = s->canvas->width * s->canvas->across, before = -1;
    for (int x = 0; x < width; x++) {
        const Column *c = &columns[x];
        if (!c->any)
            continue;
        stroke_column(s, x, c->least, dots ? c->least : c->greatest);
        if (dots)
            stroke_column(s, x, c->greatest, c->greatest);
        else if (before >= 0 && !c->after_gap)
            stroke_between(s, before, columns[before].last, x, c->first);
        before = x;
    }
}

uint32_t plot_marker(const Plot *p, size_t series)
{
    static const char others[] = "+x#", runs[] = "+x#%";
    Role role = p->series[series].role;
    if (p->series[series].marker)
        return (uint32_t)p->series[series].marker;
    if (role >= ROLE_SERIES_5 && role <= ROLE_SERIES_8)
        return (uint32_t)runs[role - ROLE_SERIES_5];
    return role == ROLE_SERIES_TRAIN ? '*' : role == ROLE_SERIES_VALID ? 'o' : (uint32_t)others[series % 3];
}

static void put_glyph(const Stroke *s, int x, int y, uint32_t glyph)
{
    if (x < 0 || y < 0 || x >= s->canvas->width || y >= s->canvas->height)
        return;
    size_t at = (size_t)y * (size_t)s->canvas->width + (size_t)x;
    s->canvas->glyphs[at] = glyph;
    s->canvas->owner[at] = (uint8_t)(s->series + 1);
}

static void mark_series(const Stroke *s, const Column *columns)
{
    uint32_t glyph = plot_marker(s->plot, s->series);
    for (int x = 0; x < s->canvas->width; x++) {
        if (!columns[x].any)
            continue;
        put_glyph(s, x, round_row(columns[x].least), glyph);
        put_glyph(s, x, round_row(columns[x].greatest), glyph);
    }
}

/* One cell a column: flat parts, and corners where the row changes. */
static void trace_step(const Stroke *s, int x, int from, int to)
{
    if (from == to) {
        put_glyph(s, x, from, 0x2500);
        return;
    }
    bool down = to > from;
    int a = down ? from : to, b = down ? to : from;
    a = a < -1 ? -1 : a;
    b = b > s->canvas->height ? s->canvas->height : b;
    for (int y = a + 1; y < b; y++)
        put_glyph(s, x, y, 0x2502);
    put_glyph(s, x, from, down ? 0x2510 : 0x2518);
    put_glyph(s, x, to, down ? 0x2514 : 0x250C);
}

static void trace_series(const Stroke *s, const Column *columns)
{
    int before = -1;
    for (int x = 0; x < s->canvas->width; x++) {
        const Column *c = &columns[x];
        if (!c->any)
            continue;
        bool joined = before >= 0 && !c->after_gap;
        int from = joined ? round_row(columns[before].last) : round_row(c->first);
        for (int fill = before + 1; joined && fill < x; fill++)
            put_glyph(s, fill, from, 0x2500);
        trace_step(s, x, from, round_row(c->last));
        int top = round_row(c->least), bottom = round_row(c->greatest), to = round_row(c->last);
        for (int y = top < 0 ? 0 : top; y <= bottom && y < s->canvas->height; y++) {
            if ((y < from && y < to) || (y > from && y > to))
                put_glyph(s, x, y, 0x2502);
        }
        before = x;
    }
}

static uint32_t cell_glyph(const Canvas *c, size_t at)
{
    static const uint32_t blocks[4] = {0, 0x2580, 0x2584, 0x2588};
    if (c->down == 4)
        return c->bits[at] ? 0x2800 + c->bits[at] : 0;
    return c->down == 2 ? blocks[c->bits[at] & 3] : c->glyphs[at];
}

static void flush(Pen *pen, const PlotFrame *f, const Canvas *c)
{
    for (int y = 0; y < c->height; y++) {
        for (int x = 0; x < c->width; x++) {
            size_t at = (size_t)y * (size_t)c->width + (size_t)x;
            uint32_t glyph = cell_glyph(c, at);
            if (glyph)
                pen_glyph(pen, f->inner.x + x, f->inner.y + y, f->plot->series[c->owner[at] - 1].role, glyph);
        }
    }
}

double *plot_smooth(const PlotSeries *s, double coefficient)
{
    double *out = mem_alloc((s->count + 1) * sizeof *out), mean = 0, weight = 0;
    for (size_t i = 0; i < s->count; i++) {
        if (isfinite(s->y[i])) {
            mean = coefficient * mean + (1 - coefficient) * s->y[i];
            weight = coefficient * weight + (1 - coefficient);
        }
        out[i] = isfinite(s->y[i]) ? mean / weight : s->y[i];
    }
    return out;
}

static void count_outside(const PlotFrame *f, const PlotSeries *s, PlotReport *r)
{
    for (size_t i = 0; i < s->count; i++) {
        double x = plot_frame_x(f, s->x[i]), y = plot_frame_y(f, s->y[i]);
        if (!(x >= 0 && x <= 1))
            continue;
        r->above += y < -1e-9 || s->y[i] == INFINITY;
        r->below += (y > 1 + 1e-9 && s->y[i] != INFINITY) || s->y[i] == -INFINITY;
        if (isnan(s->y[i]) && !r->has_nan) {
            r->has_nan = true;
            r->nan_at = s->x[i];
        }
    }
}

static void paint_series(const PlotFrame *f, Canvas *c, size_t index, const double *y, bool dots)
{
    const PlotSeries *s = &f->plot->series[index];
    Stroke stroke = {c, f->plot, index};
    Column *columns = gather(f, c, s, y);
    if (f->plot->graph == GRAPH_ASCII)
        mark_series(&stroke, columns);
    else if (f->plot->graph == GRAPH_LINE)
        trace_series(&stroke, columns);
    else
        stroke_series(&stroke, columns, dots);
    mem_free(columns);
}

/* Marks on a line, in turn with those of the others: the first line at columns 4, 16 ..., the next between them. */
static void paint_marks(Pen *pen, const PlotFrame *f, size_t index, const double *y)
{
    enum { FIRST = 4, STEP = 12 };
    const PlotSeries *s = &f->plot->series[index];
    int wanted = FIRST + (int)(index * 5 % STEP), bottom = f->inner.y + f->inner.height;
    for (size_t i = 0; i < s->count; i++) {
        int column = plot_frame_column(f, s->x[i]) - f->inner.x, row = isfinite(y[i]) ? plot_frame_row(f, y[i]) : -1;
        if (column < wanted || row < f->inner.y || row >= bottom)
            continue;
        pen_glyph(pen, f->inner.x + column, row, s->role, plot_marker(f->plot, index));
        wanted += (column - wanted) / STEP * STEP + STEP;
    }
}

void plot_frame_paint_lines(Pen *pen, const PlotFrame *f, PlotReport *report)
{
    const Plot *p = f->plot;
    Canvas c;
    bool fine = p->graph == GRAPH_BRAILLE || p->graph == GRAPH_BLOCK; /* dots need sub-cells */
    canvas_init(&c, f);
    for (size_t i = 0; i < p->series_count && i < 255; i++) {
        count_outside(f, &p->series[i], report);
        if (p->series[i].dots && fine && !p->series[i].sign)
            paint_series(f, &c, i, p->series[i].y, true);
    }
    for (size_t i = 0; i < p->series_count && i < 255; i++) {
        if (p->series[i].dots)
            continue;
        double *smooth = p->smooth > 0 ? plot_smooth(&p->series[i], p->smooth) : NULL;
        paint_series(f, &c, i, smooth ? smooth : p->series[i].y, false);
        mem_free(smooth);
    }
    flush(pen, f, &c);
    canvas_done(&c);
    for (size_t i = 0; p->marked && p->graph != GRAPH_ASCII && i < p->series_count; i++) {
        double *smooth = p->smooth > 0 ? plot_smooth(&p->series[i], p->smooth) : NULL;
        if (!p->series[i].dots)
            paint_marks(pen, f, i, smooth ? smooth : p->series[i].y);
        mem_free(smooth);
    }
}
