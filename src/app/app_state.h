/* The inside of an App, shared by the files of app/. */
#ifndef APP_APP_STATE_H
#define APP_APP_STATE_H

#include "app/app.h"
#include "app/run_index.h"
#include "app/run_model.h"
#include "base/hash.h"
#include "base/thread.h"

/* A place in the state folder; path: the script, lock_path: held while the session lives. */
typedef struct WorkSlot {
    char *path, *lock_path;
    int lock;
    bool is_held;
} WorkSlot;

typedef struct Work {
    WorkSlot own, left;
    char *left_text;   /* work of an ended session; NULL: none */
    char problem[300]; /* why none is kept; "" */
} Work;

/* Whose work is kept, and where: the folder, the file, the script that the session was saved as. NULL: none. */
typedef struct WorkPlace {
    char *state, *file, *script;
} WorkPlace;

/* Where a job goes: one at a time in each. What comes to the table gives the one before it up; in the others it waits for its turn, so that
 * the order is kept. */
typedef enum AppSlot { APP_SLOT_TABLE, APP_SLOT_RUN, APP_SLOT_DISK, APP_SLOT_LIST, APP_SLOTS } AppSlot;

typedef struct AppListed AppListed;
typedef struct AppJob AppJob;
typedef struct AppJobKind {
    AppSlot slot;
    const char *doing;               /* shown while it goes on: "reading"; NULL: it is too small to be told */
    const char *stopped;             /* said after it was asked to stop and did */
    bool waits;                      /* the user waits for it: Esc stops it too */
    bool opens;                      /* another document comes of it: this one is not edited meanwhile */
    bool drops;                      /* nothing stays of it: one that is asked to stop is not waited for */
    void (*run)(AppJob *j);          /* in the background: sets ok, or error */
    void (*take)(App *a, AppJob *j); /* when it is ok */
    void (*fail)(App *a, AppJob *j); /* when it is not, after that was said; NULL: nothing to mend */
} AppJobKind;

/* A report that is being made, or that is shown: the model of a run on one part. */
typedef struct AppJudging {
    char *run;      /* path that was asked for */
    RunModel model; /* opened by the job, kept for the next part */
    Part part;
    ThresholdPlan *plan; /* what the threshold is to be chosen by first; NULL: the model's stays */
    Report *report;      /* NULL: not yet, or it failed */
    Value *proof;        /* what the test part said of the model, as report_proof has it; NULL: it was not asked */
    char problem[600];   /* why it failed; "" */
} AppJudging;

/* A background computation: inputs are immutable and referenced or its own, outputs are taken by app_poll. */
struct AppJob {
    const AppJobKind *kind;
    Job job;
    Thread *thread;
    atomic_bool finished;
    Error error;
    bool ok;
    AppJob *next;      /* in the same list */
    const char *doing; /* instead of that of its kind; static text */
    char *path, *text; /* of a file, or of a run */
    Value *options;    /* of the reader, or of a request */
    bool is_again;     /* READ: of the table that is open: the edits stay */
    const AppHost *host;
    TextList scripts; /* global options for scripts of others */
    Document *document;
    Pipeline *pipeline; /* VIEW */
    size_t steps;       /* of the view */
    RunIndex *index;    /* of the runs that are listed */
    AppListed *listed;  /* a run that is looked into */
    Tail *tail;         /* the run that is to be watched */
    Table *table;       /* results */
    Profile *profile;
    double seconds;  /* that a look took */
    Value *found;    /* result of FIND_RATE */
    AppReady *ready; /* result of VIEW, known before START; NULL: not known */
    AppCall call;
    const Spec *asks;   /* START of a question: its plan, */
    void *plan;         /* own; NULL: a training */
    Document *against;  /* START of a contest: B, trained as `document` is */
    TextList arguments; /* START of a script */
    char *runs, *name;
    char *run, *teacher; /* of START: where it is, the model it goes by */
    WorkPlace place;     /* whose unsaved work is looked for */
    Work work;           /* what was found; or its slot is given back */
    bool removes;        /* with what is in it */
    AppJudging *judging; /* of a report */
};

/* A run of the list that was looked into: its curves, what it was told to do, and the cards of what lies below it. */
struct AppListed {
    char *path;
    Tail *tail; /* NULL: it is being read, or cannot be */
    Value *settings, *below, *lineage;
    bool is_known;
};

