/* interact: products, ratios or crosses of every pair of some columns. */
#include <math.h>

#include "steps/levels.h"

enum { KIND_PRODUCT, KIND_RATIO, KIND_CROSS };

typedef struct Interact {
    TextList columns;
    int kind;
    bool squares;
} Interact;

static const char *const kinds[] = {"product", "ratio", "cross", NULL};
static const char *const between[] = {"x", "per", "x"};

static const Field params[] = {
    {COLUMNS_FIELD(Interact, columns), .doc = "columns to combine, each with each that follows", .positional = true},
    {CHOICE_FIELD(Interact, kind), .doc = "a * b, a / b, or both levels as one text", .def = "product", .choices = kinds},
    {FLAG_FIELD(Interact, squares), .doc = "also each column with itself", .def = "false", .when = "kind=product"},
    {0},
};

typedef struct Pair {
    const char *name[2];
    Column *column[2];
} Pair;

static Column *numbers(const StepInput *in, const Pair *pair, bool ratio, Error *e)
{
    Column *to = column_new(COLUMN_REAL, in->rows->rows, e);
    size_t lost = 0;
    bool ok = to != NULL;
    for (size_t i = 0; ok && i < to->rows; i++) {
        double a = column_real(pair->column[0], i), b = column_real(pair->column[1], i), x = ratio ? a / b : a * b;
        to->data.reals[i] = x;
        lost += isfinite(a) && isfinite(b) && !isfinite(x);
        ok = isfinite(x) || column_set_missing(to, i, e);
    }
    if (ok && lost)
        tools_note(in, "%s %s %s has no value in %zu of %zu rows although both have one", pair->name[0], ratio ? "/" : "*", pair->name[1],
                   lost, to->rows);
    if (ok)
        return to;
    column_unref(to);
    return NULL;
}

static Column *crossed(const Pair *pair, Error *e)
{
    Column *a = levels_text(pair->column[0], e), *b = a ? levels_text(pair->column[1], e) : NULL;
    Column *to = b ? column_new(COLUMN_TEXT, b->rows, e) : NULL;
    Text text = {0};
    bool ok = to != NULL;
    for (size_t i = 0; ok && i < to->rows; i++) {
        if (!column_is_valid(a, i) || !column_is_valid(b, i)) {
            ok = column_set_missing(to, i, e);
            continue;
        }
        size_t size;
        const char *bytes = column_text(a, i, &size);
        text_clear(&text);
        text_add_bytes(&text, bytes, size);
        text_add(&text, " & ");
        bytes = column_text(b, i, &size);
        text_add_bytes(&text, bytes, size);
        ok = column_set_text(to, i, text_get(&text), text.size, e);
    }
    text_done(&text);
    column_unref(a);
    column_unref(b);
    if (ok)
        return to;
    column_unref(to);
    return NULL;
}

static bool add_pair(const StepInput *in, const Pair *pair, Table **out, Error *e)
{
    const Interact *p = in->params;
    char *name = text_format("%s_%s_%s", pair->name[0], between[p->kind], pair->name[1]);
    Column *made = p->kind == KIND_CROSS ? crossed(pair, e) : numbers(in, pair, p->kind == KIND_RATIO, e);
    bool ok = tools_add(out, name, made, e);
    mem_free(name);
    return ok;
}

static bool check_columns(const StepInput *in, const int *columns, size_t count, Error *e)
{
    const Interact *p = in->params;
    for (size_t i = 0; p->kind != KIND_CROSS && i < count; i++)
        if (!tools_numeric(in->rows, in->rows->names[columns[i]], e))
            return error_set(e, ERROR_USAGE, "%s is %s, not a number; kind = \"cross\" combines levels", in->rows->names[columns[i]],
                             column_type_name(in->rows->columns[columns[i]]->type));
    return count >= 2 || (count == 1 && p->squares) || error_set(e, ERROR_USAGE, "one column alone has no pair; name at least two");
}

static bool interact_apply(Job *job, const StepInput *in, const void *state, Table **out, Error *e)
{
    (void)state;
    const Interact *p = in->params;
    int *columns;
    size_t count;
    if (!tools_select(in, &p->columns, &columns, &count, e))
        return false;
    bool ok = check_columns(in, columns, count, e);
    *out = ok ? table_ref(in->rows) : NULL;
    for (size_t i = 0; ok && i < count; i++)
        for (size_t k = p->squares ? i : i + 1; ok && k < count; k++) {
            int a = columns[i], b = columns[k];
            Pair pair = {{in->rows->names[a], in->rows->names[b]}, {in->rows->columns[a], in->rows->columns[b]}};
            ok = job_go_on(job, e) && add_pair(in, &pair, out, e);
        }
    mem_free(columns);
    return ok;
}

static void interact_describe(const void *params_used, const void *state, Text *out)
{
    (void)state;
    const Interact *p = params_used;
    tools_list(&p->columns, out);
    text_addf(out, "  %s%s", kinds[p->kind], p->squares ? ", squares" : "");
}

static const Example examples[] = {
    {"{\"columns\": [\"a\", \"b\"]}", "a,b\n2,3\n4,\n", "a,b,a_x_b\n2,3,6\n4,,\n"},
    {"{\"columns\": [\"total\", \"months\"], \"kind\": \"ratio\"}", "months,total\n4,10\n0,3\n",
     "months,total,total_per_months\n4,10,2.5\n0,3,\n"},
    {"{\"columns\": [\"plan\", \"region\"], \"kind\": \"cross\"}", "plan,region\npro,north\n,south\n",
     "plan,region,plan_x_region\npro,north,pro & north\n,south,\n"},
    {"{\"columns\": [\"a\", \"b\"], \"squares\": true}", "a,b\n2,3\n", "a,b,a_x_a,a_x_b,b_x_b\n2,3,4,6,9\n"},
    {"{\"columns\": [\"a\", \"t\"]}", "a,t\n2,u\n", "error: t is text, not a number; kind = \"cross\" combines levels"},
};

static const char *const notes[] = {
    "Columns are combined in the order in which they are named: { \"total\", \"months\" } gives total / months, called total_per_months. "
    "What cannot be computed, as a division by 0, is missing, and that is said.",
    "A cross is a text; put one_hot or target_encode behind it. Where one of both is missing, so is what is made of them.", NULL};

const Step step_interact = {
    .spec = {.name = "interact",
             .doc = "products, ratios or crosses of pairs of columns",
             .group = "engineer",
             .params = params,
             .params_size = sizeof(Interact),
             .examples = examples,
             .examples_count = sizeof examples / sizeof *examples,
             .notes = notes},
    .effect = STEP_MAP,
    .mixes_columns = true,
    .apply = interact_apply,
    .describe = interact_describe,
};
