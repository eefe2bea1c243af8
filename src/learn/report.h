/* The report card of a model: plain figures of one model on one part of one table, computed once. Views, the command line, Lua and pages
 * read the card; none of them computes. Beside the card stand the judged rows, so that each cell, bin and bar leads back to the rows it
 * was counted from. */
#ifndef LEARN_REPORT_H
#define LEARN_REPORT_H

#include "learn/batch.h"
#include "learn/bundle.h"
#include "learn/judged_rows.h"

enum { REPORT_WORST = 50, REPORT_SLICES = 12, REPORT_BINS = 15 };

typedef struct ReportTask {
    const Bundle *model;
    const Pipeline *pipeline; /* whose unit intervals go by; NULL: the row is it */
    JudgedRows *judged;       /* taken, also on failure */
    const char *on;           /* "valid", or how the rows are called */
    double threshold;         /* 0: the model's own */
    const TextList *slices;   /* columns; NULL or none: all that have few values or are numbers */
    bool importance;          /* takes as many passes as there are features */
    uint64_t seed;            /* of the shuffling that importance needs */
} ReportTask;

/* How the rows of one column are parted. */
typedef struct ReportSlice {
    char *column;
    TextList names; /* "Two year", "29.85 to 56.05", "null" */
    uint8_t *of;    /* of each judged row: a place in names */
    Value *items;   /* list: {"value", "rows", "loss", figures}; owned by the card */
    double gap;     /* between the best and the worst of those with enough rows, by the leading metric; NAN: none */
} ReportSlice;

typedef struct Report {
    Value *card;
    Bundle *model;     /* a reference */
    JudgedRows judged; /* its rows hold the columns that slices go by */
    size_t *at;        /* of each row of out: its place in judged.rows */
    BundleOutputs out; /* rows that steps behind the split drop are not there */
    double threshold;
    double *losses; /* of each row: -log p of its class, or the mean distance over its numbers, each in sds of the training rows */
    ReportSlice *slices;
    size_t slices_count;
} Report;

/* card: {"format", "model": {"hash","net","params","bytes","threshold","decision"}, "target", "classes", "positive", "on", "rows", "given",
 * "seen_rows", "metrics", "intervals": {metric: [low, high]}, "certificate" of test,
 *  classes: "at": as report_at gives it at the model's threshold, "per_class", "curves": [{"class","rows","roc":
 * {"fpr","tpr","threshold","area"}, "pr": {"recall","precision","threshold","area"}}], "calibration": [{"low","high","rows","said",
 *    "happened"}], two classes: "thresholds": {"threshold","precision","recall","f1","accuracy","called","cost"}, "gain": [{"share",
 *    "rows","found","times"}], "best": {"f1","cost"}: thresholds that would be best here;
 *  numbers: "residuals": [{"output","mean","sd","median",..., "bins", "by_predicted"}], "by_horizon" or "by_output";
 *  "slices": [{"column","items","gap"}], the widest gap first, "importance": [{"feature","worth"}], "worst": [{"row","truth","said",
 *  "p","loss"}]}: row numbers of the file, from 1. NULL on failure. */
Report *report_make(Job *job, const ReportTask *task, Error *e);
void report_free(Report *r); /* accepts NULL */

/* What a threshold and costs (NULL: of the model; none: each error costs 1) make of the rows: {"threshold", "confusion": {truth: {decision:
 * rows}}, "accuracy", "precision", "recall", "f1", "called", "cost", "cost_of_row"}; of more than two classes without those of one. */
Value *report_at(const Report *r, double threshold, const double *costs);

/* Places of the card that rows stand behind. */
typedef enum ReportPlace { REPORT_AT_CELL, REPORT_AT_CALIBRATION, REPORT_AT_SLICE, REPORT_AT_RESIDUAL, REPORT_AT_WORST } ReportPlace;
typedef struct ReportPick {
    ReportPlace place;
    size_t a, b;      /* truth and decision; bin; place of the column in "slices" and item; output and bin; place in "worst" */
    double threshold; /* of a cell */
    const double *costs;
} ReportPick;
/* Row ids of the source, in the order of the part; ids: room for r->out.data.rows. Returns how many. */
size_t report_pick(const Report *r, const ReportPick *pick, uint64_t *ids);
char *report_pick_text(const Report *r, const ReportPick *pick); /* "Churn Yes, called No at 0.36", for the caller */

/* What the card of a test part proves, to go with the model: {"threshold", "metrics", "certificate"}; NULL: it is of another part. */
Value *report_proof(const Report *r);
/* The model as it leaves: with a threshold and costs (NULL: its own) that were set by hand, or threshold 0: as it decides already; and with
 * proof (NULL: none) among its facts. A new reference. */
Bundle *report_model(const Report *r, const Value *proof, double threshold, const double *costs);
void report_print(const Value *card, Text *out); /* for people */

#endif
