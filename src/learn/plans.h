/* The plans: what train, tune, distill, cross_validate, price, regularize and compare are told. Each is a Spec of family "plan", so Lua,
 * forms, help and JSON read the same rows. */
#ifndef LEARN_PLANS_H
#define LEARN_PLANS_H

#include "spec/params.h"
#include "spec/registry.h"

typedef struct EarlyStop { /* family "stopping", member "early_stop" */
    char *metric;          /* "valid.loss", "valid.auc" ...; default valid.loss */
    int64_t patience;
    double min_delta;
    int mode;        /* 0 as the metric says, 1 low is better, 2 high is */
    int64_t warm_up; /* epochs */
    bool restore_best;
} EarlyStop;

typedef struct TrainPlan {
    SpecList net; /* layers without the head */
    int64_t epochs, batch;
    NumberList batch_epochs, batch_rows; /* from those epochs on */
    SpecUse optimizer, schedule, loss, early_stop;
    double l1, l2, max_norm, clip, decay, unit_norm;
    SpecList per_layer; /* for_layer */
    int64_t accumulate;
    SpecUse average;
    char *start; /* model file; "": none */
    TextList start_layers;
    int class_weight;         /* 0 none, 1 balanced */
    Value *class_weights;     /* {class: weight}; classes that are not named weigh 1; NULL: none are given */
    bool hold_range;          /* of numbers: predictions end where the training targets do */
    int64_t seed;             /* -1: the pipeline's */
    int64_t checkpoint_every; /* steps; 0: at each epoch's end */
    int64_t histograms;       /* epochs between looks into the layers; 0: none */
    FunctionUse on_epoch;
    char *name;          /* of the run; "" : "train" */
    int baselines;       /* of train alone: 0 none, 1 auto */
    Value *threshold;    /* of train alone: a number, or a map as threshold_spec has it (learn/threshold.h); NULL: 0.5 */
    int64_t seeds, jobs; /* of train alone: trainings that differ in the seed, and how many go on at a time */
} TrainPlan;

typedef struct TunePlan {
    TrainPlan base;  /* what is not searched; its rows are part of this plan's rows */
    Value *space;    /* {"learning_rate": {"low":..,"high":..,"scale":"log"} | [values] | "auto", "width": ..., ...}; NULL: all auto */
    SpecUse sampler; /* random when none is named */
    int64_t trials, jobs;
    int64_t seeds;            /* trainings of each trial that differ in the seed; their mean decides */
    char *metric;             /* "valid.auc" */
    FunctionUse net_function; /* h -> layers; resolved by the host into trials before the start */
} TunePlan;

typedef struct DistillPlan {
    TrainPlan base;            /* base.net is the student */
    double temperature, alpha; /* loss = alpha * T^2 * KL(teacher, student) + (1 - alpha) * cross-entropy */
    int64_t seeds, jobs;
    int logits;    /* 0 cached, 1 live */
    double margin; /* of the comparison that follows */
} DistillPlan;

typedef struct CrossPlan {
    TrainPlan base;
    int64_t folds, jobs;
    bool importance;
    int64_t keep; /* features, the best of each fold; 0: all */
    int keep_by;  /* what ranks them: of keep_by_names */
} CrossPlan;

/* The first two ask trained nets, the others are measures of the step select, by their names there. */
enum { KEEP_BY_IMPORTANCE, KEEP_BY_RFE, KEEP_BY_STEP };
extern const char *const keep_by_names[];

typedef struct PricePlan {
    CrossPlan cross;
    double margin; /* worth less than it is worth nothing */
} PricePlan;

typedef struct SelectPlan {
    CrossPlan cross; /* keep 0: as many as its curve says */
    double margin;   /* as good as all features */
} SelectPlan;

typedef struct RegularizePlan {
    TrainPlan base;                                                        /* without what regularizes: the variants say that */
    TextList variants;                                                     /* of variant_names; empty: all of them */
    double l1_strength, l2_strength, elastic_l1, elastic_l2, dropout_rate; /* of the variants */
    NumberList noise;                                                      /* sd of what is added to inputs, in sd of each of them */
    int64_t draws, seeds, jobs;
    double margin;
} RegularizePlan;
extern const char *const variant_names[]; /* none l1 l2 elastic dropout batch_norm all: as in learn/variants.h */

typedef struct ComparePlan { /* beside the models */
    int on;                  /* part: 0 train, 1 valid, 2 test */
    double margin;
    char *against; /* of several models by name: the one that the others are measured by; NULL or "": the best */
} ComparePlan;

Value *plan_of_net(const SpecList *net); /* settings that a net's training takes where they are not given; new, empty: none */
/* As params_from_value and fields_to_value, for what users write and read: settings that are not given are taken from the net, and those
 * that the net names are always written. */
void *plan_from_given(const Spec *spec, const Value *given, Error *e);
Value *plan_to_given(const Spec *spec, const void *plan, bool all);

extern const char *const baseline_choices[]; /* none auto */
extern const Spec train_spec, tune_spec, distill_spec, cross_validate_spec, price_spec, select_features_spec, regularize_spec, compare_spec;
const Family *plan_family(void);     /* split train tune distill cross_validate price select_features regularize find_rate */
const Family *stopping_family(void); /* early_stop */
const Family *sampler_family(void);  /* random grid halton */

#endif
