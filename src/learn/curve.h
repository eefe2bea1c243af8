/* The curve card: everything a training says of itself, as plain figures. A view, `limbeck watch`, a report, Lua and JSON read the same
 * card; none of them computes. Made from a tail in one pass over its newest points; it borrows the tail, whose series are its points. */
#ifndef LEARN_CURVE_H
#define LEARN_CURVE_H

#include "net/metrics/metric.h"
#include "run/tail.h"

typedef enum CurveMarkKind { CURVE_BEST, CURVE_CHANGE, CURVE_RESUME, CURVE_NOTE, CURVE_ALARM, CURVE_OTHER } CurveMarkKind;
typedef struct CurveMark {
    CurveMarkKind kind;
    double epoch, seconds; /* as the points of a TailSeries; seconds NAN: before its first point */
    int64_t step;
    const TailNote *note; /* borrowed; NULL: of the best epoch */
} CurveMark;

/* One line of figures, in the order in which they are shown. */
typedef struct CurveFigure {
    const TailSeries *series; /* borrowed; never NULL */
    const Metric *metric;     /* NULL: something else is recorded there */
    double now, best;         /* NAN: none; best by the direction of the metric */
    int64_t best_epoch;
} CurveFigure;

/* What stands at the foot of a chart. */
typedef enum CurveAxis { CURVE_BY_EPOCH, CURVE_BY_STEP, CURVE_BY_SECONDS, CURVE_AXES } CurveAxis;

typedef struct Curve {
    const Tail *run;
    int64_t epochs, epoch, steps, step; /* planned, and done: step is the newest that is known, epoch the last whole one */
    double share;                       /* of the planned steps that were taken: a run that stopped early stays below 1 */
    double epoch_share;                 /* of the epoch that goes on */
    const char *watched;                /* metric of early stop and of the headline: "valid.auc" */
    bool watched_high;
    double now, best;
    int64_t best_epoch, patience, waited; /* patience 0: no early stop */
    int64_t stops_at;                     /* epoch at which early stopping ends it unless the best is passed; 0: it does not */
    double seconds, left;                 /* gone and to go, pauses not counted; left < 0: unknown */
    double epoch_seconds;                 /* of one epoch as they are now; NAN: unknown */
    double rate, cpu, memory;             /* rows a second, cores in use, bytes; NAN: not recorded */
    double learning_rate, gradient_norm;  /* NAN: not recorded */
    double gap;                           /* of the losses: valid less train; NAN: unknown */
    int64_t lowest_epoch;                 /* of valid loss; 0: none */
    bool overfits;                        /* valid loss rises since then while train loss falls: CURVE_RISES epochs at least */
    CurveFigure *figures;                 /* metrics of valid, then of train, in the order of the registry; then other series */
    size_t figures_count;
    CurveMark *marks; /* by step */
    size_t marks_count;
} Curve;

enum { CURVE_RISES = 4, CURVE_TIMES = 5 }; /* epochs; and those whose median is the time of one */

void curve_init(Curve *c, const Tail *run); /* of the training itself; a run above one has no figures */
void curve_done(Curve *c);
/* {"epoch", "epochs", "watched", "best", "best_epoch", "left", "overfits", "figures": [{"name", "now", "best", "best_epoch"}], "marks"};
 * what is not known is null. New. */
Value *curve_value(const Curve *c);
const CurveFigure *curve_figure(const Curve *c, const char *name); /* NULL when absent */
const char *curve_mark_name(CurveMarkKind kind);

const char *curve_axis_name(CurveAxis axis);                              /* "epoch", "step", "seconds" */
void curve_axis_values(const TailSeries *s, CurveAxis axis, double *out); /* s->count numbers */
double curve_axis_end(const Curve *c, CurveAxis axis);                    /* as curve_end_epoch; above 0 */
double curve_mark_at(const CurveMark *m, CurveAxis axis);                 /* NAN: unknown */
size_t curve_near(const TailSeries *s, double epoch);                     /* the point that lies nearest; s is not empty */

/* Parts of it, for rows of a list. */
double curve_best(const TailSeries *s, bool high, int64_t *epoch);     /* NAN when empty; epoch may be NULL */
double curve_best_of(const Tail *t, const char *name, int64_t *epoch); /* by the direction of the metric; t may be NULL */
double curve_last(const TailSeries *s);                                /* NAN when empty or NULL */
/* Where the axis of its epochs ends: at the plan, so that the empty part is the rest of the work. A plan far longer than what was
 * trained is halved until something can be seen; a run that stopped before its half has no rest. At least 2. */
double curve_end_epoch(const Tail *run);
double curve_setting(const Tail *run, const char *name, double planned); /* as the newest change that was taken says, else as planned */
const TailSeries *curve_series(const Curve *c, const char *name);        /* NULL when absent */

#endif
