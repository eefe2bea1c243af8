/* Figures with what stands behind them: the only place that writes a ± or an interval, so that each says what it is. */
#ifndef LEARN_FIGURE_H
#define LEARN_FIGURE_H

#include "base/text.h"
#include "net/metrics/metric.h"

typedef struct Figure {
    double mean, sd; /* sd NAN: the mean alone */
    int decimals;
    bool is_signed; /* a difference */
} Figure;

void figure_add(Text *out, const Figure *f); /* "0.8412 ±0.0110 sd" */
/* "0.8412 ±0.0110 (sd of 5 folds)"; of: what varied */
void figure_add_over(Text *out, const Figure *f, size_t count, const char *of);
/* "+0.0020, 95 % interval -0.0064 to +0.0104"; with NAN ends the mean alone */
void figure_add_interval(Text *out, const Figure *f, double low, double high);
/* Of a difference "+0.0055 ± 0.0013", half its symmetric interval, with a true minus; what it is stands in the FIGURE_GAIN_HEAD of its
 * column. Not known: a dot. */
void figure_add_gain(Text *out, double mean, double low, double high, int decimals);
#define FIGURE_GAIN_HEAD ", 95 %"
/* Cells of a table: a name, harmless, cut or padded to its width; a signed figure and its interval, "-" where they are not known. */
void figure_add_name(Text *out, const char *name, size_t cells);
void figure_add_cells(Text *out, const Figure *f, double low, double high);
int figure_decimals(const Metric *m); /* NULL: 4 */

#endif
