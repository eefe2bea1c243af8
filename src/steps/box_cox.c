/* box_cox: a power transform that makes a column as normal as it gets. */
#include <math.h>

#include "steps/power.h"

/* G. E. P. Box, D. R. Cox: An analysis of transformations, J. R. Stat. Soc. B 26, 1964. */
static double transform(double x, double lambda)
{
    return lambda == 0 ? log(x) : expm1(lambda * log(x)) / lambda;
}

static double log_slope(double x)
{
    return log(x);
}

static bool takes(double x)
{
    return !(x <= 0);
}

static const ToolsDomain domain = {takes, "is not above 0, as box_cox needs", "use yeo_johnson"};
static const PowerKind kind = {transform, log_slope, &domain};

static bool box_cox_fit(Job *job, const StepInput *in, void *state, Error *e)
{
    return power_fit(job, in, &kind, state, e);
}

static bool box_cox_apply(Job *job, const StepInput *in, const void *state, Table **out, Error *e)
{
    return power_apply(job, in, &kind, state, out, e);
}

static const Example examples[] = {
    {"{\"columns\": [\"x\"]}", "x,y\n7,1\n7,2\n,3\n", "x,y\n0,1\n0,2\n,3\n"},
    {"{\"columns\": [\"x\"], \"standardize\": false}", "x,t\n3,a\n3,b\n", "x,t\n2,a\n2,b\n"},
    {"{\"columns\": [\"x\"]}", "x\n1\n0\n", "error: x: row 2: 0 is not above 0"},
};

static const char *const notes[] = {
    "(x^lambda - 1) / lambda, and log(x) for lambda = 0. Lambda is where the likelihood of a normal distribution is greatest, by Brent's "
    "method, from training rows. A later value that is not above 0 becomes missing, with the reason.",
    NULL};

const Step step_box_cox = {
    .spec = {.name = "box_cox",
             .doc = "make positive numbers as normal as a power can",
             .group = "scale",
             .params = power_params,
             .params_size = sizeof(Power),
             .examples = examples,
             .examples_count = sizeof examples / sizeof *examples,
             .notes = notes},
    .learns = power_learns,
    .state_size = sizeof(Powered),
    .effect = STEP_MAP,
    .fit = box_cox_fit,
    .apply = box_cox_apply,
    .describe = power_describe,
};
