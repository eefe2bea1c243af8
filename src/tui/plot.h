/* Charts in cells: axes, grid, marks, lines with min/max per column so that spikes survive, names at the line ends. */
#ifndef TUI_PLOT_H
#define TUI_PLOT_H

#include "tui/cells.h"
#include "tui/screen.h"

typedef struct PlotSeries {
    const double *x, *y; /* NAN in y: gap */
    size_t count;
    Role role;
    const char *name; /* at the line end with the last value; NULL: none */
    bool dots;        /* points instead of a line, drawn behind */
    int decimals;     /* of the last value: 3 */
    char marker;      /* its letter where lines are told apart without color; 0: by its role, * for train, o for valid, +x#% for runs */
    uint32_t sign;    /* of dots: what each is drawn as, over the lines; 0: a dot */
} PlotSeries;

typedef struct PlotMark {
    double x;
    const char *label;
    Role role;
    bool is_event;  /* a glyph on the top row instead of a line */
    uint32_t glyph; /* of an event; 0: a triangle */
} PlotMark;

typedef struct Plot {
    PlotSeries *series;
    size_t series_count;
    PlotMark *marks;
    size_t marks_count;
    double x_min, x_max; /* planned range; x_max > x_min */
    double y_min, y_max; /* both 0: from the data, by nice steps, robust to a first spike */
    bool log_y;
    bool log_x;          /* x_min > 0 then */
    bool x_axis;         /* draw labels below */
    const char *x_label; /* "epoch" */
    GraphKind graph;
    double cursor_x;   /* NAN: none */
    double smooth;     /* 0, 0.6, 0.9 */
    int y_label_width; /* at least 6 */
    int name_room;     /* at least, for the names at the line ends */
    bool is_part;      /* of what there is: y follows what lies between x_min and x_max */
    bool marked;       /* no colors to tell lines apart: each carries a mark of its own, * for train and o for valid */
} Plot;

typedef struct PlotReport { /* what the head line must say */
    size_t above, below;    /* points outside the frame */
    bool has_nan;
    double nan_at;
} PlotReport;

int plot_name_room(const Plot *plot, int width); /* cells for the names at the line ends of a chart of that width */
void plot_paint(Pen *pen, Rect area, const Plot *plot, PlotReport *report);
void plot_spark_text(Text *out, const size_t *counts, size_t count);
void plot_spark(Pen *pen, int x, int y, Role role, const size_t *counts, size_t count); /* never a full block, from zero */
void plot_bar(Pen *pen, int x, int y, int width, double share, Role role, bool ascii);  /* heavy line */
void plot_progress(Pen *pen, int x, int y, int width, double share, Role done, Role rest);
void plot_histogram(Pen *pen, Rect area, const size_t *bins, size_t count, Role role);
/* The same chart as plain text, for output without a terminal. */
void plot_text(const Plot *plot, int width, int height, bool ascii, Text *out);

#endif