/* What a question of a script run has answered so far, from its file there; kept until another one answers. */
typedef struct AppCard {
    Value *value; /* NULL: nothing yet */
    char *run;    /* path */
    double modified;
    uint64_t size, inode; /* of the file that was read */
} AppCard;

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
    TextList switched;          /* findings that are not as they begin, by column and step */
    bool is_stale;              /* shown belongs to an older snapshot */
    AppJob *jobs[APP_SLOTS];    /* those that go on */
    AppJob *waiting[APP_SLOTS]; /* first come first */
    AppJob *given_up;           /* until they have ended */
    unsigned news;              /* bits of AppNews */
    Value *answer;              /* of a command of a module, until it is taken; NULL: none */
    char *answer_of;            /* its name */
    char *file;
    Tail *run;
    bool run_is_new; /* started here, and its end has not been told yet */
    Value *comparison;
    AppJudging *judged; /* what was judged last; NULL: nothing yet */
    Value *found_rate;  /* as find_rate gives it; NULL: none */
    Document *found_for;
    AppCard cards[APP_QUESTIONS], baselines;
    char *question; /* path of the run that was started last to answer one; NULL: none */
    AppCall question_call;
    char *contest;                   /* path of the run of a contest of two nets, */
    Document *contest_a, *contest_b; /* and the nets; NULL: none */
    Value *contest_result;           /* kept while other runs are watched; NULL: none yet */
    char asked[16], asked_id[40];    /* a request that the run has not answered, and what its answer carries; "": none */
    size_t controls;                 /* control events of the watched run that were told */
    RunIndex *index;                 /* NULL while the job that looks has it */
    Value *run_cards;
    uint64_t runs_version;
    bool runs_are_known;
    double run_checked, run_pace; /* when they were looked at last, and the seconds until the next look */
    bool runs_are_shown;
    Value *compared;   /* of runs; NULL: none */
    AppListed *listed; /* runs of the list that were looked into, the newest look first */
    size_t listed_count;
    double listed_checked;
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

void app_start_job(App *a, AppJob *job); /* takes it */
AppJob *app_job_new(const AppJobKind *kind);
void app_job_free(AppJob *job);
bool app_finish_job(App *a, AppSlot slot);
bool app_finish_jobs(App *a); /* takes the results of finished jobs; false: nothing */
bool app_end_jobs(App *a);    /* all are stopped, what is to be written is written; false: one does not end, and is left alone */
const AppJob *app_find_job(const App *a, const AppJobKind *kind); /* goes on or waits; NULL */
bool app_may_edit(const App *a, Error *e);                        /* false while another document is being opened */
bool app_is_free(const App *a, AppSlot slot, Error *e);           /* false while a job of this slot goes on that is shown */
void app_read(App *a, const char *path, const Value *options, bool is_again);
void app_keep_document(App *a, AppJob *j); /* what could not be opened leaves what was open as it was */
void app_describe(AppJob *j);              /* text: document */

void app_judging_free(AppJudging *j);                /* accepts NULL */
bool app_can_start(const App *a, Error *e);          /* a run, or what is like one */
bool app_is_question(const App *a, const char *run); /* a run that answered one */
bool app_poll_listed(App *a);                        /* what goes on in runs that were looked into; true: something new */
void app_listed_free(AppListed *l, size_t count);    /* an array of them; accepts NULL */
const char *app_how_to_stop(const App *a);           /* the question that goes on: by which key, and where */
bool app_read_cards(App *a);                         /* true: there is something new */
void app_cards_done(App *a);
void app_forget_cards(App *a); /* of a document that is not open any more */
typedef struct AppQuestion {
    AppCall call;
    const Spec *spec;
    void *plan;        /* taken */
    const char *doing; /* static text */
} AppQuestion;
void app_contest_done(App *a);
bool app_read_contest(App *a); /* true: there is something new */
void app_start_question(App *a, const AppQuestion *question);
typedef struct RecipeEdit {
    Recipe *recipe; /* taken */
    size_t split_at;
    const char *change, *place;
} RecipeEdit;
bool app_put_recipe(App *a, const RecipeEdit *edit, Error *e); /* the one way a recipe gets into the document */
void app_request_view(App *a);                                 /* recomputes shown and profile for the current snapshot */
void app_changed(App *a); /* after each move of the history: a new view, and the work is kept on disk */
void app_work_place_done(WorkPlace *p);
void app_work_done(Work *work); /* gives its slots back */
void app_work_open(App *a);     /* for the file that is open: takes a slot, finds what was left behind */
void app_work_close(App *a, bool remove);
void app_work_keep(App *a);
AppReady *app_find_ready(Job *job, const Pipeline *p); /* prepares as a training would */
void app_ready_free(AppReady *r);
AppReady *app_ready_copy(const AppReady *r);
Tail *app_open_tail(const char *run, Error *e);              /* and reads what is there; from any thread */
void app_watch_tail(App *a, Tail *t, bool is_new);           /* takes it; is_new: started here */
char *app_find_teacher(const char *runs, const Document *d); /* path of the model that this training has left; NULL: none */
size_t app_shown_steps(const Document *d);                   /* steps that Data shows: all before the first that encodes */

#endif
