/* The frame of a chart: where its cells are and what they mean. Private to the plots of tui/. */
#ifndef TUI_PLOT_FRAME_H
#define TUI_PLOT_FRAME_H

#include "tui/plot.h"

typedef struct PlotFrame {
    const Plot *plot;
    Rect area;  /* with labels and the room for names */
    Rect inner; /* the cells of the lines */
    int ticks, tick_rows;
    double low, high; /* of the frame, in log10 when log_y; high belongs to the top row */
    double tick_step;
} PlotFrame;

void plot_frame_init(PlotFrame *f, Rect area, const Plot *plot);
double plot_frame_x(const PlotFrame *f, double x);        /* 0 at the left, 1 at the right */
double plot_frame_y(const PlotFrame *f, double y);        /* 0 at the top, 1 at the bottom; outside: beyond; NAN stays */
bool plot_frame_has(const PlotFrame *f, double x);        /* it is not outside, nor NAN */
int plot_frame_column(const PlotFrame *f, double x);      /* screen column, clamped */
int plot_frame_row(const PlotFrame *f, double y);         /* screen row, clamped; y finite */
void plot_frame_paint_axes(Pen *pen, const PlotFrame *f); /* y labels, axis, grid, x axis */
void plot_frame_paint_lines(Pen *pen, const PlotFrame *f, PlotReport *report);
uint32_t plot_marker(const Plot *p, size_t series);           /* the ASCII letter of a line */
double *plot_smooth(const PlotSeries *s, double coefficient); /* the caller frees; bias-corrected, gaps stay gaps */

#endif
