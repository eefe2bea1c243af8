/* log1p: log(1 + x), for amounts that span magnitudes. */
#include <math.h>

#include "steps/tools.h"

typedef struct Log1p {
    TextList columns;
    bool both_signs;
} Log1p;

static const Field params[] = {
    {COLUMNS_FIELD(Log1p, columns), .doc = "columns to transform", .positional = true},
    {FLAG_FIELD(Log1p, both_signs), .doc = "sign(x) * log(1 + |x|), for columns that go below 0", .def = "false"},
    {0},
};

static double plain(double x, double a, double b)
{
    (void)a, (void)b;
    return log1p(x);
}

static double mirrored(double x, double a, double b)
{
    (void)a, (void)b;
    return copysign(log1p(fabs(x)), x);
}

static bool takes(double x)
{
    return !(x <= -1);
}

static bool change(const StepInput *in, int column, Column **out, Error *e)
{
    static const ToolsDomain domain = {takes, "is not above -1, where the logarithm begins", "clip it, or both_signs = true"};
    const Log1p *p = in->params;
    const char *name = in->rows->names[column];
    Column *c = tools_numbers(in->rows, name, e);
    if (!c || (!p->both_signs && !tools_check_domain(in, name, &domain, e)))
        return false;
    *out = tools_map(c, p->both_signs ? mirrored : plain, 0, 0, e);
    return *out != NULL;
}

static bool log1p_apply(Job *job, const StepInput *in, const void *state, Table **out, Error *e)
{
    (void)state;
    return tools_each(job, in, &((const Log1p *)in->params)->columns, change, out, e);
}

static const Example examples[] = {
    {"{\"columns\": [\"x\"]}", "x,y\n0,1\n,2\n", "x,y\n0,1\n,2\n"},
    {"{\"columns\": [\"x\"], \"both_signs\": true}", "x\n-1\n0\n1\n", "x\n-0.6931471805599453\n0\n0.6931471805599453\n"},
    {"{\"columns\": [\"x\"]}", "x\n1\n-3\n", "error: x: row 2: -3 is not above -1"},
};

const Step step_log1p = {
    .spec = {.name = "log1p",
             .doc = "log(1 + x), for amounts that span magnitudes",
             .group = "scale",
             .params = params,
             .params_size = sizeof(Log1p),
             .examples = examples,
             .examples_count = sizeof examples / sizeof *examples},
    .effect = STEP_MAP,
    .apply = log1p_apply,
};
