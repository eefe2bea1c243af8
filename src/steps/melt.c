/* melt: from wide to long: a row for each of several columns, with the column's name and its cell. */
#include <string.h>

#include "steps/tools.h"

typedef struct Melt {
    TextList columns;
    char *names, *values;
} Melt;

static const Field params[] = {
    {COLUMNS_FIELD(Melt, columns), .doc = "columns that become rows", .positional = true},
    {TEXT_FIELD(Melt, names), .names_column = true, .doc = "new column: which of them the row is of", .def = "name"},
    {TEXT_FIELD(Melt, values), .names_column = true, .doc = "new column: the cell", .def = "value"},
    {0},
};

/* Whole and other numbers meet as reals; beyond that the columns must be of one type. */
static bool common_type(const Table *t, const int *columns, size_t count, ColumnType *type, Error *e)
{
    *type = t->columns[columns[0]]->type;
    for (size_t i = 1; i < count; i++) {
        ColumnType own = t->columns[columns[i]]->type;
        bool numbers = (own == COLUMN_INT || own == COLUMN_REAL) && (*type == COLUMN_INT || *type == COLUMN_REAL);
        if (own == *type)
            continue;
        if (!numbers)
            return error_set(e, ERROR_USAGE, "%s is %s and %s is %s; cast them to one type first", t->names[columns[0]],
                             column_type_name(t->columns[columns[0]]->type), t->names[columns[i]], column_type_name(own));
        *type = COLUMN_REAL;
    }
    return !column_type_is_wide(*type) || error_set(e, ERROR_USAGE, "%s holds arrays, which do not become rows", t->names[columns[0]]);
}

/* Column by column of a row, row after row: what was one row stays together. */
static Column *long_cells(const Table *t, const int *columns, size_t count, ColumnType type, Error *e)
{
    Column *c = column_new(type, t->rows * count, e);
    bool ok = c != NULL;
    for (size_t row = 0; ok && row < t->rows; row++)
        for (size_t k = 0; ok && k < count; k++)
            ok = tools_copy_cell(c, row * count + k, t->columns[columns[k]], row, e);
    if (ok)
        return c;
    column_unref(c);
    return NULL;
}

static Column *long_names(const Table *t, const int *columns, size_t count, Error *e)
{
    Column *c = column_new(COLUMN_TEXT, t->rows * count, e);
    bool ok = c != NULL;
    for (size_t i = 0; ok && i < t->rows * count; i++) {
        const char *name = t->names[columns[i % count]];
        ok = column_set_text(c, i, name, strlen(name), e);
    }
    if (ok)
        return c;
    column_unref(c);
    return NULL;
}

/* The other columns, each row as often as it has cells. */
static Table *repeat_rows(const Table *t, const int *columns, size_t count, Error *e)
{
    size_t total, *rows = mem_mul(t->rows, count, &total) ? mem_try_alloc(total + 1, sizeof *rows, e) : NULL;
    Table *rest = rows ? table_without(t, columns, count, e) : NULL, *out = NULL;
    for (size_t i = 0; rest && i < total; i++)
        rows[i] = i / count;
    out = rest ? table_select(rest, rows, total, e) : NULL;
    mem_free(rows);
    table_unref(rest);
    return out;
}

static bool melt_apply(Job *job, const StepInput *in, const void *state, Table **out, Error *e)
{
    (void)state;
    const Melt *p = in->params;
    int *columns = NULL;
    size_t count = 0;
    ColumnType type = COLUMN_TEXT;
    bool ok = tools_select(in, &p->columns, &columns, &count, e) &&
              (count || error_set(e, ERROR_USAGE, "columns names none that could become rows")) &&
              common_type(in->rows, columns, count, &type, e) && job_go_on(job, e);
    *out = ok ? repeat_rows(in->rows, columns, count, e) : NULL;
    ok = *out && tools_add(out, p->names, long_names(in->rows, columns, count, e), e) &&
         tools_add(out, p->values, long_cells(in->rows, columns, count, type, e), e);
    mem_free(columns);
    return ok;
}

static const Example examples[] = {
    {"{\"columns\": [\"jan\", \"feb\"], \"names\": \"month\", \"values\": \"mb\"}", "id,jan,feb\na,1,2.5\nb,,4\n",
     "id,month,mb\na,jan,1\na,feb,2.5\nb,jan,\nb,feb,4\n"},
    {"{\"columns\": [\"/^q/\"]}", "id,q1,q2\n1,x,y\n", "id,name,value\n1,q1,x\n1,q2,y\n"},
    {"{\"columns\": [\"a\", \"b\"]}", "a,b\n1,x\n", "error: a is int and b is text; cast them to one type first"},
};

static const char *const notes[] = {"From wide to long; pivot goes the other way. The other columns stand in each new row.", NULL};

const Step step_melt = {
    .spec = {.name = "melt",
             .doc = "several columns become rows: name and value",
             .group = "expand",
             .params = params,
             .params_size = sizeof(Melt),
             .examples = examples,
             .examples_count = sizeof examples / sizeof *examples,
             .notes = notes},
    .effect = STEP_ADDS_ROWS,
    .apply = melt_apply,
};
