/* The workbench without a face: document with history, background jobs, the run that is watched, and what views need as plain
 * figures. One thread owns an App; jobs work on immutable things and hand results over in app_poll. */
#ifndef APP_APP_H
#define APP_APP_H

#include "app/document.h"
#include "run/tail.h"
#include "table/profile.h"

typedef struct App App;

typedef struct AppOptions {
    const char *runs;  /* "runs" */
    const char *state; /* folder where unsaved work is kept; NULL: it is not */
    uint64_t seed;
    bool guided;   /* the guided first screen of make demo */
    bool headless; /* jobs run to their end inside app_poll, so that replays are exact */
    int threads;
    TextList scripts; /* global options for processes that run scripts of others; copied */
} AppOptions;

/* What the script room does for the workbench; handed in by cli. */
typedef struct AppHost {
    /* The generated script of the session that a script describes, which runs without trust in it; the caller owns it. NULL: e says why.
     * options: as in AppOptions. From any thread. */
    char *(*describe)(Job *job, const TextList *options, const char *path, const char *text, Error *e);
    /* What a command of a module answers, in a process of its own. request: {"command","module","params","about"}. From any thread. */
    Value *(*command)(Job *job, const TextList *options, const Value *request, Error *e);
} AppHost;

App *app_new(const AppOptions *options, const AppHost *host);
bool app_free(App *a); /* false: something in the background does not end; the process has to, and will end it */
/* A table, a session script or a run directory, by what it is: first rows and texts at once, the rest in the background. Errors of the
 * background are said, and news tells when it is there. */
bool app_open(App *a, const char *path, Error *e);
const char *app_foreign(const App *a);    /* text of a script that was opened and is only shown; NULL: none */
bool app_build_foreign(App *a, Error *e); /* runs it in the sandbox, in the background, without training, for the session it describes */
bool app_is_run(const char *path);        /* a run directory: opening it leaves the document as it is */
bool app_poll(App *a);                    /* true when something to show has changed */
bool app_is_idle(const App *a);           /* no background job; a run may be going on */
bool app_is_busy(const App *a);           /* something may change soon: a job, or the list of runs is being read */
bool app_cancel(App *a);                  /* asks the background jobs to stop; false: there is none that can */
bool app_give_up(App *a);                 /* only those that the user waits for */
bool app_is_finishing(const App *a, const char **what); /* something is being written or started: leaving would lose it */

/* Starts a command that a module defines, in the background. params: as its rows say; view: where the user is. */
bool app_run_command(App *a, const Spec *command, const Value *params, const char *view, Error *e);
/* What it answered, and which it was; both for the caller. NULL: nothing new. */
Value *app_take_answer(App *a, char **command);

/* What has come of the background since it was last asked, for whoever shows it: bits. */
typedef enum AppNews {
    APP_NEWS_OPENED = 1,      /* a table, or the session of a script */
    APP_NEWS_SHOWN = 2,       /* a script written by hand */
    APP_NEWS_WATCHED = 4,     /* another run */
    APP_NEWS_TRAINING = 8,    /* a run was started here: of a training or a script */
    APP_NEWS_TUNING = 16,     /* a study */
    APP_NEWS_DISTILLING = 32, /* a distillation */
    APP_NEWS_SAVED = 64,
    APP_NEWS_NOT_SAVED = 128,
    APP_NEWS_ANSWERED = 512, /* a command of a module: app_take_answer */
    APP_NEWS_FAILED = 256    /* something that the user asked for; the status says why */
} AppNews;
unsigned app_take_news(App *a);

const Document *app_document(const App *a); /* may be NULL */
const History *app_history(const App *a);
const char *app_file(const App *a);        /* as given; NULL */
const Table *app_table(const App *a);      /* what Data shows: the table after the repairs; NULL while nothing is open */
bool app_table_is_head(const App *a);      /* only the first rows are there yet */
bool app_table_is_stale(const App *a);     /* of an older snapshot, being recomputed */
const Profile *app_profile(const App *a);  /* of app_table; NULL while computing */
uint64_t app_profile_number(const App *a); /* another one for each profile */
bool app_progress(const App *a, const char **doing, double *share); /* false: no job; share -1: unknown */
bool app_is_guided(const App *a);
bool app_is_headless(const App *a);
const char *app_status(const App *a, bool *is_error); /* the newest message; "" */
void app_say(App *a, bool is_error, const char *format, ...) PRINTF_LIKE(3, 4);
void app_say_error(App *a, const Error *e);

