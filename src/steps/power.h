/* Power transforms: one exponent a column, found by maximum likelihood of a normal distribution. box_cox and yeo_johnson differ in the
 * formula only. */
#ifndef STEPS_POWER_H
#define STEPS_POWER_H

#include "steps/tools.h"

typedef struct Power {
    TextList columns;
    bool standardize;
} Power;

typedef struct Powered {
    TextList columns;
    NumberList lambdas, means, sds;
} Powered;

extern const Field power_params[], power_learns[];

typedef struct PowerKind {
    double (*transform)(double x, double lambda);
    double (*log_slope)(double x); /* of the transform, over (lambda - 1) */
    const ToolsDomain *domain;     /* NULL: it takes every number */
} PowerKind;

bool power_fit(Job *job, const StepInput *in, const PowerKind *kind, Powered *s, Error *e);
bool power_apply(Job *job, const StepInput *in, const PowerKind *kind, const Powered *s, Table **out, Error *e);
void power_describe(const void *params, const void *state, Text *out);

#endif
