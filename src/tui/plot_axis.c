/* Frame and axes of a chart: the y range on equal row steps, labels, grid, x axis. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/number.h"
#include "tui/plot_frame.h"

enum { LABEL_WIDTH = 6, X_ROWS = 2, MOST_TICKS = 5 };

static int by_size(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

typedef struct Range {
    double low, high;
} Range;

static void widen(Range *r, double low, double high)
{
    if (isfinite(low) && !(r->low <= low))
        r->low = low;
    if (isfinite(high) && !(r->high >= high))
        r->high = high;
}

static double scale_y(const Plot *p, double y)
{
    if (!p->log_y)
        return y;
    return y > 0 ? log10(y) : NAN;
}

/* NAN: not a number there, or outside of the part that is seen. */
static double seen_y(const Plot *p, const PlotSeries *s, size_t i)
{
    bool is_outside = p->is_part && !(s->x[i] >= p->x_min && s->x[i] <= p->x_max);
    return is_outside ? (double)NAN : scale_y(p, s->y[i]);
}

/* What still moves: the values after the first tenth; of dots the middle 80 %, as single steps jump far. */
static Range moving_part(const Plot *p, const PlotSeries *s)
{
    size_t skip = s->count >= 8 && !p->is_part ? (s->count + 9) / 10 : 0, n = 0;
    double *y = mem_alloc((s->count + 1) * sizeof *y);
    for (size_t i = skip; i < s->count; i++) {
        double v = seen_y(p, s, i);
        if (isfinite(v))
            y[n++] = v;
    }
    Range r = {NAN, NAN};
    if (n) {
        qsort(y, n, sizeof *y, by_size);
        size_t trim = s->dots ? n / 10 : 0;
        r = (Range){y[trim], y[n - 1 - trim]};
    }
    mem_free(y);
    return r;
}

static Range whole(const Plot *p, const PlotSeries *s)
{
    Range r = {NAN, NAN};
    for (size_t i = 0; i < s->count; i++) {
        double v = seen_y(p, s, i);
        widen(&r, v, v);
    }
    return r;
}

/* The frame follows the moving part; all of it is shown when that costs at most as much room again. */
static Range data_range(const Plot *p)
{
    Range moving = {NAN, NAN}, all = {NAN, NAN};
    for (size_t i = 0; i < p->series_count; i++) {
        Range m = moving_part(p, &p->series[i]);
        widen(&moving, m.low, m.high);
        if (!p->series[i].dots) {
            Range w = whole(p, &p->series[i]);
            widen(&all, w.low, w.high);
        }
    }
    if (isnan(moving.low))
        moving = all;
    if (isnan(moving.low))
        return (Range){0, 1};
    double span = moving.high - moving.low;
    Range r = moving;
    if (all.high > moving.high)
        r.high = all.high - moving.high <= span ? all.high : moving.high + span / 4;
    if (all.low < moving.low)
        r.low = moving.low - all.low <= span ? all.low : moving.low - span / 4;
    return r;
}

/* Ticks on equal row steps of at least two rows: the fewest rows left over, then the most ticks. */
static void choose_ticks(PlotFrame *f)
{
    int rows = f->inner.height - 1, least = rows + 1;
    f->ticks = 2;
    f->tick_rows = rows > 0 ? rows : 1;
    for (int n = MOST_TICKS; n >= 3; n--) {
        int step = rows / (n - 1), left = rows - step * (n - 1);
        if (step >= 2 && left < least) {
            least = left;
            f->ticks = n;
            f->tick_rows = step;
        }
    }
}

static void choose_range(PlotFrame *f, Range r)
{
    static const double nice[] = {1, 1.5, 2, 2.5, 3, 4, 5, 6, 8, 10};
    double span = r.high - r.low, steps = (double)(f->inner.height - 1) / f->tick_rows;
    if (!(span > 0)) {
        span = r.high != 0 ? fabs(r.high) / 5 : 1;
        r.low -= span / 2;
        r.high += span / 2;
    }
    if (steps <= 0)
        steps = 1;
    double power = pow(10, floor(log10(span / steps)) - 1);
    for (int turn = 0; turn < 3; turn++, power *= 10) {
        for (size_t i = 0; i < sizeof nice / sizeof *nice; i++) {
            double step = nice[i] * power, low = floor(r.low / step + 1e-9) * step;
            if (low + step * steps >= r.high - step * 1e-9) {
                f->tick_step = step;
                f->low = low;
                f->high = low + step * steps;
                return;
            }
        }
    }
    f->tick_step = span;
    f->low = r.low;
    f->high = r.low + span * steps;
}

