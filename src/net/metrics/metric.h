/* Metrics: one figure of how well outputs fit a part. Classes come as probabilities, regression as values in the unit of the
 * target. A metric that is not defined for a part (one class only, no rows) is NAN. */
#ifndef NET_METRICS_METRIC_H
#define NET_METRICS_METRIC_H

#include "base/text.h"
#include "spec/params.h"
#include "spec/registry.h"

typedef struct MetricInput {
    const Spec *spec;                 /* of the metric that is asked, as metric_compute sets it */
    const void *params;               /* its settings, by the rows of its spec */
    Error *error;                     /* where a metric that can fail says why; its figure is then passed over */
    size_t rows, classes;             /* classes 0: regression */
    int positive;                     /* index; -1: none */
    double threshold;                 /* of the positive class */
    const double *costs;              /* [truth * classes + decision]: of more than two classes decided by; NULL: the likeliest is */
    const int32_t *labels;            /* classes */
    const double *class_weights;      /* of the loss; NULL: all 1 */
    const float *probabilities;       /* rows * classes */
    const int32_t *decided;           /* metric_decide of each row, when it was asked for all before; NULL: not yet */
    const double *values, *predicted; /* regression */
    double scale;                     /* regression: the loss is measured in units of this */
    double naive;                     /* mean absolute change of the value from row to row in time, over training rows; 0: no order */
} MetricInput;

/* Everything that any face needs to know of a metric: no other file knows one by its name. The order of metrics.def is the order in
 * which they are shown. */
typedef struct Metric {
    Spec spec;
    const char *title; /* "AUC", in running text and in heads of columns */
    bool for_classes, for_values;
    bool only_two, only_many; /* of classes: two, no more; more than two */
    bool is_better_high;
    bool of_probabilities;                    /* says how right they are: nothing of other scores */
    bool is_minor;                            /* left out where one line has to do */
    bool is_by_output;                        /* told of each number of a target that has several; the first is that of plain forecasts */
    bool is_running;                          /* known of the training rows too, while an epoch goes on */
    bool leads_two, leads_many, leads_values; /* decides comparisons: two classes, more, numbers */
    int decimals;
    double low, high;                         /* the range; INFINITY: open, in a unit of its own */
    double (*compute)(const MetricInput *in); /* NAN: not defined here */
    /* Each row's share: their mean is the metric, and their spread over rows is that of its sampling error (the influence function;
     * for AUC the placements of DeLong, DeLong and Clarke-Pearson 1988). Returns how many rows vary independently; 0: undefined
     * here. NULL: a metric without intervals. */
    size_t (*by_row)(const MetricInput *in, double *shares);
} Metric;

const Family *metric_family(void);
bool metric_family_add(const Metric *m, Error *e); /* one that lives as long as the process; by one thread at a time */
size_t metric_count(void);
const Metric *metric_at(size_t i);
const Metric *metric_find(const char *name); /* settings behind the name may stand there; NULL when unknown */
bool metric_fits(const Metric *m, size_t classes);
const Metric *metric_leading(size_t classes);                  /* of a target: the one that decides comparisons */
bool metric_is_better(const Metric *m, double x, double than); /* false when either is NAN */
bool metric_is_bounded(const Metric *m);                       /* differences mean the same everywhere: both ends of the range are finite */

/* Only these call what a metric computes. `use`: a metric of the family with its settings; params NULL: the usual ones. */
bool metric_compute(const SpecUse *use, const MetricInput *in, double *figure, Error *e);
size_t metric_by_row(const SpecUse *use, const MetricInput *in, double *shares); /* 0 too where it has no shares */
SpecUse metric_usual(const Metric *m);
/* "auc", or with settings "f_beta(beta=0.5)"; spec_use_done. That text is also the name of the figure. */
bool metric_use_of_name(SpecUse *use, const char *name, Error *e);

/* What a difference of the metric may be and still not matter: as given where it has a top of its own, else a share of the figure that it
 * is compared with. */
double metric_margin(const Metric *m, double margin, double figure);

/* Recorded figures are series named PART.METRIC. */
#define METRIC_ACCURACY "accuracy" /* these two are told of decisions at any threshold, from their counts alone */
#define METRIC_F1 "f1"
#define METRIC_ECE "ece"   /* stands over the chart of calibration */
#define METRIC_LOSS "loss" /* what training makes small is a metric too */
#define SERIES_TRAIN_LOSS "train." METRIC_LOSS
/* Of a distillation the loss is a mixture; its parts are recorded beside it: the cross-entropy with the labels and T^2 times the
 * divergence from the teacher. */
#define LOSS_NAME_HARD "hard"
#define LOSS_NAME_SOFT "soft"
#define SERIES_VALID_HARD "valid." LOSS_NAME_HARD
#define SERIES_TRAIN_ACCURACY "train.accuracy"
#define SERIES_VALID_LOSS "valid." METRIC_LOSS
enum { METRIC_TITLE_ROOM = 64 };
const Metric *metric_of_series(const char *series);                               /* NULL: something else is recorded there */
const char *metric_series_title(const char *series, char out[METRIC_TITLE_ROOM]); /* "valid AUC" */
void metric_series_list(size_t classes, bool running, Text *out); /* "valid.auc, valid.loss ..."; running: those of train too */
/* The figure with the decimals of its metric; NAN: "undefined". */
const char *metric_format(const Metric *m, double x, char out[METRIC_TITLE_ROOM]);
/* The class that a row is given: the positive one from the threshold on; of more than two the one that costs least by its
 * probabilities, without costs the most probable one. */
int metric_decide(const MetricInput *in, size_t row);
/* Sum over rows of w[label] * -log p of the label, over the number of rows; class_weights NULL: all 1. */
double metric_log_loss(const MetricInput *in, const double *class_weights);
/* AUC of scores (higher: more positive) by ranks, ties shared; NAN without both kinds. weights may be NULL (all 1), whole counts. */
double metric_auc(const double *scores, const uint8_t *positive, const uint32_t *weights, size_t rows);

#endif
