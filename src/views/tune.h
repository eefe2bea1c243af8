/* What the files of the Tune view share: the study that is shown, and its charts. */
#ifndef VIEWS_TUNE_H
#define VIEWS_TUNE_H

#include "tui/list.h"
#include "views/workbench.h"

enum { SETTINGS_MAX = 6 };

typedef enum StudyChart { CHART_BEST, CHART_PARAMS, CHART_MACS, CHART_COUNT } StudyChart;

typedef struct TuneState {
    ListState list;
    bool by_number;
    int turned; /* charts further than the first */
} TuneState;

typedef struct Study {
    const Tail *run;
    const Value *trials; /* as they came */
    const char *metric;
    bool high;
    int64_t planned;
    size_t count, *order; /* running first, then by score */
    size_t running, done, failed;
    const char *settings[SETTINGS_MAX];
    size_t settings_count;
    bool has_sd; /* of several seeds */
    double best;
    int64_t best_n;
    StudyChart chart;
    bool *front; /* by trial */
} Study;

const char *trial_status(const Value *trial);
bool trial_is_running(const Value *trial);
double trial_score(const Value *trial);                  /* NAN: none */
const char *study_setting_title(const char *name);       /* as short as a column is */
const char *study_cost_name(StudyChart chart);           /* "params", "macs"; NULL: the chart has none */
double trial_cost(const Value *trial, StudyChart chart); /* NAN: not known */
bool *study_front(const Study *s);                       /* by trial: no other one is as good or better for less; the caller owns it */

void tune_paint_chart(const Workbench *w, Pen *pen, Rect pane, const Study *s, const Value *at); /* at: under the cursor; may be NULL */
void tune_paint_settings(Pen *pen, Rect pane, const Study *s);

#endif
