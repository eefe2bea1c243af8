/* Curves as a vector drawing: an svg element for a page or a file of its own. Lines are told apart by color and by dashes; a value that is
 * not a number is a gap. */
#ifndef APP_CHART_SVG_H
#define APP_CHART_SVG_H

#include "base/text.h"

enum { CHART_SERIES_MAX = 8 };
typedef struct ChartSeries {
    const double *x, *y;
    size_t count;
    const char *name; /* at the line end with the last value */
    int decimals;
    int stroke; /* color and dashes: 0 .. CHART_SERIES_MAX - 1 */
} ChartSeries;

typedef struct Chart {
    const char *title, *x_label;
    ChartSeries series[CHART_SERIES_MAX];
    size_t count;
    int width, height; /* pixels */
} Chart;

void chart_svg_write(const Chart *c, Text *out);
void chart_escape(Text *out, const char *text); /* for HTML and XML, with what must not be seen made harmless */

#endif
