/* The inside of an App, shared by the files of app/. */
#ifndef APP_APP_STATE_H
#define APP_APP_STATE_H

#include "app/app.h"
#include "base/hash.h"
#include "base/thread.h"

typedef enum AppJobKind { APP_JOB_NONE, APP_JOB_READ, APP_JOB_VIEW } AppJobKind;

/* A background computation: inputs are immutable and referenced, outputs are taken by app_poll. */
typedef struct AppJob {
    AppJobKind kind;
    Job job;
    Thread *thread;
    atomic_bool finished;
    char *path; /* READ */
    Value *options;
    bool is_again;      /* of the table that is open: the edits stay */
    Document *document; /* VIEW */
    Pipeline *pipeline;
    size_t steps;
    Table *table; /* results */
    Profile *profile;
    AppReady *ready;
    Error error;
    bool ok;
} AppJob;

/* A place in the state folder; path: the script, lock_path: held while the session lives. */
typedef struct WorkSlot {
    char *path, *lock_path;
    int lock;
    bool is_held;
} WorkSlot;

typedef struct Work {
    char key[HASH_ROOM]; /* of the file that is open */
    WorkSlot own, left;
    char *left_text; /* work of an ended session; NULL: none */
} Work;

struct App {
    AppOptions options;
    char *runs, *state;
    const AppHost *host;
    History history;
    bool has_document;
    Table *head;  /* first rows of a file that is still being read */
    Table *shown; /* the table after the shown steps */
    Profile *profile;
    uint64_t profile_number;
    AppReady *ready;
    TextList switched; /* findings that are not as they begin, by column and step */
    bool is_stale;     /* shown belongs to an older snapshot */
    AppJob *job;
    char *file;
    Tail *run;
    bool run_begins;     /* resumed here, and its worker has not begun yet */
    uint64_t run_before; /* bytes its log had then */
    double run_asked;    /* when */
    bool run_is_new;     /* started here, and its end has not been told yet */
    Value *comparison;
    const char *asked; /* a request that the run has not answered; NULL: none */
    size_t answers;    /* control events of the run when it was asked */
    Tail **run_list;
    size_t run_count;
    double run_checked;
    char status[400];
    bool status_is_error;
    char *pending_path, *pending_text; /* a script that waits for its key */
    TextList pending_arguments;
    char *foreign_path, *foreign_text; /* a script that a person wrote, shown and not run; NULL: none */
    char *script_path;                 /* where the session came from or was saved last; never a script written by hand */
    char *script_text;                 /* what the file held then */
    bool is_part;                      /* the reading was stopped: F5 reads all */
    Work work;
};

bool app_start_job(App *a, AppJob *job, Error *e); /* takes job */
void app_request_view(App *a);                     /* recomputes shown and profile for the current snapshot */
void app_changed(App *a);                          /* after each move of the history: a new view, and the work is kept on disk */
void app_work_open(App *a);                        /* for the file that is open: takes a slot, finds what was left behind */
void app_work_close(App *a, bool remove);
void app_work_keep(App *a);
bool app_finish_job(App *a); /* takes the results of a finished job; false: nothing */
void app_job_free(AppJob *job);
AppReady *app_find_ready(Job *job, const Pipeline *p); /* prepares as a training would */
bool app_watch_new(App *a, const char *run, Error *e); /* a run that was started here */
char *app_find_teacher(App *a, const Document *d);     /* path of the model that this training has left; NULL: none */
void app_ready_free(AppReady *r);
size_t app_shown_steps(const Document *d); /* steps that Data shows: all before the first that encodes */

#endif
