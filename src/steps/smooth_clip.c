/* smooth_clip: bend numbers toward two learned limits with a tanh, so that outliers stay in order but not far away. */
#include <float.h>
#include <math.h>

#include "steps/tools.h"

typedef struct SmoothClip {
    TextList columns;
    double low, high;
} SmoothClip;

typedef struct SmoothClipped {
    TextList columns;
    NumberList lows, highs;
} SmoothClipped;

static const Field params[] = {
    {COLUMNS_FIELD(SmoothClip, columns), .doc = "columns to clip", .def = "numeric, array", .positional = true},
    {REAL_FIELD(SmoothClip, low), .doc = "quantile of the lower limit", .def = "0.01", .max = 0.5, .soft_max = 0.05},
    {REAL_FIELD(SmoothClip, high), .doc = "quantile of the upper limit", .def = "0.99", .min = 0.5, .max = 1, .soft_min = 0.95,
     .soft_max = 1},
    {0},
};

static const Field learns[] = {
    {COLUMNS_FIELD(SmoothClipped, columns), .doc = "columns found; an array once for each channel"},
    {NUMBERS_FIELD(SmoothClipped, lows), .doc = "lower limit of each; that of a constant one is its upper limit too", .min = -DBL_MAX,
     .max = DBL_MAX, .length_of = "columns"},
    {NUMBERS_FIELD(SmoothClipped, highs), .doc = "upper limit of each", .min = -DBL_MAX, .max = DBL_MAX, .length_of = "columns",
     .not_below = "lows"},
    {0},
};

static bool learn(const StepInput *in, size_t i, SmoothClipped *s, Error *e)
{
    const SmoothClip *p = in->params;
    size_t count;
    Column *c = tools_channel(in, &s->columns, i, e);
    double *sorted = c ? tools_sorted(c, &count, e) : NULL;
    column_unref(c);
    if (!sorted)
        return false;
    double low = tools_quantile(sorted, count, p->low), high = tools_quantile(sorted, count, p->high);
    mem_free(sorted);
    if (count == 0 || moments_is_constant(low, high)) {
        tools_note(in, "%s holds %s in these rows, so there are no limits to clip it at: left as it is", s->columns.items[i],
                   count ? "mostly one value" : "no value");
        low = high = 0;
    }
    tools_add_number(&s->lows, low);
    tools_add_number(&s->highs, high);
    return true;
}

static bool smooth_clip_fit(Job *job, const StepInput *in, void *state, Error *e)
{
    SmoothClipped *s = state;
    bool ok = tools_resolve_channels(in, &((const SmoothClip *)in->params)->columns, &s->columns, e);
    for (size_t i = 0; ok && i < s->columns.count; i++)
        ok = job_go_on(job, e) && learn(in, i, s, e);
    return ok;
}

/* Slope 1 in the middle, and the limits are never passed. Halved before they are added: limits may be as large as numbers go. */
static double bend(double x, double low, double high)
{
    double center = low / 2 + high / 2, half = high / 2 - low / 2;
    if (half <= 0)
        return x;
    return center + half * tanh((x - center) / half);
}

static bool smooth_clip_apply(Job *job, const StepInput *in, const void *state, Table **out, Error *e)
{
    const SmoothClipped *s = state;
    return tools_scale(job, in, &(ToolsScale){&s->columns, &s->lows, &s->highs, bend}, out, e);
}

static const Example examples[] = {
    {"{\"low\": 0.25, \"high\": 0.75}", "x\n-1e300\n-1\n0\n1\n1e300\n", "x\n-1\n-0.7615941559557649\n0\n0.7615941559557649\n1\n"},
    {"{\"columns\": [\"x\"]}", "x,y\n7,1\n7,2\n,3\n", "x,y\n7,1\n7,2\n,3\n"},
    {"{\"high\": 0.3}", "x\n1\n", "error: allowed is 0.5 to 1"},
};

static const char *const notes[] = {
    "With the middle c of the two limits and half their distance h a number becomes c + h tanh((x - c) / h): about the same near the "
    "middle, never beyond the limits. Unlike clip_outliers it keeps the order of what lies outside. Missing stays missing.",
    NULL};

const Step step_smooth_clip = {
    .spec = {.name = "smooth_clip",
             .doc = "bend outliers smoothly toward two learned limits",
             .group = "scale",
             .params = params,
             .params_size = sizeof(SmoothClip),
             .examples = examples,
             .examples_count = sizeof examples / sizeof *examples,
             .notes = notes},
    .learns = learns,
    .state_size = sizeof(SmoothClipped),
    .effect = STEP_MAP,
    .fit = smooth_clip_fit,
    .apply = smooth_clip_apply,
};
