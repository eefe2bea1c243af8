/* A pipeline: source -> structural steps -> split -> learned steps -> tensors. Immutable; edits make new ones. This is the part of
 * the document that prepares data, for the workbench and for Lua alike. */
#ifndef LEARN_PIPELINE_H
#define LEARN_PIPELINE_H

#include "learn/rows.h"
#include "net/net.h"
#include "steps/recipe.h"
#include "steps/split.h"

typedef struct Pipeline {
    int references;
    Table *source;                 /* as read; NULL while only described */
    char *file;                    /* as the user wrote it */
    Value *read_options;           /* may be NULL */
    char *target, *positive, *key; /* NULL: none; positive default: the rarer class */
    int target_type;               /* TargetType */
    uint64_t seed;
    Recipe *recipe;
    size_t split_at; /* the split stands before recipe->uses[split_at]; SIZE_MAX: none given (default split 70/15/15 stratified before
                        training) */
    SplitPlan split; /* params of split_spec; always initialized */
} Pipeline;

Pipeline *pipeline_new(const Table *source, const char *file, const Value *read_options);
extern const Spec pipeline_spec; /* target, positive, key, seed ... as a script gives them */
/* params: of pipeline_spec; seed: where they give none. */
Pipeline *pipeline_begin(const Table *source, const char *file, const Value *read_options, const void *params, uint64_t seed);
Pipeline *pipeline_ref(const Pipeline *p);
void pipeline_unref(Pipeline *p);
Pipeline *pipeline_copy(const Pipeline *p); /* shallow, to be edited before it is shared */
Pipeline *pipeline_with_step(const Pipeline *p, const Step *step, const void *params);
Pipeline *pipeline_with_split(const Pipeline *p, const SplitPlan *plan); /* at the end of the recipe so far */
Pipeline *pipeline_with_recipe(const Pipeline *p, Recipe *recipe, size_t split_at);
Pipeline *pipeline_with_target(const Pipeline *p, const char *target, const char *positive);
Value *pipeline_to_value(const Pipeline *p);           /* plan: file's data hash, roles, split, recipe; what is hashed */
const char *pipeline_target_column(const Pipeline *p); /* NULL: no target, or the input itself */
Unit pipeline_unit(const Pipeline *p);                 /* borrowed; what is never parted, decided here alone */
Roles pipeline_roles(const Pipeline *p);               /* borrowed; key, group and time are those of the unit */

typedef struct TargetOutput { /* regression: one number that the net gives */
    char *name;
    double mean, sd; /* the net learns (y - mean) / sd */
    double naive;    /* mean absolute change from row to row of a series, over training rows; 0: no order */
    size_t number;   /* of the column, which it is of */
    double quantile; /* that it learns; 0: the number itself */
    bool is_held;    /* what is below low or above high becomes that */
    double low, high;
} TargetOutput;

typedef struct TargetInfo {
    char *name;            /* of its column */
    bool is_classes;       /* else regression */
    TextList classes;      /* sorted; the label of a row is an index here */
    int positive;          /* index; -1: more than two classes or regression */
    TargetOutput *outputs; /* regression: a number of the target for each, or several quantiles of each, in the order of the numbers */
    size_t outputs_count;  /* 0: classes */
    int64_t horizon;       /* the outputs are those of so many later rows, row after row; 0: of something else */
    bool relative;         /* as differences from the row itself */
    int64_t season;        /* with a horizon: rows after which the series is most like itself; 0: not known */
    double *class_weights; /* of the loss, one a class; NULL: all 1 */
    double *costs;         /* of decisions, [truth * classes + decision]; NULL: none were given */
    const TextList *also;  /* metrics with settings that are told besides, by name: "f_beta(beta=2)"; borrowed; NULL: none */
    bool is_input;         /* there is no column: the net learns its input again, and all rows are normal */
    size_t inputs;         /* the net gives its input again, so many numbers, and its error tells the positive class; 0: it does not */
    double error_scale;    /* with inputs: the error from which on a row is of the positive class; 0: not yet known */
} TargetInfo;

/* A part as tensors: the only place where tables become tensors is learn/batch.c. */
typedef struct Dataset {
    size_t rows, width; /* width: numbers of a row, the size of its shape */
    NetInput input;     /* a row, as the net takes it */
    float *x;
    int32_t *labels; /* classes */
    float *values;   /* regression, standardized; rows * outputs */
    uint64_t *row_ids;
} Dataset;

typedef struct Prepared {
    int references;           /* atomic; use prepared_ref and prepared_free */
    Recipe *before, *fitted;  /* structural prefix; the rest, fitted on training rows */
    Table *structural;        /* all rows after the prefix: what the data hash is of */
    Table *raw[PART_COUNT];   /* parts after the prefix */
    Table *parts[PART_COUNT]; /* and after all steps, target included */
    Dataset data[PART_COUNT];
    Table *each_epoch; /* training rows where steps begin that change them anew in each epoch (learn/epochs.h); NULL: none does */
    uint64_t seed;     /* that they draw from */
    TargetInfo target;
    TextList features;      /* names of the columns of x */
    char *flat;             /* how arrays lie flat in x; NULL: they do not */
    Value *input_schema;    /* of the source */
    Value *roles;           /* {"key","group","time"}: what steps do not take unless named, also when predicting */
    SplitReport split;      /* unit, rows and units of the parts, rows left out */
    RowsReport rows;        /* read, left out and why, used */
    struct RowSet *trained; /* the training rows, by digest (learn/seen.h) */
    TextList notes;         /* what the program did by itself: moved steps, chosen positive class */
} Prepared;

/* What the same steps give when they are fitted on all rows and make their rows before a random split, as is often done: its figures
 * are too good. For comparison only. */
Pipeline *pipeline_leaky(Job *job, const Pipeline *p, Error *e);

/* No step that runs after the split names the target. */
bool pipeline_check_target(const Pipeline *p, Error *e);
bool pipeline_prepare(Job *job, const Pipeline *p, Prepared **out, Error *e);
Prepared *prepared_ref(const Prepared *d);
void prepared_free(Prepared *d); /* one reference; accepts NULL */
/* Table view for the screen after the first `steps` steps of the recipe, fitted on training rows. All rows are shown, also those
 * without a target, which are not used. */
/* By row of a view: it is in the training part. *mask NULL: the pipeline has no split of its own yet. mem_free */
bool pipeline_view_training(Job *job, const Pipeline *p, const Table *view, uint8_t **mask, Error *e);
Table *pipeline_view(Job *job, const Pipeline *p, size_t steps, Error *e);
void target_info_done(TargetInfo *t);

#endif
