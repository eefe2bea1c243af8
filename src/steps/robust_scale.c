/* robust_scale: subtract the median and divide by the distance between two quantiles, which outliers do not move. */
#include <float.h>

#include "steps/tools.h"

typedef struct RobustScale {
    TextList columns;
    double low, high;
} RobustScale;

typedef struct RobustScaled {
    TextList columns;
    NumberList medians, spreads;
} RobustScaled;

static const Field params[] = {
    {COLUMNS_FIELD(RobustScale, columns), .doc = "columns to scale", .def = "numeric, array", .positional = true},
    {REAL_FIELD(RobustScale, low), .doc = "lower quantile of the spread", .def = "0.25", .max = 0.5, .soft_min = 0.05, .soft_max = 0.25},
    {REAL_FIELD(RobustScale, high), .doc = "upper quantile of the spread", .def = "0.75", .min = 0.5, .max = 1, .soft_min = 0.75,
     .soft_max = 0.95},
    {0},
};

static const Field learns[] = {
    {COLUMNS_FIELD(RobustScaled, columns), .doc = "columns found; an array once for each channel"},
    {NUMBERS_FIELD(RobustScaled, medians), .doc = "median of each", .min = -DBL_MAX, .max = DBL_MAX, .length_of = "columns"},
    {NUMBERS_FIELD(RobustScaled, spreads), .doc = "distance of the quantiles of each; 0: constant", .max = DBL_MAX, .length_of = "columns"},
    {0},
};

static bool learn(const StepInput *in, size_t i, RobustScaled *s, Error *e)
{
    const RobustScale *p = in->params;
    const char *name = s->columns.items[i];
    size_t count;
    Column *c = tools_channel(in, &s->columns, i, e);
    double *sorted = c ? tools_sorted(c, &count, e) : NULL, spread = 0, median = 0;
    column_unref(c);
    if (!sorted)
        return false;
    if (count == 0 || moments_is_constant(sorted[0], sorted[count - 1])) {
        tools_note_flat(in, name, count > 0);
    } else {
        double low = tools_quantile(sorted, count, p->low), high = tools_quantile(sorted, count, p->high);
        spread = moments_is_constant(low, high) ? 1 : high - low;
        if (moments_is_constant(low, high))
            tools_note(in, "%s: most values are the same, so there is no spread to divide by: only the median is taken off", name);
    }
    if (count > 0)
        median = tools_quantile(sorted, count, 0.5);
    mem_free(sorted);
    tools_add_number(&s->medians, median);
    tools_add_number(&s->spreads, spread);
    return true;
}

static bool robust_scale_fit(Job *job, const StepInput *in, void *state, Error *e)
{
    RobustScaled *s = state;
    bool ok = tools_resolve_channels(in, &((const RobustScale *)in->params)->columns, &s->columns, e);
    for (size_t i = 0; ok && i < s->columns.count; i++)
        ok = job_go_on(job, e) && learn(in, i, s, e);
    return ok;
}

static double scale(double x, double median, double spread)
{
    return spread > 0 ? (x - median) / spread : 0;
}

static bool robust_scale_apply(Job *job, const StepInput *in, const void *state, Table **out, Error *e)
{
    const RobustScaled *s = state;
    return tools_scale(job, in, &(ToolsScale){&s->columns, &s->medians, &s->spreads, scale}, out, e);
}

static const Example examples[] = {
    {"{}", "x,t\n1,a\n2,b\n3,c\n4,d\n1000,e\n", "x,t\n-1,a\n-0.5,b\n0,c\n0.5,d\n498.5,e\n"},
    {"{\"columns\": [\"x\"], \"low\": 0, \"high\": 1}", "x,y\n0,1\n4,2\n,3\n", "x,y\n-0.5,1\n0.5,2\n,3\n"},
    {"{\"low\": 0.6}", "x\n1\n", "error: allowed is 0 to 0.5"},
};

static const char *const notes[] = {
    "The median and the quantiles come from training rows. A constant column becomes 0; one whose quantiles are the same is only centered, "
    "and that is said. Missing stays missing.",
    NULL};

const Step step_robust_scale = {
    .spec = {.name = "robust_scale",
             .doc = "scale numbers by median and quartiles, which outliers leave alone",
             .group = "scale",
             .params = params,
             .params_size = sizeof(RobustScale),
             .examples = examples,
             .examples_count = sizeof examples / sizeof *examples,
             .notes = notes},
    .learns = learns,
    .state_size = sizeof(RobustScaled),
    .effect = STEP_MAP,
    .fit = robust_scale_fit,
    .apply = robust_scale_apply,
};