/* What a training would get, found in the background by preparing (a part of) the table: */
typedef struct AppReady {
    NetInput input;      /* a row as the net takes it; length 0: not known */
    NetInput as_tabular; /* the same, with columns of two values as flags */
    size_t features, rows[PART_COUNT];
    int64_t outputs;
    size_t classes;    /* 0: the target is a number */
    bool is_part;      /* found on the first rows of a large table */
    TextList notes;    /* what the program does by itself */
    char problem[600]; /* why it cannot train yet; "" when it can */
} AppReady;
/* A sweep over learning rates for the document as it is (learn/find_rate.h), in the background; what it found, NULL before it has or when
 * the document is another one; and taken into the plan. */
bool app_find_rate(App *a, Error *e);
const Value *app_found_rate(const App *a);
bool app_take_rate(App *a, Error *e);
const AppReady *app_ready(const App *a); /* NULL while computing, or without a target */

/* Edits: each makes a new document snapshot; place is where and by which key: "Data f". */
bool app_edit(App *a, Document *next, Error *e);                                                          /* takes next */
bool app_add_step(App *a, size_t at, const char *step, const Value *params, const char *place, Error *e); /* at SIZE_MAX: its right place */
size_t app_step_place(const App *a, const Step *step, const void *params); /* where a new one goes: its right place */
bool app_replace_step(App *a, size_t at, const Value *params, const char *place, Error *e);
bool app_remove_step(App *a, size_t at, const char *place);
bool app_move_step(App *a, size_t from, size_t to, const char *place);
bool app_switch_step(App *a, size_t at, const char *place);
bool app_set_target(App *a, const char *target, const char *place, Error *e);
bool app_set_net(App *a, const SpecList *layers, const char *place);
/* Findings: each that a step repairs is on or off; optional ones begin off. A choice outlives a new profile. */
bool app_finding_is_on(const App *a, size_t finding);
void app_switch_finding(App *a, size_t finding);
bool app_repair(App *a, Error *e);                         /* adds the steps of the findings that are on, and the encoding a net needs */
bool app_repair_finding(App *a, size_t finding, Error *e); /* the step of this one only */
bool app_undo(App *a);
bool app_redo(App *a);
char *app_script(const App *a);                             /* the generated script; the caller owns it */
bool app_read_with(App *a, const Value *options, Error *e); /* the same with other options of the reader */
bool app_reload(App *a, Error *e);                          /* reads the table again; the edits and the history stay */

/* Saving. path NULL or "": app_save_name. ASK and REFUSED say why in e. */
typedef enum AppSave { APP_SAVE_REFUSED, APP_SAVE_FREE, APP_SAVE_ASK } AppSave;
const char *app_save_name(const App *a);
AppSave app_save_check(const App *a, const char *path, Error *e);
bool app_save_script(App *a, const char *path, bool overwrite, Error *e); /* in the background; news tells how it went */
bool app_is_saving(const App *a);
bool app_has_unsaved(const App *a);

/* Work that an ended session on this file left behind. */
typedef struct AppLeft {
    double written;   /* seconds since 1970 */
    char change[200]; /* the last edit */
} AppLeft;
bool app_left_work(const App *a, AppLeft *out); /* false: none */
bool app_restore_work(App *a, Error *e);        /* in the background */
void app_drop_work(App *a);                     /* it is removed */
void app_leave_work(App *a);                    /* it stays for the next start */
void app_leave(App *a);                         /* on purpose: what is not saved is not wanted */

/* What a step would do, before it is committed: fitted and applied on at most APP_PREVIEW_ROWS rows of the table before it. */
enum { APP_PREVIEW_ROWS = 10000 };
typedef struct AppPreview {
    StepEffectReport effect;
    size_t sampled, rows;
    Table *before, *after; /* the sampled rows */
    Value *state;          /* learned; may be NULL */
    TextList notes;        /* what the step says about these rows */
} AppPreview;
bool app_preview(App *a, size_t at, const Step *step, const void *params, AppPreview *out, Error *e);
void app_preview_done(AppPreview *p);

/* The cells that the repair of a finding changes, on the table as shown. */
enum { REPAIR_SHOWN = 24 };
typedef struct RepairCell {
    uint64_t row;         /* id */
    char *before, *after; /* NULL: missing */
} RepairCell;
typedef struct RepairPreview {
    size_t cells, rows_gone, columns_gone;
    RepairCell shown[REPAIR_SHOWN];
    size_t shown_count;
    TextList notes;
    char problem[400]; /* why it can't be done; "" */
} RepairPreview;
RepairPreview *app_repair_preview(App *a, size_t finding); /* NULL: no step repairs it */
void app_repair_preview_free(RepairPreview *p);

