/* A step to copy. It shifts numbers so that the smallest training value becomes `floor`. To add a step of your own: copy this file
 * to src/steps/NAME.c, replace "skeleton" by NAME, and write STEP(NAME) into steps.def. Help, forms, Lua, the command line, the
 * man page and the generated tests follow from what is declared here. This file is compiled, and listed nowhere. */
#include <float.h>

#include "steps/tools.h"

/* The parameters. Names are for ever: recipes and models store them. */
typedef struct Skeleton {
    TextList columns;
    double floor;
} Skeleton;

/* What fit finds; saved with the recipe. A step that learns nothing has none, and then may run before the split. */
typedef struct SkeletonState {
    TextList columns;
    NumberList smallest;
} SkeletonState;

/* A row each, as help and forms show them. No def: the parameter is required. min, max: refused outside; soft: the slider. */
static const Field params[] = {
    {COLUMNS_FIELD(Skeleton, columns), .doc = "columns to shift", .def = "numeric", .positional = true},
    {REAL_FIELD(Skeleton, floor), .doc = "what the smallest training value becomes", .def = "0", .min = -1e9, .max = 1e9, .soft_min = 0,
     .soft_max = 1},
    {0},
};

/* Checked where a recipe is read: a list that belongs to another says so, and numbers have a range. */
static const Field learns[] = {
    {COLUMNS_FIELD(SkeletonState, columns), .doc = "columns found", .unique = true},
    {NUMBERS_FIELD(SkeletonState, smallest), .doc = "smallest training value of each", .min = -DBL_MAX, .max = DBL_MAX,
     .length_of = "columns"},
    {0},
};

/* Sees training rows only. Selectors are resolved here: what they matched is part of what was learned. */
static bool skeleton_fit(Job *job, const StepInput *in, void *state, Error *e)
{
    const Skeleton *p = in->params;
    SkeletonState *s = state;
    if (!tools_resolve(in, &p->columns, true, &s->columns, e))
        return false;
    for (size_t i = 0; i < s->columns.count; i++) {
        size_t count;
        double *sorted = job_go_on(job, e) ? tools_sorted(table_column(in->rows, s->columns.items[i]), &count, e) : NULL;
        if (!sorted)
            return false;
        tools_add_number(&s->smallest, count > 0 ? sorted[0] : 0);
        mem_free(sorted);
    }
    return true;
}

static double shift(double x, double smallest, double to)
{
    return x - smallest + to;
}

/* Makes a new table that shares every column it does not touch. On failure *out is released by the caller. */
static bool skeleton_apply(Job *job, const StepInput *in, const void *state, Table **out, Error *e)
{
    const Skeleton *p = in->params;
    const SkeletonState *s = state;
    *out = table_ref(in->rows);
    for (size_t i = 0; i < s->columns.count; i++) {
        const Column *c = job_go_on(job, e) ? tools_numeric(in->rows, s->columns.items[i], e) : NULL;
        if (!c || !tools_put(out, s->columns.items[i], tools_map(c, shift, s->smallest.items[i], p->floor, e), e))
            return false;
    }
    return true;
}

/* At least two that work, and one that fails: they are help text and tests at once. */
static const Example examples[] = {
    {"{}", "x,t\n3,a\n5,b\n", "x,t\n0,a\n2,b\n"},
    {"{\"columns\": [\"x\"], \"floor\": 1}", "x,y\n3,1\n,2\n", "x,y\n1,1\n,2\n"},
    {"{\"columns\": [\"t\"]}", "t\na\n", "error: not a number"},
};

const Step step_skeleton = {
    .spec = {.name = "skeleton",
             .doc = "shift numbers so that the smallest becomes floor",
             .group = "scale",
             .params = params,
             .params_size = sizeof(Skeleton),
             .examples = examples,
             .examples_count = sizeof examples / sizeof *examples},
    .learns = learns,
    .state_size = sizeof(SkeletonState),
    .effect = STEP_MAP,
    .fit = skeleton_fit,
    .apply = skeleton_apply,
};
