/* row_scale: divide the numbers of each row by their length, so that only their proportions are left. */
#include <float.h>
#include <math.h>

#include "steps/tools.h"

enum { NORM_L2, NORM_L1, NORM_MAX };

typedef struct RowScale {
    TextList columns;
    int norm;
} RowScale;

typedef struct RowScaled {
    TextList columns;
    NumberList known;
} RowScaled;

static const char *const norms[] = {"l2", "l1", "max", NULL};

static const Field params[] = {
    {COLUMNS_FIELD(RowScale, columns), .doc = "columns whose numbers belong together", .def = "numeric", .positional = true},
    {CHOICE_FIELD(RowScale, norm), .doc = "what becomes 1: root of squares, sum, or largest magnitude", .def = "l2", .choices = norms},
    {0},
};

static const Field learns[] = {
    {COLUMNS_FIELD(RowScaled, columns), .doc = "columns found", .unique = true},
    {NUMBERS_FIELD(RowScaled, known), .doc = "rows that have a number in each", .max = DBL_MAX, .length_of = "columns"},
    {0},
};

/* The columns are found once, so that a later table with more of them is scaled alike. */
static bool row_scale_fit(Job *job, const StepInput *in, void *state, Error *e)
{
    RowScaled *s = state;
    if (!tools_resolve(in, &((const RowScale *)in->params)->columns, true, &s->columns, e))
        return false;
    for (size_t k = 0; k < s->columns.count; k++) {
        const Column *c = table_column(in->rows, s->columns.items[k]);
        size_t known = c->rows - c->missing;
        if (!job_go_on(job, e))
            return false;
        if (!known)
            tools_note_flat(in, s->columns.items[k], false);
        tools_add_number(&s->known, (double)known);
    }
    return true;
}

/* Squares are taken of shares of the largest, so that they neither overflow nor vanish. */
static double length_of(Column *const *columns, size_t count, size_t row, int norm)
{
    double largest = 0, sum = 0;
    for (size_t k = 0; k < count; k++)
        largest = fmax(largest, column_is_valid(columns[k], row) ? fabs(column_real(columns[k], row)) : 0);
    for (size_t k = 0; largest > 0 && isfinite(largest) && k < count; k++) {
        double share = column_is_valid(columns[k], row) ? fabs(column_real(columns[k], row)) / largest : 0;
        sum += isnan(share) ? 0 : norm == NORM_L2 ? share * share : share;
    }
    return norm == NORM_MAX ? largest : largest * (norm == NORM_L2 ? sqrt(sum) : sum);
}

static void scale_row(Column *const *columns, size_t count, size_t row, int norm)
{
    double length = length_of(columns, count, row, norm);
    for (size_t k = 0; length > 0 && isfinite(length) && k < count; k++)
        if (column_is_valid(columns[k], row))
            columns[k]->data.reals[row] /= length;
}

static double same(double x, double a, double b)
{
    (void)a, (void)b;
    return x;
}

static bool row_scale_apply(Job *job, const StepInput *in, const void *state, Table **out, Error *e)
{
    const TextList *names = &((const RowScaled *)state)->columns;
    Column **columns = mem_alloc((names->count + 1) * sizeof *columns);
    bool ok = true;
    for (size_t k = 0; ok && k < names->count; k++) {
        Column *from = tools_numeric(in->rows, names->items[k], e);
        columns[k] = from ? tools_map(from, same, 0, 0, e) : NULL;
        ok = columns[k] != NULL;
    }
    for (size_t i = 0; ok && i < in->rows->rows; i++)
        scale_row(columns, names->count, i, ((const RowScale *)in->params)->norm);
    *out = ok ? table_ref(in->rows) : NULL;
    for (size_t k = 0; k < names->count; k++) {
        Column *column = columns[k];
        columns[k] = NULL;
        if (ok)
            ok = job_go_on(job, e) && tools_put(out, names->items[k], column, e);
        else
            column_unref(column);
    }
    mem_free(columns);
    return ok;
}

static const Example examples[] = {
    {"{}", "x,y,t\n3,4,a\n-6,8,b\n0,0,c\n5,,d\n", "x,y,t\n0.6,0.8,a\n-0.6,0.8,b\n0,0,c\n1,,d\n"},
    {"{\"columns\": [\"x\", \"y\"], \"norm\": \"l1\"}", "x,y,z\n1,-3,9\n", "x,y,z\n0.25,-0.75,9\n"},
    {"{\"norm\": \"max\"}", "x,y\n2,-8\n", "x,y\n0.25,-1\n"},
    {"{\"columns\": [\"t\"]}", "t\na\n", "error: t is text, not a number"},
};

static const char *const notes[] = {
    "Values are those of scikit-learn's Normalizer. A row of zeros stays as it is, a missing cell stays missing and counts as 0. Columns "
    "of "
    "different units should be scaled each by itself first: standardize works down the rows of a column, row_scale along a row.",
    NULL};

const Step step_row_scale = {
    .spec = {.name = "row_scale",
             .doc = "scale the numbers of each row to length 1",
             .group = "scale",
             .params = params,
             .params_size = sizeof(RowScale),
             .examples = examples,
             .examples_count = sizeof examples / sizeof *examples,
             .notes = notes},
    .learns = learns,
    .state_size = sizeof(RowScaled),
    .effect = STEP_MAP,
    .mixes_columns = true,
    .fit = row_scale_fit,
    .apply = row_scale_apply,
};
