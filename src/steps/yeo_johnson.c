/* yeo_johnson: a power transform that makes a column as normal as it gets. */
#include <math.h>

#include "steps/power.h"

/* I.-K. Yeo, R. A. Johnson: A new family of power transformations to improve normality or symmetry, Biometrika 87, 2000. */
static double above(double x, double lambda)
{
    return lambda == 0 ? log1p(x) : expm1(lambda * log1p(x)) / lambda;
}

/* Below 0 it is the mirror image with 2 - lambda. */
static double transform(double x, double lambda)
{
    return x < 0 ? -above(-x, 2 - lambda) : above(x, lambda);
}

static double log_slope(double x)
{
    return copysign(log1p(fabs(x)), x);
}

static const PowerKind kind = {transform, log_slope, NULL};

static bool yeo_johnson_fit(Job *job, const StepInput *in, void *state, Error *e)
{
    return power_fit(job, in, &kind, state, e);
}

static bool yeo_johnson_apply(Job *job, const StepInput *in, const void *state, Table **out, Error *e)
{
    return power_apply(job, in, &kind, state, out, e);
}

static const Example examples[] = {
    {"{}", "x,t\n-7,a\n-7,b\n", "x,t\n0,a\n0,b\n"},
    {"{\"columns\": [\"x\"], \"standardize\": false}", "x,t\n3,a\n3,b\n,c\n", "x,t\n3,a\n3,b\n,c\n"},
    {"{\"columns\": [\"t\"]}", "t\na\n", "error: not a number"},
};

static const char *const notes[] = {
    "For x >= 0 ((x + 1)^lambda - 1) / lambda, below 0 its mirror image with 2 - lambda. Lambda is where the likelihood of a normal "
    "distribution is greatest, by Brent's method, from training rows. A constant column becomes 0; missing stays missing.",
    NULL};

const Step step_yeo_johnson = {
    .spec = {.name = "yeo_johnson",
             .doc = "make numbers of both signs as normal as a power can",
             .group = "scale",
             .params = power_params,
             .params_size = sizeof(Power),
             .examples = examples,
             .examples_count = sizeof examples / sizeof *examples,
             .notes = notes},
    .learns = power_learns,
    .state_size = sizeof(Powered),
    .effect = STEP_MAP,
    .fit = yeo_johnson_fit,
    .apply = yeo_johnson_apply,
    .describe = power_describe,
};
