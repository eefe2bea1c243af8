/* standardize: subtract the mean and divide by the standard deviation of the training rows. */
#include <float.h>

#include "steps/tools.h"

typedef struct Standardize {
    TextList columns;
} Standardize;

typedef struct Standardized {
    TextList columns;
    NumberList means, sds;
} Standardized;

static const Field params[] = {
    {COLUMNS_FIELD(Standardize, columns), .doc = "columns to scale", .def = "numeric, array", .positional = true},
    {0},
};

static const Field learns[] = {
    {COLUMNS_FIELD(Standardized, columns), .doc = "columns found; an array once for each channel"},
    {NUMBERS_FIELD(Standardized, means), .doc = "mean of each", .min = -DBL_MAX, .max = DBL_MAX, .length_of = "columns"},
    {NUMBERS_FIELD(Standardized, sds), .doc = "population standard deviation of each; 0: constant", .max = DBL_MAX, .length_of = "columns"},
    {0},
};

static bool standardize_fit(Job *job, const StepInput *in, void *state, Error *e)
{
    (void)job;
    const Standardize *p = in->params;
    Standardized *s = state;
    if (!tools_resolve_channels(in, &p->columns, &s->columns, e))
        return false;
    for (size_t i = 0; i < s->columns.count; i++) {
        Moments m;
        Column *c = tools_channel(in, &s->columns, i, e);
        bool ok = c && tools_moments(in, s->columns.items[i], c, &m, e);
        column_unref(c);
        if (!ok)
            return false;
        tools_add_number(&s->means, m.mean);
        tools_add_number(&s->sds, m.sd);
    }
    return true;
}

static double scale(double x, double mean, double sd)
{
    return sd > 0 ? (x - mean) / sd : 0;
}

static bool standardize_apply(Job *job, const StepInput *in, const void *state, Table **out, Error *e)
{
    const Standardized *s = state;
    return tools_scale(job, in, &(ToolsScale){&s->columns, &s->means, &s->sds, scale}, out, e);
}

static const Example examples[] = {
    {"{}", "x,t\n1,a\n3,b\n,c\n", "x,t\n-1,a\n1,b\n,c\n"},
    {"{\"columns\": [\"x\"]}", "x,y\n7,1\n7,2\n", "x,y\n0,1\n0,2\n"},
    {"{\"columns\": [\"t\"]}", "t\na\n", "error: not a number"},
};

static const char *const notes[] = {"The mean and the population standard deviation come from training rows. A constant column becomes 0; "
                                    "missing stays missing. Each channel "
                                    "of an array has its own.",
                                    NULL};

const Step step_standardize = {
    .spec = {.name = "standardize",
             .doc = "scale numbers to mean 0 and standard deviation 1",
             .group = "scale",
             .params = params,
             .params_size = sizeof(Standardize),
             .examples = examples,
             .examples_count = sizeof examples / sizeof *examples,
             .notes = notes},
    .learns = learns,
    .state_size = sizeof(Standardized),
    .effect = STEP_MAP,
    .fit = standardize_fit,
    .apply = standardize_apply,
};
