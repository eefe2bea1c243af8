/* What a run was and what came of it, as one document: a page of HTML with its charts inside, Markdown, JSON, or its epochs as CSV. All
 * from the card, the curves, the settings and the lineage of the run. */
#ifndef APP_RUN_REPORT_H
#define APP_RUN_REPORT_H

#include "app/chart_svg.h"
#include "run/tail.h"

typedef struct RunReport {
    Tail *tail;           /* with all below it; owned */
    const Tail *training; /* that speaks for it */
    Value *card, *settings, *lineage, *result,
        *comparison; /* result: of the training; comparison: of the script; NULL where there is none */
} RunReport;

bool run_report_open(RunReport *r, const char *path, Error *e); /* to be done in both cases */
void run_report_done(RunReport *r);
void run_report_html(const RunReport *r, Text *out);
void run_report_markdown(const RunReport *r, Text *out);
Value *run_report_json(const RunReport *r);         /* {"card", "settings", "lineage", "result", "epochs", "pieces"} */
void run_report_csv(const RunReport *r, Text *out); /* a row for each epoch: epoch, step, seconds, learning_rate, then each series */
/* The series of trainings whose name ends in .metric, each as a line of the chart; names: of the runs, NULL where there is one only. */
void run_chart(const Tail *const *trainings, const char *const *names, size_t count, const char *metric, Chart *out);
void run_chart_done(Chart *c);

#endif
