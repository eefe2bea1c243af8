/* max_abs: divide by the largest magnitude of the training rows; 0 stays 0. */
#include <float.h>
#include <math.h>

#include "steps/tools.h"

typedef struct MaxAbs {
    TextList columns;
} MaxAbs;

typedef struct MaxAbsed {
    TextList columns;
    NumberList largest;
} MaxAbsed;

static const Field params[] = {
    {COLUMNS_FIELD(MaxAbs, columns), .doc = "columns to scale", .def = "numeric, array", .positional = true},
    {0},
};

static const Field learns[] = {
    {COLUMNS_FIELD(MaxAbsed, columns), .doc = "columns found; an array once for each channel"},
    {NUMBERS_FIELD(MaxAbsed, largest), .doc = "largest magnitude of each; 0: it holds 0 or nothing", .max = DBL_MAX,
     .length_of = "columns"},
    {0},
};

static bool max_abs_fit(Job *job, const StepInput *in, void *state, Error *e)
{
    MaxAbsed *s = state;
    if (!tools_resolve_channels(in, &((const MaxAbs *)in->params)->columns, &s->columns, e))
        return false;
    for (size_t i = 0; i < s->columns.count; i++) {
        double low, high;
        Column *c = job_go_on(job, e) ? tools_channel(in, &s->columns, i, e) : NULL;
        if (!c)
            return false;
        bool any = tools_range(c, &low, &high);
        column_unref(c);
        if (!any)
            tools_note_flat(in, s->columns.items[i], any);
        tools_add_number(&s->largest, any ? fmax(fabs(low), fabs(high)) : 0);
    }
    return true;
}

static double scale(double x, double largest, double unused)
{
    (void)unused;
    return largest > 0 ? x / largest : x;
}

static bool max_abs_apply(Job *job, const StepInput *in, const void *state, Table **out, Error *e)
{
    const MaxAbsed *s = state;
    return tools_scale(job, in, &(ToolsScale){&s->columns, &s->largest, NULL, scale}, out, e);
}

static const Example examples[] = {
    {"{}", "x,t\n2,a\n-8,b\n0,c\n,d\n", "x,t\n0.25,a\n-1,b\n0,c\n,d\n"},
    {"{\"columns\": [\"x\"]}", "x,y\n0,1\n0,2\n", "x,y\n0,1\n0,2\n"},
    {"{\"columns\": [\"t\"]}", "t\na\n", "error: not a number"},
};

static const char *const notes[] = {
    "Nothing is subtracted, so 0 stays 0, which suits columns that are mostly 0. Later values may go beyond -1 and 1.", NULL};

const Step step_max_abs = {
    .spec = {.name = "max_abs",
             .doc = "scale numbers into -1 to 1 and keep 0 where it is",
             .group = "scale",
             .params = params,
             .params_size = sizeof(MaxAbs),
             .examples = examples,
             .examples_count = sizeof examples / sizeof *examples,
             .notes = notes},
    .learns = learns,
    .state_size = sizeof(MaxAbsed),
    .effect = STEP_MAP,
    .fit = max_abs_fit,
    .apply = max_abs_apply,
};
