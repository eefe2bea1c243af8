/* Learning: training with early stopping and checkpoints, evaluation, cross-validation, tuning, distillation, comparison, and the
 * bundle (model + recipe + schema) that leaves the house. Each call writes a run directory. */
#ifndef LEARN_LEARN_H
#define LEARN_LEARN_H

#include "learn/pipeline.h"
#include "learn/plans.h"
#include "net/metrics/metric.h"
#include "run/run_dir.h"
#include "steps/side.h"

/* A deployable model: net, fitted recipe, input schema, classes, threshold. One safetensors file. */
/* Newer ones are refused; 1 left threshold and format out of its hash, 2 its facts; 3 had chains of layers with names and orders of
 * tensors of our own. */
enum { BUNDLE_FORMAT = 4, BUNDLE_FACTS_FORMAT = 3, BUNDLE_GRAPH_FORMAT = 4 };
typedef struct Bundle {
    int references;
    Model *model;
    struct Bundle *lender; /* whose model it is; NULL: its own */
    Recipe *before, *fitted;
    Value *stored_before,
        *stored_fitted; /* as its file holds them, where an older version wrote them otherwise; NULL: as they are written now */
    Value *input_schema;
    Value *roles; /* {"key","group","time"}, those there are; NULL: a model of before they were kept */
    TargetInfo target;
    TextList features;
    double threshold; /* of the positive class; 0.5 */
    int64_t format;   /* of its file; what its hash covers */
    Value *facts;     /* metrics by part, seed, plan hash, data hash, fingerprint */
    char *path;       /* of its file, when it has one */
} Bundle;
Roles bundle_roles(const Bundle *b); /* borrowed */
Bundle *bundle_ref(const Bundle *b);
void bundle_unref(Bundle *b);
bool bundle_save(const Bundle *b, const char *path, Error *e); /* where the user said */
bool bundle_keep(const Bundle *b, const char *path, Error *e); /* in a run directory */
Bundle *bundle_load(const char *path, Error *e);
void bundle_hash(const Bundle *b, char hex[HASH_ROOM]);       /* tensors + recipe + schema + threshold; never time, path or host */
void bundle_facts_hash(const Bundle *b, char hex[HASH_ROOM]); /* of its facts, which say where it was trained, bound to the model */
bool bundle_has_facts_hash(const Bundle *b);                  /* false: a model of before facts were hashed; they may have been changed */
/* One output row per input row, and per row of the file that could not be read (rows->rejects), in place: prediction, p_<class>,
 * reason. A row with a reason and a prediction: the prediction stands, the reason is worth knowing. */
typedef struct PredictTask {
    const Table *rows;
    const SideTables *sides; /* that the model reads beside the rows, as they are in their files; NULL: none */
    bool last;               /* only the newest row of each series, with the columns that name it; rows that nobody can place stay */
    bool labelled;           /* look at targets too */
} PredictTask;
Table *bundle_predict(Job *job, const Bundle *b, const PredictTask *task, Error *e);
/* The rows of t that the model can be judged on, behind its structural steps (all rows of t are their past), with the row ids of t;
 * *counts (for the caller): what became of all rows, as rows_report_value gives it. */
Table *bundle_judgeable(Job *job, const Bundle *b, const Table *t, const SideTables *given, Value **counts, Error *e);
void bundle_side_needs(const Bundle *b, SideNeeds *out); /* the tables that it reads beside the rows; side_needs_done */
Value *bundle_read_options(const Bundle *b);             /* how rows for the model are read from a file */

/* Metrics of a part: {"loss","accuracy","auc","f1","log_loss","ece","brier","rmse",...}; probabilities: rows * classes. NULL: one failed.
 */
Value *metrics_of(const TargetInfo *target, const Dataset *data, const float *outputs, double threshold, Error *e);
/* {truth: {decision: rows}} of classes. */
Value *confusion_of(const TargetInfo *target, const Dataset *data, const float *probabilities, double threshold);
int64_t *confusion_counts(const MetricInput *in); /* [truth * classes + decision], for the caller */
Value *confusion_value(const TargetInfo *target, const int64_t *counts);
/* What metrics_of gives, of one output of a target of numbers; metrics_of is their mean. */
Value *metrics_of_output(const TargetInfo *target, size_t output, const Dataset *data, const float *outputs, Error *e);
Value *metrics_compute(const MetricInput *in, Error *e); /* all that fit it */
/* Whether the rows of a part allow a metric at all; name without the part: "auc". */
bool metric_is_defined(const char *name, const TargetInfo *target, const Dataset *data);
/* What a reader of the figures must know of the parts: undefined metrics and why, no or few rows to validate on. */
void notes_of_parts(const TargetInfo *target, const Dataset *train, const Dataset *valid, TextList *notes);

typedef struct EpochReport {
    int64_t epoch, epochs, step;
    const Value *metrics; /* {"train.loss":..., "valid.auc":...} */
    double learning_rate;
} EpochReport;

