/* drop: leave columns out. */
#include "steps/tools.h"

typedef struct Drop {
    TextList columns;
} Drop;

static const Field params[] = {
    {COLUMNS_FIELD(Drop, columns), .doc = "columns to leave out", .positional = true},
    {0},
};

static bool drop_apply(Job *job, const StepInput *in, const void *state, Table **out, Error *e)
{
    (void)job, (void)state;
    const Drop *p = in->params;
    int *columns;
    size_t count;
    if (!tools_select(in, &p->columns, &columns, &count, e))
        return false;
    *out = table_without(in->rows, columns, count, e);
    mem_free(columns);
    return *out != NULL;
}

static void drop_describe(const void *params_used, const void *state, Text *out)
{
    (void)state;
    tools_list(&((const Drop *)params_used)->columns, out);
}

static const Example examples[] = {
    {"{\"columns\": [\"id\"]}", "id,x\n1,4\n2,5\n", "x\n4\n5\n"},
    {"{\"columns\": [\"/^tmp_/\"]}", "x,tmp_a,tmp_b\n1,2,3\n", "x\n1\n"},
    {"{\"columns\": [\"idd\"]}", "id,x\n1,4\n", "error: did you mean \"id\"?"},
};

const Step step_drop = {
    .spec = {.name = "drop",
             .doc = "leave columns out",
             .group = "columns",
             .params = params,
             .params_size = sizeof(Drop),
             .examples = examples,
             .examples_count = sizeof examples / sizeof *examples},
    .effect = STEP_MAP,
    .only_names = true,
    .apply = drop_apply,
    .describe = drop_describe,
};
