/* sqrt: the square root, for counts and areas. */
#include <math.h>

#include "steps/tools.h"

typedef struct Sqrt {
    TextList columns;
    bool both_signs;
} Sqrt;

static const Field params[] = {
    {COLUMNS_FIELD(Sqrt, columns), .doc = "columns to transform", .positional = true},
    {FLAG_FIELD(Sqrt, both_signs), .doc = "sign(x) * sqrt(|x|), for columns that go below 0", .def = "false"},
    {0},
};

static double plain(double x, double a, double b)
{
    (void)a, (void)b;
    return sqrt(x);
}

static double mirrored(double x, double a, double b)
{
    (void)a, (void)b;
    return copysign(sqrt(fabs(x)), x);
}

static bool takes(double x)
{
    return !(x < 0);
}

static bool change(const StepInput *in, int column, Column **out, Error *e)
{
    static const ToolsDomain domain = {takes, "is below 0 and has no square root", "clip it, or both_signs = true"};
    const Sqrt *p = in->params;
    const char *name = in->rows->names[column];
    Column *c = tools_numbers(in->rows, name, e);
    if (!c || (!p->both_signs && !tools_check_domain(in, name, &domain, e)))
        return false;
    *out = tools_map(c, p->both_signs ? mirrored : plain, 0, 0, e);
    return *out != NULL;
}

static bool sqrt_apply(Job *job, const StepInput *in, const void *state, Table **out, Error *e)
{
    (void)state;
    return tools_each(job, in, &((const Sqrt *)in->params)->columns, change, out, e);
}

static const Example examples[] = {
    {"{\"columns\": [\"x\"]}", "x,y\n9,1\n,2\n2.25,3\n", "x,y\n3,1\n,2\n1.5,3\n"},
    {"{\"columns\": [\"x\"], \"both_signs\": true}", "x\n-4\n0\n4\n", "x\n-2\n0\n2\n"},
    {"{\"columns\": [\"x\"]}", "x\n1\n-3\n", "error: x: row 2: -3 is below 0"},
};

const Step step_sqrt = {
    .spec = {.name = "sqrt",
             .doc = "the square root, for counts and areas",
             .group = "scale",
             .params = params,
             .params_size = sizeof(Sqrt),
             .examples = examples,
             .examples_count = sizeof examples / sizeof *examples},
    .effect = STEP_MAP,
    .apply = sqrt_apply,
};
