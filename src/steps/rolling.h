/* Figures of windows that move along a series. Rows are cut into blocks as long as the window: a window is the end of one block and the
 * beginning of the next, and what is known of both is joined (van Herk 1992; moments: Chan, Golub and LeVeque 1983). Nothing is ever
 * taken away again, so nothing drifts, and the cost does not depend on the length. */
#ifndef STEPS_ROLLING_H
#define STEPS_ROLLING_H

#include <stdbool.h>
#include <stddef.h>

typedef enum RollingFunction {
    ROLLING_MEAN,
    ROLLING_SD,
    ROLLING_MIN,
    ROLLING_MAX,
    ROLLING_SUM,
    ROLLING_MEDIAN,
    ROLLING_QUANTILE
} RollingFunction;
extern const char *const rolling_functions[];       /* their names; ends with NULL */
RollingFunction rolling_function(const char *name); /* one of those */

typedef struct RollingWindow {
    RollingFunction function;
    size_t length, least; /* rows; values without which the result is NAN */
    double p;             /* of the quantile, linear between neighbors */
    bool has_present;     /* for the caller: rolling_run's windows end with the row itself */
} RollingWindow;

enum { ROLLING_ROOMS = 3 };
/* x: NAN is missing; out: of the window that ends at each place. room: ROLLING_ROOMS * count numbers. */
void rolling_run(const RollingWindow *w, const double *x, double *out, size_t count, double *room);

#endif
