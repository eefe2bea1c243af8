/* derive: a new column computed from others. */
#include "steps/tools.h"
#include "table/expr.h"

typedef struct Derive {
    char *name, *as;
} Derive;

static const Field params[] = {
    {TEXT_FIELD(Derive, name), .names_column = true, .doc = "name of the new column; an existing one is replaced"},
    {EXPRESSION_FIELD(Derive, as), .doc = "what it holds, such as total / max(months, 1)"},
    {0},
};

static bool reads_target(const StepInput *in, const Expr *x)
{
    TextList names = {0};
    bool reads = in->roles && in->roles->target && expr_columns(x, &names) && text_list_has(&names, in->roles->target);
    text_list_done(&names);
    return reads;
}

static bool can_be_computed(const Table *t, const Expr *x)
{
    TextList names = {0};
    expr_columns(x, &names);
    bool all = true;
    for (size_t i = 0; i < names.count; i++)
        all = all && table_find(t, names.items[i]) != TABLE_NONE;
    text_list_done(&names);
    return all;
}

/* Cells without a value although everything they are made of has one: a division by 0, a logarithm of less than 0. */
static void note_undefined(const StepInput *in, const Expr *x, const Column *made)
{
    TextList names = {0};
    size_t undefined = 0;
    expr_columns(x, &names);
    for (size_t row = 0; in->notes && made && made->missing && row < made->rows; row++) {
        bool known = true;
        for (size_t i = 0; i < names.count; i++)
            known = known && column_is_valid(table_column(in->rows, names.items[i]), row);
        undefined += known && !column_is_valid(made, row);
    }
    if (undefined)
        tools_note(in, "%s has no value in %zu of %zu rows although all it is made of has one", ((const Derive *)in->params)->name,
                   undefined, made->rows);
    text_list_done(&names);
}

static bool derive_apply(Job *job, const StepInput *in, const void *state, Table **out, Error *e)
{
    (void)job, (void)state;
    const Derive *p = in->params;
    bool makes_target = tools_is_target(in, p->name), ok = false;
    Expr *x = expr_parse(p->as, e);
    if (!x)
        return error_prefix(e, "%s: ", p->name);
    if (!makes_target && reads_target(in, x)) {
        error_set(e, ERROR_USAGE, "it reads the target \"%s\", which is unknown when predicting", in->roles->target);
    } else if (makes_target && !can_be_computed(in->rows, x)) {
        *out = table_ref(in->rows);
        ok = true;
    } else {
        *out = table_ref(in->rows);
        Column *made = expr_eval(x, in->rows, e);
        note_undefined(in, x, made);
        ok = tools_put(out, p->name, made, e);
    }
    expr_free(x);
    return ok || error_prefix(e, "%s: ", p->name);
}

static void derive_describe(const void *params_used, const void *state, Text *out)
{
    (void)state;
    const Derive *p = params_used;
    text_addf(out, "%s = %s", p->name, p->as);
}

static const Example examples[] = {
    {"{\"name\": \"spend\", \"as\": \"total / max(months, 1)\"}", "total,months\n10,4\n3,0\n", "total,months,spend\n10,4,2.5\n3,0,3\n"},
    {"{\"name\": \"t\", \"as\": \"upper(t)\"}", "x,t\n1,a\n2,\n", "x,t\n1,A\n2,\n"},
    {"{\"name\": \"spend\", \"as\": \"x / max(tenur, 1)\"}", "x,tenure\n1,2\n",
     "error: spend: character 9: unknown column \"tenur\"; did you mean \"tenure\"?"},
};

#define EXPR(name, use, doc, least, most, pattern) " " #name
static const char *const notes[] = {
    "Operators: + - * / % ^, == != < <= > >=, and or not, in {a, b}. Texts stand in quotes, odd column names in back-quotes.",
    "Functions; `limbeck help expressions` explains each:"
#include "table/expr_functions.def"
    ".",
    "Missing in, missing out; what has no finite value (x / 0, log of 0) is missing too. Integers stay integers, / gives a real.", NULL};
#undef EXPR

const Step step_derive = {
    .spec = {.name = "derive",
             .doc = "a new column computed from others",
             .group = "engineer",
             .params = params,
             .params_size = sizeof(Derive),
             .examples = examples,
             .examples_count = sizeof examples / sizeof *examples,
             .notes = notes},
    .effect = STEP_MAP,
    .apply = derive_apply,
    .describe = derive_describe,
};