/* Calls upward, handed in by script or cli. Any may be NULL. */
typedef struct TrainHooks {
    void *self;
    bool (*on_epoch)(void *self, const EpochReport *report, bool *stop, Error *e); /* false: the callback failed */
    /* What on_epoch remembers from call to call, for checkpoints (new; NULL: it cannot be kept), and back again. */
    Value *(*state)(void *self, Error *e);
    void (*set_state)(void *self, const Value *state);
    const char *memory;                            /* variables in which it may remember more, so that a resume is not exact; NULL: none */
    void (*on_note)(void *self, const char *text); /* said once, at the start: what the figures cannot show */
} TrainHooks;

/* One training as a task: data, plan, where to record, what to call. */
typedef struct TrainTask {
    const Prepared *data;
    const TrainPlan *plan;
    const char *plan_hash;
    RunDir *run;        /* NULL: nothing is recorded */
    const char *figure; /* what trainings are compared by, recorded too: "valid.f_beta(beta=2)"; NULL: nothing besides the usual ones */
    bool resume;        /* continue from the newest checkpoint in run */
    const TrainHooks *hooks;
    const Bundle *teacher; /* distillation; NULL otherwise */
    double temperature, alpha;
    const float *teacher_logits; /* of training rows; NULL: computed live */
    uint64_t seed;
    int threads;
} TrainTask;
/* *result: {"status":"done|stopped|diverged","epochs":..,"best_epoch":..,"valid.auc":..., "model_hash":..., "seconds":..., "notes":
 * [texts]}. ERROR_DIVERGED when the loss is not finite (the last good weights are kept in the run). */
bool train_run(Job *job, const TrainTask *task, Bundle **out, Value **result, Error *e);

/* What a plan asks that this target cannot have; found before anything is trained. */
const Metric *train_check_metric(const char *name, size_t classes, size_t valid_rows, Error *e); /* of an early stop; NULL: it cannot */
/* Names of metrics with settings among series such as "valid.f_beta(beta=2)": what has to be told besides. series may be NULL. */
void figures_asked(const char *series, TextList *names);
bool figures_check(const TextList *names, size_t classes, Error *e); /* metrics of such a target, named with or without settings */
bool train_check_teachable(const char *target, size_t classes, Error *e);

/* The calls that a script makes: with a journal each is a numbered directory, finished ones return stored results and open ones go on.
 * journal NULL: a run directory of its own below `runs`. */
typedef struct CallContext {
    Job *job;
    Journal *journal;
    const char *runs; /* "runs" */
    const TrainHooks *hooks;
    /* tune: makes the layers of a trial from its settings when the plan has net_function; NULL otherwise. read gets the names that it
     * asked for. */
    bool (*prepare)(void *self, const Pipeline *p, Prepared **out, Error *e); /* may keep it for the next call; NULL: made anew each time */
    bool (*make_net)(void *self, const Value *settings, SpecList *layers, TextList *read, Error *e);
    void *self;
} CallContext;
bool call_train(CallContext *c, const Pipeline *p, const TrainPlan *plan, Bundle **out, Value **result, Error *e);
/* *result: {"folds":[{metrics}], "mean":{...}, "sd":{...}, "pooled":{...}, "importance": as importance_over gives it, where asked} */
bool call_cross_validate(CallContext *c, const Pipeline *p, const CrossPlan *plan, Value **result, Error *e);
/* *result: {"trials":[{"n":,"settings":{},"metric":,"status":,"params":}], "best": n, "best_plan": {train plan}, "done":, "failed":,
 * "exhausted": settings there are, when fewer than asked}; best model in *out */
bool call_tune(CallContext *c, const Pipeline *p, const TunePlan *plan, Bundle **out, Value **result, Error *e);
/* students and controls of all seeds; bundles of the first seed as the ones to save */
typedef struct Distilled {
    Bundle *teacher, **students, **alone;
    size_t seeds;
    Value *result;
} Distilled;
bool call_distill(CallContext *c, const Pipeline *p, const DistillPlan *plan, const Bundle *teacher, Distilled **out, Error *e);
void distilled_free(Distilled *d);

/* Teacher, students, students alone on one part: figures, paired differences with intervals, and a verdict in words. */
typedef struct CompareTask {
    const Pipeline *pipeline;
    const Bundle *teacher;                  /* NULL: none */
    Bundle *const *students, *const *alone; /* NULL: none; otherwise `seeds` of each, paired */
    size_t seeds;
    Part part;
    const char *runs; /* where looks at the test part are kept and the rows of models are found; NULL: nowhere, "runs" */
    double margin;    /* what still counts as "as good"; of metrics without a top: a share of the figure */
} CompareTask;
Value *compare_bundles(Job *job, const CompareTask *task, Error *e);
void compare_print(const Value *comparison, Text *out);                       /* the verdict, the figures and what stands behind them */
void compare_print_figures(const Value *comparison, size_t width, Text *out); /* as many columns as fit; each ± is the sd over seeds */
void compare_print_evidence(const Value *comparison, Text *out);              /* intervals, rows where they differ, the certificate */
char *compare_verdict(const Value *comparison);

#endif
