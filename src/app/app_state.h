/* The inside of an App, shared by the files of app/. */
#ifndef APP_APP_STATE_H
#define APP_APP_STATE_H

#include "app/app.h"
#include "base/thread.h"

typedef enum AppJobKind { APP_JOB_NONE, APP_JOB_READ, APP_JOB_VIEW } AppJobKind;

/* A background computation: inputs are immutable and referenced, outputs are taken by app_poll. */
typedef struct AppJob {
    AppJobKind kind;
    Job job;
    Thread *thread;
    atomic_bool finished;
    char *path;              /* READ */
    Value *options;
    Document *document;      /* VIEW */
    Pipeline *pipeline;
    size_t steps;
    Table *table;            /* results */
    Profile *profile;
    AppReady *ready;
    Error error;
    bool ok;
} AppJob;

struct App {
    AppOptions options;
    char *runs;
    const AppHost *host;
    History history;
    bool has_document;
    Table *head;             /* first rows of a file that is still being read */
    Table *shown;            /* the table after the shown steps */
    Profile *profile;
    AppReady *ready;
    bool is_stale;           /* shown belongs to an older snapshot */
    AppJob *job;
    char *file;
    Tail *run;
    Value *comparison;
    const char *asked;       /* a request that the run has not answered; NULL: none */
    size_t answers;          /* control events of the run when it was asked */
    Tail **run_list;
    size_t run_count;
    double run_checked;
    char status[400];
    bool status_is_error;
    char *pending_path, *pending_text; /* a script that waits for its key */
    TextList pending_arguments;
    char *script_path;       /* where the session was saved last */
};

bool app_start_job(App *a, AppJob *job, Error *e); /* takes job */
void app_request_view(App *a);                     /* recomputes shown and profile for the current snapshot */
bool app_finish_job(App *a);                       /* takes the results of a finished job; false: nothing */
void app_job_free(AppJob *job);
void app_ready_free(AppReady *r);
size_t app_shown_steps(const Document *d);         /* steps that Data shows: all before the first that encodes */

#endif
