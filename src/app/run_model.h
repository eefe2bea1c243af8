/* A run as what it leaves behind: its model, and the session that its script describes, from which the rows of its parts come again. */
#ifndef APP_RUN_MODEL_H
#define APP_RUN_MODEL_H

#include "app/app.h"
#include "learn/report.h"
#include "learn/threshold.h"

typedef struct RunModel {
    Document *document;
    Bundle *model;
    Prepared *prepared; /* of the document; NULL: not yet */
    char *model_path;
} RunModel;

/* run: a run directory of any level: of a study the model of its best trial, of a distillation the first student. A script that a
 * person wrote is described by host (NULL: it cannot be), without training. From any thread; run_model_done in any case. */
typedef struct RunModelTask {
    const char *run;
    const AppHost *host;
    const TextList *scripts; /* options for processes that run scripts of others */
} RunModelTask;
bool run_model_open(Job *job, const RunModelTask *task, RunModel *out, Error *e);
void run_model_done(RunModel *m);
char *run_model_find(const char *run); /* path of its model file, for the caller; NULL: it has left none */
/* Prepares the parts where that was not done yet: refused where the table is another one than the model was trained on. */
bool run_model_judge(Job *job, RunModel *m, Part part, const char *runs, JudgedRows *out, Error *e);
/* The model decides otherwise from here on, by what is best on the validation rows. */
bool run_model_decide(Job *job, RunModel *m, const ThresholdPlan *plan, Error *e);

#endif
