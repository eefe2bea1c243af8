/* min_max: bring numbers into a range by the smallest and largest training value. */
#include <float.h>
#include <math.h>

#include "steps/tools.h"

typedef struct MinMax {
    TextList columns;
    bool clip;
} MinMax;

typedef struct MinMaxed {
    TextList columns;
    NumberList lows, highs;
} MinMaxed;

static const Field params[] = {
    {COLUMNS_FIELD(MinMax, columns), .doc = "columns to scale", .def = "numeric, array", .positional = true},
    {FLAG_FIELD(MinMax, clip), .doc = "hold later values beyond the training range at 0 and 1", .def = "false"},
    {0},
};

static const Field learns[] = {
    {COLUMNS_FIELD(MinMaxed, columns), .doc = "columns found; an array once for each channel"},
    {NUMBERS_FIELD(MinMaxed, lows), .doc = "smallest value of each", .min = -DBL_MAX, .max = DBL_MAX, .length_of = "columns"},
    {NUMBERS_FIELD(MinMaxed, highs), .doc = "largest value of each", .min = -DBL_MAX, .max = DBL_MAX, .length_of = "columns",
     .not_below = "lows"},
    {0},
};

static bool min_max_fit(Job *job, const StepInput *in, void *state, Error *e)
{
    (void)job;
    const MinMax *p = in->params;
    MinMaxed *s = state;
    if (!tools_resolve_channels(in, &p->columns, &s->columns, e))
        return false;
    for (size_t i = 0; i < s->columns.count; i++) {
        double low, high;
        Column *c = tools_channel(in, &s->columns, i, e);
        if (!c)
            return false;
        bool any = tools_range(c, &low, &high);
        column_unref(c);
        if (!any || moments_is_constant(low, high))
            tools_note_flat(in, s->columns.items[i], any);
        tools_add_number(&s->lows, low);
        tools_add_number(&s->highs, high);
    }
    return true;
}

static double scale(double x, double low, double high)
{
    return moments_is_constant(low, high) ? 0 : (x - low) / (high - low);
}

static double scale_and_clip(double x, double low, double high)
{
    return fmin(1, fmax(0, scale(x, low, high)));
}

static bool min_max_apply(Job *job, const StepInput *in, const void *state, Table **out, Error *e)
{
    const MinMaxed *s = state;
    double (*how)(double, double, double) = ((const MinMax *)in->params)->clip ? scale_and_clip : scale;
    return tools_scale(job, in, &(ToolsScale){&s->columns, &s->lows, &s->highs, how}, out, e);
}

static const Example examples[] = {
    {"{}", "x,t\n1,a\n3,b\n2,c\n", "x,t\n0,a\n1,b\n0.5,c\n"},
    {"{\"columns\": [\"x\"]}", "x,y\n7,1\n7,2\n", "x,y\n0,1\n0,2\n"},
    {"{\"columns\": [\"t\"]}", "t\na\n", "error: not a number"},
};

static const char *const notes[] = {
    "The range comes from training rows, so later values may leave 0 .. 1 unless clip is set. A constant column becomes 0.", NULL};

const Step step_min_max = {
    .spec = {.name = "min_max",
             .doc = "scale numbers into 0 to 1",
             .group = "scale",
             .params = params,
             .params_size = sizeof(MinMax),
             .examples = examples,
             .examples_count = sizeof examples / sizeof *examples,
             .notes = notes},
    .learns = learns,
    .state_size = sizeof(MinMaxed),
    .effect = STEP_MAP,
    .fit = min_max_fit,
    .apply = min_max_apply,
};
