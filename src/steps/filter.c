/* filter: keep the rows where a condition is true. */
#include "steps/tools.h"
#include "table/expr.h"

typedef struct Filter {
    char *where;
} Filter;

static const Field params[] = {
    {EXPRESSION_FIELD(Filter, where), .doc = "condition of the rows that stay", .positional = true},
    {0},
};

/* Rows to be predicted have no target: a condition about it keeps them all. */
static bool lacks_target(const StepInput *in, const char *where)
{
    Error ignored = {0};
    TextList names = {0};
    Expr *x = in->roles && in->roles->target ? expr_parse(where, &ignored) : NULL;
    bool reads = x && expr_columns(x, &names) && text_list_has(&names, in->roles->target);
    expr_free(x);
    text_list_done(&names);
    return reads && table_find(in->rows, in->roles->target) == TABLE_NONE;
}

/* Where the condition has no value a row goes as well. */
static void note_gone(const StepInput *in, const char *where, size_t kept)
{
    Error ignored = {0};
    Expr *x = in->notes ? expr_parse(where, &ignored) : NULL;
    Column *is = x ? expr_eval(x, in->rows, &ignored) : NULL;
    if (is && is->missing)
        tools_note(in, "%s has no value in %zu of %zu rows: they are left out too", where, is->missing, is->rows);
    if (kept == 0 && in->rows->rows > 0)
        tools_note(in, "no row fulfills %s: nothing is left", where);
    column_unref(is);
    expr_free(x);
}

static bool filter_apply(Job *job, const StepInput *in, const void *state, Table **out, Error *e)
{
    (void)job, (void)state;
    const Filter *p = in->params;
    size_t *rows, count;
    if (lacks_target(in, p->where)) {
        *out = table_ref(in->rows);
        return true;
    }
    if (!expr_filter(p->where, in->rows, &rows, &count, e))
        return false;
    note_gone(in, p->where, count);
    *out = table_select(in->rows, rows, count, e);
    mem_free(rows);
    return *out != NULL;
}

static void filter_describe(const void *params_used, const void *state, Text *out)
{
    (void)state;
    text_add(out, ((const Filter *)params_used)->where);
}

static const Example examples[] = {
    {"{\"where\": \"x > 1 and t != 'b'\"}", "x,t\n1,a\n2,b\n3,c\n", "x,t\n3,c\n"},
    {"{\"where\": \"not is_missing(x)\"}", "x,t\n1,a\n,b\n", "x,t\n1,a\n"},
    {"{\"where\": \"y > 1\"}", "x\n1\n", "error: character 1: unknown column \"y\""},
    {"{\"where\": \"x + 1\"}", "x\n1\n", "error: gives int, not true or false"},
};

const Step step_filter = {
    .spec = {.name = "filter",
             .doc = "keep the rows where a condition is true",
             .group = "rows",
             .params = params,
             .params_size = sizeof(Filter),
             .examples = examples,
             .examples_count = sizeof examples / sizeof *examples},
    .effect = STEP_DROPS_ROWS,
    .apply = filter_apply,
    .describe = filter_describe,
};