/* Room for the names at the line ends: the same for short names, so that charts on one x axis agree; more for long ones. */
int plot_name_room(const Plot *p, int width)
{
    enum { VALUE = 9 }; /* blanks before and between, 0.945 */
    int mark = p->marked ? 2 : 0, least = width >= 44 ? p->name_room : 0,
        room = width >= 80   ? 16 + mark
               : width >= 70 ? 14 + mark
               : width >= 44 ? 12 + mark
                             : 0;
    for (size_t i = 0; room && i < p->series_count; i++) {
        int wanted = p->series[i].name && *p->series[i].name ? (int)utf8_width(p->series[i].name) + VALUE + mark : 0;
        room = wanted > room && wanted <= width / 3 ? wanted : room;
    }
    return room > least ? room : least;
}

void plot_frame_init(PlotFrame *f, Rect area, const Plot *p)
{
    int labels = p->y_label_width > LABEL_WIDTH ? p->y_label_width : LABEL_WIDTH;
    *f = (PlotFrame){.plot = p, .area = area};
    f->inner = rect_inset(area, labels + 1, 0, plot_name_room(p, area.width), p->x_axis ? X_ROWS : 0);
    choose_ticks(f);
    bool given = p->y_min < p->y_max;
    choose_range(f, given ? (Range){scale_y(p, p->y_min), scale_y(p, p->y_max)} : data_range(p));
}

double plot_frame_x(const PlotFrame *f, double x)
{
    if (f->plot->log_x)
        return x > 0 ? log10(x / f->plot->x_min) / log10(f->plot->x_max / f->plot->x_min) : -1;
    double span = f->plot->x_max - f->plot->x_min;
    return span > 0 ? (x - f->plot->x_min) / span : 0;
}

double plot_frame_y(const PlotFrame *f, double y)
{
    if (f->plot->log_y && !isnan(y) && y <= 0)
        return 2;
    return 1 - (scale_y(f->plot, y) - f->low) / (f->high - f->low);
}

static int clamp(double v, int most)
{
    return v <= 0 ? 0 : v >= most ? most : (int)(v + 0.5);
}

bool plot_frame_has(const PlotFrame *f, double x)
{
    double fraction = plot_frame_x(f, x);
    return fraction >= -1e-9 && fraction <= 1 + 1e-9;
}

int plot_frame_column(const PlotFrame *f, double x)
{
    int most = f->inner.width - 1;
    return f->inner.x + clamp(plot_frame_x(f, x) * most, most);
}

int plot_frame_row(const PlotFrame *f, double y)
{
    int most = f->inner.height - 1;
    return f->inner.y + clamp(plot_frame_y(f, y) * most, most);
}

/* As many decimals as the step needs, so that equal steps look equal. */
static void format_tick(const PlotFrame *f, double v, char out[NUMBER_ROOM])
{
    if (f->plot->log_y) {
        number_format_rate(pow(10, v), out);
        return;
    }
    double top = fmax(fabs(f->low), fabs(f->high));
    int decimals = 0;
    double scaled = f->tick_step;
    while (decimals < 4 && fabs(scaled - round(scaled)) > 1e-6 * scaled) {
        scaled *= 10;
        decimals++;
    }
    if (fabs(v) < f->tick_step * 1e-6)
        v = 0;
    if (top < 0.01 && v != 0)
        number_format_rate(v, out);
    else if (top >= 1e5)
        number_format_large(v, out);
    else
        number_format_fixed(v, v == 0 && top < 0.01 ? 0 : decimals, out);
}

static void paint_tick(Pen *pen, const PlotFrame *f, int tick)
{
    char label[NUMBER_ROOM];
    int y = f->inner.y + f->inner.height - 1 - tick * f->tick_rows, axis = f->inner.x - 1;
    format_tick(f, f->low + tick * f->tick_step, label);
    pen_text_right(pen, f->area.x, y, axis - f->area.x, ROLE_CHART_LABEL, label);
    pen_glyph(pen, axis, y, ROLE_CHART_AXIS, 0x2524);
    for (int x = 0; tick > 0 && x < f->inner.width; x += 2)
        pen_glyph(pen, f->inner.x + x, y, ROLE_CHART_GRID, 0xB7);
}

