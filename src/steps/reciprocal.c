/* reciprocal: 1 / x, where a rate says more than a time, or a time more than a rate. */
#include "steps/tools.h"

typedef struct Reciprocal {
    TextList columns;
} Reciprocal;

static const Field params[] = {
    {COLUMNS_FIELD(Reciprocal, columns), .doc = "columns to transform", .positional = true},
    {0},
};

static double invert(double x, double a, double b)
{
    (void)a, (void)b;
    return 1 / x;
}

static bool takes(double x)
{
    return x != 0;
}

static bool change(const StepInput *in, int column, Column **out, Error *e)
{
    static const ToolsDomain domain = {takes, "has no reciprocal", "make it missing first, or use yeo_johnson"};
    const char *name = in->rows->names[column];
    Column *c = tools_numbers(in->rows, name, e);
    if (!c || !tools_check_domain(in, name, &domain, e))
        return false;
    *out = tools_map(c, invert, 0, 0, e);
    return *out != NULL;
}

static bool reciprocal_apply(Job *job, const StepInput *in, const void *state, Table **out, Error *e)
{
    (void)state;
    return tools_each(job, in, &((const Reciprocal *)in->params)->columns, change, out, e);
}

static const Example examples[] = {
    {"{\"columns\": [\"x\"]}", "x,y\n4,1\n,2\n-0.5,3\n", "x,y\n0.25,1\n,2\n-2,3\n"},
    {"{\"columns\": [\"/seconds$/\"]}", "seconds,x\n2,7\n5,8\n", "seconds,x\n0.5,7\n0.2,8\n"},
    {"{\"columns\": [\"x\"]}", "x\n1\n0\n", "error: x: row 2: 0 has no reciprocal"},
};

const Step step_reciprocal = {
    .spec = {.name = "reciprocal",
             .doc = "1 / x, for times that should be rates",
             .group = "scale",
             .params = params,
             .params_size = sizeof(Reciprocal),
             .examples = examples,
             .examples_count = sizeof examples / sizeof *examples},
    .effect = STEP_MAP,
    .apply = reciprocal_apply,
};
