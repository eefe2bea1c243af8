/* Small figures (sparks, bars, progress, histograms) and the chart as plain text. */
#include <math.h>
#include <string.h>

#include "tui/plot.h"

static size_t greatest(const size_t *counts, size_t count)
{
    size_t most = 0;
    for (size_t i = 0; i < count; i++)
        most = counts[i] > most ? counts[i] : most;
    return most;
}

/* From zero; the tallest is seven eighths, so that neighboring rows stay apart. */
static uint32_t spark_glyph(size_t value, size_t most)
{
    if (value == 0 || most == 0)
        return 0x2581;
    double share = (double)value / (double)most;
    return 0x2581 + (uint32_t)fmin(6, floor(share * 6.99));
}

void plot_spark_text(Text *out, const size_t *counts, size_t count)
{
    size_t most = greatest(counts, count);
    for (size_t i = 0; i < count; i++) {
        char bytes[4];
        text_add_bytes(out, bytes, utf8_encode(spark_glyph(counts[i], most), bytes));
    }
}

void plot_spark(Pen *pen, int x, int y, Role role, const size_t *counts, size_t count)
{
    size_t most = greatest(counts, count);
    for (size_t i = 0; i < count; i++)
        pen_glyph(pen, x + (int)i, y, role, spark_glyph(counts[i], most));
}

static double within(double share)
{
    return share > 0 ? fmin(share, 1) : 0;
}

void plot_bar(Pen *pen, int x, int y, int width, double share, Role role, bool ascii)
{
    int halves = (int)(within(share) * width * 2 + 0.5);
    for (int i = 0; i < halves / 2; i++)
        pen_glyph(pen, x + i, y, role, ascii ? '=' : 0x2501);
    if (halves % 2)
        pen_glyph(pen, x + halves / 2, y, role, ascii ? '-' : 0x2578);
}

void plot_progress(Pen *pen, int x, int y, int width, double share, Role done, Role rest)
{
    int filled = (int)(within(share) * width + 0.5);
    pen_rule(pen, x, y, filled, true, done);
    pen_rule(pen, x + filled, y, width - filled, false, rest);
}

void plot_histogram(Pen *pen, Rect area, const size_t *bins, size_t count, Role role)
{
    size_t most = greatest(bins, count);
    for (int x = 0; x < area.width && count > 0 && most > 0; x++) {
        size_t bin = (size_t)x * count / (size_t)area.width;
        if (count <= (size_t)area.width) /* whole cells a bin */
            bin = (size_t)x / ((size_t)area.width / count);
        if (bin >= count)
            break;
        double rows = (double)bins[bin] / (double)most * area.height;
        for (int row = 0; row < area.height; row++) {
            double part = rows - row;
            if (part > 0.05)
                pen_glyph(pen, area.x + x, area.y + area.height - 1 - row, role, part >= 1 ? 0x2588 : 0x2581 + (uint32_t)fmin(7, part * 8));
        }
    }
}

void plot_text(const Plot *plot, int width, int height, bool ascii, Text *out)
{
    Cells c;
    Plot p = *plot;
    cells_init(&c, width, height);
    Pen pen = pen_on(&c, (Rect){0, 0, width, height});
    if (ascii)
        p.graph = GRAPH_ASCII;
    plot_paint(&pen, (Rect){0, 0, width, height}, &p, NULL);
    if (ascii)
        cells_fold(&c);
    cells_text(&c, out);
    cells_done(&c);
}
