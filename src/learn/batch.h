/* Tables become tensors here and nowhere else: what the target is, which columns are features, and the float32 rows of a part. */
#ifndef LEARN_BATCH_H
#define LEARN_BATCH_H

#include "learn/pipeline.h"
#include "steps/schema.h"

/* Classes or values, and the positive class, from all rows that have a target. */
bool target_info_find(const Table *t, const Roles *roles, TargetInfo *out, TextList *notes, Error *e);
/* Outputs of a regression target as the column has them: their names. target_info_find does it. */
void target_info_outputs(const Column *c, TargetInfo *out);
double target_number(const Column *c, size_t row, size_t number); /* a number of the target column; NAN: missing */
size_t target_numbers(const TargetInfo *t);                       /* regression: of a row; a dataset holds so many values for it */
bool target_is_point(const TargetInfo *t, size_t output);         /* it stands for its number: no quantile, or the one nearest the middle */
/* Each number is learned by an output for each quantile. */
void target_info_quantiles(TargetInfo *t, const NumberList *q);
void target_info_hold(TargetInfo *t, const Dataset *train);                                /* outputs stay within the range of its values */
void target_spread(const TargetInfo *t, const float *numbers, size_t rows, float *values); /* from numbers to outputs */
void target_info_scale(const Column *train, TargetInfo *out);                              /* mean and sd of the outputs */
/* Horizon and season of a target of later rows, and naive where rows have a time. */
bool target_info_order(Job *job, const Prepared *d, const Roles *roles, TargetInfo *out, Error *e);
/* Outputs of rows in the unit of the target: numbers of one output, for the caller; mem_free. outputs: rows * outputs, as the net has
 * them; values: rows * numbers, as a dataset has them. */
double *target_predicted(const TargetInfo *t, size_t output, const float *outputs, size_t rows);
double *target_actual(const TargetInfo *t, size_t output, const float *values, size_t rows);
double target_real(const TargetInfo *t, size_t output, float value);     /* one of them */
bool target_info_balance(TargetInfo *t, const Dataset *train, Error *e); /* class weights from the labels of the training part */
/* Class weights as given, {class: weight}; numbers above 0, and names of classes. */
bool target_info_weigh(TargetInfo *t, const Value *weights, Error *e);
TargetInfo target_info_copy(const TargetInfo *t);
int target_info_class(const TargetInfo *t, const char *text); /* -1: none of them */
size_t target_outputs(const TargetInfo *t);                   /* of a model: classes, or outputs_count */
size_t target_net_outputs(const TargetInfo *t);               /* of its net: the same, or the input */
size_t target_classes(const TargetInfo *t);                   /* 0: regression */
int target_positive(const TargetInfo *t);                     /* the positive of two classes; -1: there are not two */
Value *target_to_value(const TargetInfo *t);
bool target_from_value(TargetInfo *t, const Value *v, Error *e);

/* Columns of numbers, then arrays, without roles and not spent. Other columns left over are an error that names them. */
bool features_find(const Table *t, const Roles *roles, const TextList *spent, TextList *features, Error *e);
/* Where the numbers of a feature lie in a row of x: `places` times `channels` of them, `step` apart. */
typedef struct FeaturePlace {
    const Column *column; /* borrowed */
    size_t from, places, channels, step;
} FeaturePlace;
/* Plain numbers make a vector. Arrays of one length (or pictures of one size) alone join along their channels. Arrays beside anything
 * else lie flat, one behind the other, and are parts that layers can read by name: "numbers", and each array by its column's. */
typedef struct FeaturePlan {
    FeaturePlace *items;
    size_t count;
    NetInput input;
} FeaturePlan;
bool features_plan(const Table *t, const TextList *features, FeaturePlan *out, Error *e); /* features_plan_done in any case */
void features_plan_done(FeaturePlan *p);
void features_fill(const FeaturePlan *p, float *x); /* rows * size of the shape; missing cells and numbers beyond float32 become NAN */
/* "arrays lie flat: window 48x1 and 2 numbers make Nx50"; NULL: they do not. For the caller. */
char *features_flat_text(const FeaturePlan *p, const TextList *features);
bool feature_is_whole(const FeaturePlace *f, const float *row);
/* A net made for one shape is fed with rows of another: an error that names both. */
bool features_check_shape(Shape found, Shape net, Error *e);
/* target NULL: features only. A missing feature or an unknown class is an error. */
bool dataset_make(const Table *t, const TextList *features, const TargetInfo *target, Dataset *out, Error *e);
void dataset_done(Dataset *d);

/* The parts after the structural prefix, before anything is fitted. */
typedef struct RawParts {
    Recipe *before, *after; /* as run: structural prefix; the rest, not fitted */
    Table *structural, *parts[PART_COUNT];
    uint8_t *part; /* of each row of structural: a Part, or PART_COUNT + SplitLeft */
    TargetInfo target;
    SplitReport split;
    RowsReport rows;
    TextList notes;
} RawParts;
bool pipeline_raw_parts(Job *job, const Pipeline *p, RawParts *out, Error *e);
void raw_parts_done(RawParts *r);
bool pipeline_prepare_from(Job *job, const Pipeline *p, RawParts *raw, Prepared **out,
                           Error *e); /* takes the contents of raw, also on failure */
uint64_t pipeline_split_seed(const Pipeline *p);

/* The columns that a model knows of its rows, as steps/schema.h has them. After the recipe is fitted and the features are found. */
Value *schema_make(Job *job, const Pipeline *p, const Prepared *d);
/* No feature may be made of rows later than its own, by whatever steps: refused by name. After the features are found. */
bool features_check_ahead(Job *job, const Pipeline *p, const Prepared *d, Error *e);
void features_note_target(Job *job, const Pipeline *p, Prepared *d); /* features that a table beside makes of the target */

#endif
