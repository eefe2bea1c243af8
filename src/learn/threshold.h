/* From probabilities to decisions: the threshold of the positive class and what each decision costs. Chosen on validation rows, kept in
 * the model, and used by whatever decides with it. */
#ifndef LEARN_THRESHOLD_H
#define LEARN_THRESHOLD_H

#include "learn/bundle.h"

typedef enum ThresholdBy { THRESHOLD_BY_COST, THRESHOLD_BY_F1, THRESHOLD_BY_BALANCED } ThresholdBy;

typedef struct ThresholdPlan {
    double at;    /* 0: it is chosen */
    int by;       /* ThresholdBy */
    Value *costs; /* {truth: {decision: cost}}; NULL: none are given */
} ThresholdPlan;
extern const Spec threshold_spec;
/* A number is the threshold itself, a map has the rows of threshold_spec. params_free(&threshold_spec, plan); NULL on failure. */
ThresholdPlan *threshold_plan_from_value(const Value *v, Error *e);

/* classes * classes numbers for the caller, [truth * classes + decision]. Right decisions cost 0 and wrong ones 1 where nothing is said.
 * map NULL: all as said so. NULL on failure: an unknown class, a number below 0. */
double *costs_from_value(const TargetInfo *t, const Value *map, Error *e);
Value *costs_to_value(const TargetInfo *t, const double *costs);
/* Cells as people type them, "Yes:No=5" (truth:decision=cost), apart by blanks; and back. A map, for the caller; NULL on failure. */
Value *costs_from_text(const TargetInfo *t, const char *text, Error *e);
void costs_to_text(const TargetInfo *t, const double *costs, Text *out); /* wrong decisions, and right ones that cost something */

/* A decision for a model: takes the place of its own. */
typedef struct Decision {
    double threshold;
    double *costs; /* owned; NULL: none */
    Value *facts;  /* owned: {"by", "on", "rows", "cost"}: how it was chosen */
} Decision;
typedef struct ThresholdRows { /* that it is chosen on */
    const TargetInfo *target;
    const Dataset *data;
    const float *outputs; /* finished */
    const char *on;       /* "valid" */
} ThresholdRows;
bool threshold_check(const ThresholdPlan *plan, const ThresholdRows *rows, Error *e); /* it can be chosen; outputs are not read */
/* rows->data without rows is an error unless nothing is chosen; decision_done in any case. */
bool threshold_choose(const ThresholdPlan *plan, const ThresholdRows *rows, Decision *out, Error *e);
void decision_done(Decision *d);
void bundle_decide(Bundle *b, Decision *d); /* while b is being made: takes the contents of d */
/* The same model with another decision; it shares the net. Takes the contents of d. Its figures of valid stay those of before. */
Bundle *bundle_with_decision(const Bundle *b, Decision *d);

/* Of two classes: where F1 is highest; 0.5 where that means nothing. */
double threshold_best_f1(const TargetInfo *target, const Dataset *data, const float *probabilities);

#endif
