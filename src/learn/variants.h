/* Ways to regularize one net: the plan of a training as it is, made into each of them. */
#ifndef LEARN_VARIANTS_H
#define LEARN_VARIANTS_H

#include "learn/plans.h"

typedef enum Variant {
    VARIANT_NONE,
    VARIANT_L1,
    VARIANT_L2,
    VARIANT_ELASTIC,
    VARIANT_DROPOUT,
    VARIANT_BATCH_NORM,
    VARIANT_ALL,
    VARIANTS
} Variant; /* by the names of variant_names */

Variant variant_find(const char *name); /* VARIANTS: none of them */
/* Takes all that regularizes out of net and plan, then adds what the variant is, as strong as `by` says (its base is not read). The same
 * plan comes of the same net whatever variant it was before. false: the net has no place for it. */
bool variant_apply(TrainPlan *plan, Variant variant, const RegularizePlan *by, Error *e);
char *variant_text(Variant variant, const RegularizePlan *by); /* "l1 0.001"; "": none; for the caller */

#endif