/* Runs. Starting one writes the document as a script and starts the detached worker, in the background. */
typedef enum AppCall { APP_TRAIN, APP_TUNE, APP_DISTILL, APP_PRICE, APP_SELECT, APP_REGULARIZE, APP_CONTEST } AppCall;
bool app_start(App *a, AppCall call, Error *e);
/* A script as its author wrote it: shown at once, run only when asked, never rewritten. arguments: copied. */
bool app_pend_script(App *a, const char *path, const TextList *arguments, Error *e);
const char *app_pending(const App *a); /* its path; NULL */
bool app_start_pending(App *a, Error *e);
bool app_watch(App *a, const char *run, Error *e);  /* in the background */
bool app_resume(App *a, const char *run, Error *e); /* starts its worker again and watches it, in the background */
bool app_control(App *a, const char *verb, const Value *arguments, Error *e); /* to the watched run; takes nothing */
const char *app_asked(const App *a);       /* the verb of a request that the run has not answered yet; "": none */
const Value *app_comparison(const App *a); /* what lb.compare of the watched run said; NULL before */
const Value *app_baselines(const App *a);  /* simple models beside what the watched run trained; NULL: not asked, not yet */
const Tail *app_run(const App *a);         /* the watched run; NULL */
/* The list of runs: cards (app/run_card.h) of the directory of runs, newest first, as of a second ago. Never NULL. The version changes with
 * the list. What is asked of one run is read in the background at first: NULL until then. */
const Value *app_run_cards(App *a);
void app_list_runs(App *a, bool on); /* while they are on the screen they are looked at again and again, by app_poll */
uint64_t app_runs_version(const App *a);
const Tail *app_listed_tail(App *a, const char *path);      /* with its curves */
const Value *app_listed_settings(App *a, const char *path); /* app/run_settings.h */
const Value *app_listed_below(App *a, const char *path);    /* cards of its pieces */
const Value *app_listed_lineage(App *a, const char *path);  /* app/run_lineage.h */
/* Runs against the first of them on the same rows of the validation part (app/run_compare.h), in the background; NULL: none was asked. */
bool app_compare_runs(App *a, const TextList *paths, Error *e);
const Value *app_runs_compared(const App *a);
/* Deeds on a listed run, in the background; the list is read again after them. */
bool app_label_run(App *a, const char *path, const Value *changes, Error *e); /* run/labels.h */
bool app_prune_run(App *a, const char *path, Error *e);                       /* run/run_disk.h */
bool app_delete_run(App *a, const char *path, Error *e);
bool app_runs_are_known(const App *a); /* false: they are being read for the first time */
const char *app_runs_directory(const App *a);

/* Two nets on the same rows: that of the document, A, against another one, B, both trained as the document says over the same seeds. It
 * changes nothing in the document. */
typedef struct AppContest {
    Document *a, *b;     /* as they were trained; NULL: there was none */
    const Value *result; /* what lb.compare said; NULL: it has not yet */
    const Tail *run;     /* NULL: another run is watched */
} AppContest;
bool app_start_contest(App *a, const SpecList *other, int64_t seeds, Error *e);
AppContest app_contest(const App *a); /* the newest one; borrowed */

/* Questions about the recipe and the net: a run of their own answers, trained as the document says, and shows what it has so far. They
 * change nothing in the document. */
enum { APP_QUESTIONS = 3 }; /* APP_PRICE, APP_SELECT, APP_REGULARIZE */
/* options: of price, select_features or regularize, beside those of the training; NULL: none. */
bool app_ask(App *a, AppCall question, const Value *options, Error *e);
const Value *app_answer(const App *a, AppCall question); /* as price_steps, select_features or regularize give it, so far; NULL: none yet */
RunState app_answer_state(const App *a, AppCall question);       /* RUN_UNKNOWN: none yet; RUN_STOPPED: it will not go on */
const Value *app_price_of(const App *a, size_t step);            /* in the answer: of a step of the document as it stands; NULL: none */
bool app_answer_is_stale(const App *a, AppCall question);        /* the recipe has changed since, or the net that it was about */
bool app_is_asking(const App *a);                                /* a run that answers goes on, and has perhaps nothing yet */
bool app_check_answer(const App *a, AppCall question, Error *e); /* it is there, whole, and of the recipe as it is */
/* The steps that buy nothing, as their prices say, are switched off by one edit that names them. */
bool app_strike(App *a, const char *place, Error *e);
/* The step that keeps the k best features goes to the end of the recipe; k 0: as many as the answer says. */
bool app_keep_features(App *a, size_t k, const char *place, Error *e);
/* Net and plan become those of a variant, by its name and as strong as the answer's: one edit. */
bool app_take_variant(App *a, const char *variant, const char *place, Error *e);

#endif
