/* sort: rows by the values of columns. */
#include "steps/tools.h"

typedef struct Sort {
    TextList by;
    bool descending;
} Sort;

static const Field params[] = {
    {COLUMNS_FIELD(Sort, by), .doc = "columns to sort by, the first counts most", .positional = true},
    {FLAG_FIELD(Sort, descending), .doc = "the largest first", .def = "false"},
    {0},
};

/* From the last column to the first, each time keeping the order of what is equal. */
static bool sort_apply(Job *job, const StepInput *in, const void *state, Table **out, Error *e)
{
    (void)state;
    const Sort *p = in->params;
    int *columns = NULL;
    size_t count = 0, *rows = mem_try_alloc(in->rows->rows + 1, sizeof *rows, e);
    bool ok =
        rows && tools_select(in, &p->by, &columns, &count, e) && (count || error_set(e, ERROR_USAGE, "by names no column to sort by"));
    *out = table_ref(in->rows);
    for (size_t i = count; ok && i-- > 0;) {
        ok = job_go_on(job, e) && query_sort(*out, columns[i], p->descending, rows, e);
        Table *sorted = ok ? table_select(*out, rows, (*out)->rows, e) : NULL;
        ok = sorted != NULL;
        table_unref(*out);
        *out = sorted;
    }
    mem_free(columns);
    mem_free(rows);
    return ok;
}

static const Example examples[] = {
    {"{\"by\": [\"t\", \"x\"]}", "x,t\n2,b\n3,a\n,a\n1,a\n", "x,t\n1,a\n3,a\n,a\n2,b\n"},
    {"{\"by\": [\"x\"], \"descending\": true}", "x,t\n2,b\n3,a\n3,c\n", "x,t\n3,a\n3,c\n2,b\n"},
    {"{\"by\": [\"z\"]}", "x\n1\n", "error: \"z\""},
};

static const char *const notes[] = {"Missing values stand last. What is learned does not depend on the order of the rows.", NULL};

const Step step_sort = {
    .spec = {.name = "sort",
             .doc = "rows by the values of columns",
             .group = "rows",
             .params = params,
             .params_size = sizeof(Sort),
             .examples = examples,
             .examples_count = sizeof examples / sizeof *examples,
             .notes = notes},
    .effect = STEP_DROPS_ROWS,
    .apply = sort_apply,
};
