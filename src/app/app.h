/* The workbench without a face: document with history, background jobs, the run that is watched, and what views need as plain
 * figures. One thread owns an App; jobs work on immutable things and hand results over in app_poll. */
#ifndef APP_APP_H
#define APP_APP_H

#include "app/document.h"
#include "run/tail.h"
#include "table/profile.h"

typedef struct App App;

typedef enum AppWait { APP_IDLE, APP_READING, APP_PROFILING, APP_APPLYING } AppWait;

typedef struct AppOptions {
    const char *runs; /* "runs" */
    uint64_t seed;
    bool guided;      /* the guided first screen of make demo */
    bool readonly;
    bool headless;    /* jobs run to their end inside app_poll, so that replays are exact */
} AppOptions;

App *app_new(const AppOptions *options);
void app_free(App *a);
/* A table, a session script, a run directory or a model, by what it is. First rows at once, the rest in the background. */
bool app_open(App *a, const char *path, Error *e);
bool app_poll(App *a);          /* true when something to show has changed */
bool app_is_idle(const App *a); /* no background job; a run may be going on */

const Document *app_document(const App *a);  /* may be NULL */
const Table *app_table(const App *a);        /* what Data shows: the table after the steps; NULL while nothing is open */
bool app_table_is_head(const App *a);        /* only the first rows are there yet */
const Profile *app_profile(const App *a);    /* of app_table; NULL while computing */
const Tail *app_run(const App *a);           /* the watched run; NULL */
const Tail *const *app_runs(const App *a, size_t *count);
const char *app_status(const App *a, bool *is_error); /* the newest message; "" */
void app_say(App *a, bool is_error, const char *format, ...) PRINTF_LIKE(3, 4);

/* Edits: each makes a new document snapshot; change and place are for the script view. */
bool app_add_step(App *a, size_t at, const char *step, const Value *params, const char *place, Error *e);
bool app_edit(App *a, Document *next, Error *e); /* takes next */
bool app_undo(App *a);
bool app_redo(App *a);
bool app_save_script(App *a, const char *path, Error *e);
bool app_train(App *a, Error *e);   /* writes the document as a script and starts the worker */
bool app_tune(App *a, Error *e);
bool app_distill(App *a, Error *e);
bool app_control(App *a, const char *verb, const Value *arguments, Error *e); /* to the watched run */
bool app_watch(App *a, const char *run, Error *e);

#endif