static void paint_x_tick(Pen *pen, const PlotFrame *f, double x, int *free_from)
{
    char label[NUMBER_ROOM];
    if (fabs(x) >= 1e5)
        number_format_large(x, label);
    else
        snprintf(label, sizeof label, x == floor(x) ? "%.6g" : "%.4g", x);
    int width = (int)strlen(label), column = plot_frame_column(f, x), y = f->inner.y + f->inner.height;
    int at = column - (width - 1) / 2, last = f->inner.x + f->inner.width - width;
    at = at > last ? last : at;
    at = at < f->inner.x - 1 ? f->inner.x - 1 : at;
    if (at < *free_from)
        return;
    pen_glyph(pen, column, y, ROLE_CHART_AXIS, 0x2534);
    pen_text_fit(pen, at, y + 1, width, ROLE_CHART_LABEL, label);
    *free_from = at + width + 1;
}

static double x_step(const PlotFrame *f)
{
    static const double nice[] = {1, 2, 5};
    char label[NUMBER_ROOM];
    int width = snprintf(label, sizeof label, "%.6g", f->plot->x_max);
    double span = f->plot->x_max - f->plot->x_min, most = f->inner.width / (width + 5.0);
    double power = pow(10, floor(log10(span / (most > 1 ? most : 1))));
    for (int turn = 0; turn < 2; turn++, power *= 10) {
        for (int i = 0; i < 3; i++) {
            if (span / (nice[i] * power) <= most)
                return nice[i] * power;
        }
    }
    return span;
}

/* The ends, and 1, 2, 5 of each power between them. */
static void paint_log_ticks(Pen *pen, const PlotFrame *f, int *free_from)
{
    static const double steps[] = {1, 2, 5};
    const Plot *p = f->plot;
    paint_x_tick(pen, f, p->x_min, free_from);
    for (double power = pow(10, floor(log10(p->x_min))); power < p->x_max; power *= 10)
        for (size_t i = 0; i < sizeof steps / sizeof *steps; i++)
            if (steps[i] * power > p->x_min * 1.05 && steps[i] * power < p->x_max / 1.3)
                paint_x_tick(pen, f, steps[i] * power, free_from);
    paint_x_tick(pen, f, p->x_max, free_from);
}

static void paint_even_ticks(Pen *pen, const PlotFrame *f, int *free_from)
{
    const Plot *p = f->plot;
    double first = p->x_min == 0 && p->x_max >= 5 ? 1 : p->x_min, step = x_step(f);
    paint_x_tick(pen, f, first, free_from);
    for (double x = ceil(first / step + 1e-9) * step; x < p->x_max - step * 0.45; x += step)
        paint_x_tick(pen, f, x, free_from);
    paint_x_tick(pen, f, p->x_max, free_from);
}

/* First the first and the last tick, which must be there; then what fits between. */
static void paint_x_axis(Pen *pen, const PlotFrame *f)
{
    const Plot *p = f->plot;
    int y = f->inner.y + f->inner.height, free_from = f->area.x, end = f->inner.x + f->inner.width;
    pen_glyph(pen, f->inner.x - 1, y, ROLE_CHART_AXIS, 0x2514);
    pen_rule(pen, f->inner.x, y, f->inner.width, false, ROLE_CHART_AXIS);
    if (p->log_x)
        paint_log_ticks(pen, f, &free_from);
    else
        paint_even_ticks(pen, f, &free_from);
    if (p->x_label)
        pen_text_fit(pen, end + 1, y + 1, f->area.x + f->area.width - end - 1, ROLE_CHART_LABEL, p->x_label);
}

void plot_frame_paint_axes(Pen *pen, const PlotFrame *f)
{
    pen_fill(pen, (Rect){f->inner.x - 1, f->inner.y, 1, f->inner.height}, ROLE_CHART_AXIS, 0x2502);
    for (int tick = 0; tick < f->ticks && tick * f->tick_rows < f->inner.height; tick++)
        paint_tick(pen, f, tick);
    if (f->plot->x_axis)
        paint_x_axis(pen, f);
}
