/* The report card of the watched run's model, for views. */
#ifndef APP_APP_REPORT_H
#define APP_APP_REPORT_H

#include "app/app.h"
#include "learn/report.h"
#include "learn/threshold.h"

/* The report card of the watched run's model, made in the background on one part: on the test part only when that is asked for by name, for
 * each look is counted. plan (copied; NULL: the model's threshold stays): the threshold is chosen on the validation rows first. */
bool app_judge(App *a, Part part, const ThresholdPlan *plan, Error *e);
const Report *app_report(const App *a);            /* of app_report_run; NULL: none yet, or it failed */
const char *app_report_run(const App *a);          /* path of the run that was judged last, also in vain; NULL: none yet */
Part app_report_part(const App *a);                /* that the report is of */
const char *app_report_problem(const App *a);      /* why it failed; "" */
const Document *app_report_document(const App *a); /* the session that the run was; NULL without a report */
const char *app_report_model(const App *a);        /* path of the model file; NULL without a report */
/* The model with this threshold and costs (NULL: its own) as a file; in the background, the status tells the path. threshold 0: its own
 * decision stays as it is. */
typedef struct AppModelSave {
    const char *path;
    bool overwrite;
    double threshold;
    const double *costs;
} AppModelSave;
AppSave app_model_check(const App *a, const char *path, Error *e); /* APP_SAVE_ASK: the file is there */
bool app_save_model(App *a, const AppModelSave *save, Error *e);
char *app_model_name(const App *a); /* what it would be called; for the caller */

#endif
