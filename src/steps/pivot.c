/* pivot: from long to wide: one row for each group, and a column for each level of another column. */
#include <string.h>

#include "steps/tools.h"
#include "table/aggregate.h"

enum { LEVELS_MOST = 1000 };

typedef struct Pivot {
    TextList by, levels;
    char *names, *values;
    int with;
} Pivot;

static const char *const functions[] = {"sum", "count", "mean", "median", "sd", "min", "max", "first", "last", "mode", "distinct", NULL};

static const Field params[] = {
    {COLUMNS_FIELD(Pivot, by), .doc = "rows that agree in these columns become one"},
    {TEXT_FIELD(Pivot, names), .names_column = true, .doc = "column whose levels become columns"},
    {TEXT_FIELD(Pivot, values), .names_column = true, .doc = "column that fills them"},
    {CHOICE_FIELD(Pivot, with), .doc = "what is taken of several values", .def = "sum", .choices = functions},
    {TEXTS_FIELD(Pivot, levels), .doc = "levels that become columns; needed where rows are predicted", .def = "", .unique = true},
    {0},
};

typedef struct Pivoting {
    const StepInput *in;
    const Table *t;
    int names, values;
    Groups rows, cells; /* by `by`; by `by` and the level */
    TextList levels;
    Column *made; /* a value for each cell group */
} Pivoting;

static void pivoting_done(Pivoting *x)
{
    groups_done(&x->rows);
    groups_done(&x->cells);
    text_list_done(&x->levels);
    column_unref(x->made);
}

static bool make_groups(Job *job, Pivoting *x, Error *e)
{
    const Pivot *p = x->in->params;
    size_t count = 0;
    int *by = NULL;
    if (!tools_select(x->in, &p->by, &by, &count, e))
        return false;
    bool ok = count > 0 || error_set(e, ERROR_USAGE, "by names no column to group by");
    int *both = mem_alloc((count + 1) * sizeof *both);
    memcpy(both, by, count * sizeof *both);
    both[count] = x->names;
    ok = ok && groups_make(job, x->t, by, count, &x->rows, e) && groups_make(job, x->t, both, count + 1, &x->cells, e);
    mem_free(both);
    mem_free(by);
    return ok;
}

static void level_of(const Pivoting *x, size_t cell, Text *out)
{
    text_clear(out);
    column_format_key(x->t->columns[x->names], x->cells.first[cell], out);
}

/* Those that are named, or all that these rows have, in the order of the values. */
static bool find_levels(Pivoting *x, Error *e)
{
    const Pivot *p = x->in->params;
    if (p->levels.count) {
        x->levels = text_list_copy(&p->levels);
        return true;
    }
    if (x->in->reasons || (x->in->roles && x->in->roles->target))
        return error_set(e, ERROR_USAGE, "rows to predict must get the same columns: name the levels of \"%s\" with levels = { ... }",
                         p->names);
    Groups all;
    if (!groups_make(NULL, x->t, &x->names, 1, &all, e))
        return false;
    size_t *rows = mem_try_alloc(all.count + 1, sizeof *rows, e);
    for (size_t i = 0; rows && i < all.count; i++)
        rows[i] = all.first[i];
    Table *one = rows ? table_select(x->t, rows, all.count, e) : NULL;
    size_t *sorted = one ? mem_try_alloc(one->rows + 1, sizeof *sorted, e) : NULL;
    bool ok = sorted && query_sort(one, x->names, false, sorted, e);
    Text text = {0};
    for (size_t i = 0; ok && i < one->rows; i++) {
        text_clear(&text);
        column_format_key(one->columns[x->names], sorted[i], &text);
        if (column_is_valid(one->columns[x->names], sorted[i]))
            text_list_add(&x->levels, text_get(&text));
    }
    text_done(&text);
    table_unref(one);
    mem_free(sorted);
    mem_free(rows);
    groups_done(&all);
    return ok;
}

static bool fill_cells(Job *job, Pivoting *x, Error *e)
{
    const Pivot *p = x->in->params;
    char *text = text_format("%s(`%s`)", functions[p->with], p->values);
    Aggregate *a = aggregate_parse(text, e);
    x->made = a ? aggregate_run(job, a, x->t, &x->cells, e) : NULL;
    aggregate_free(a);
    mem_free(text);
    return x->made != NULL;
}

/* A sum or count of no rows is 0, everything else is missing. */
static Column *level_column(const Pivoting *x, size_t level, const size_t *level_at, Error *e)
{
    const Pivot *p = x->in->params;
    bool is_zero = text_equal(functions[p->with], "sum") || text_equal(functions[p->with], "count");
    size_t none = x->cells.count, *from = mem_try_alloc(x->rows.count + 1, sizeof *from, e);
    for (size_t i = 0; from && i < x->rows.count; i++)
        from[i] = none;
    for (size_t g = 0; from && g < x->cells.count; g++)
        if (level_at[g] == level)
            from[x->rows.of[x->cells.first[g]]] = g;
    Column *room = from ? column_copy(x->made, e) : NULL, *wide = room ? column_widen(room, none + 1, e) : NULL;
    bool ok = wide && (is_zero || column_set_missing(wide, none, e));
    Column *out = ok ? column_select(wide, from, x->rows.count, e) : NULL;
    column_unref(wide);
    mem_free(from);
    return out;
}

static bool put_levels(Pivoting *x, Table **out, Error *e)
{
    size_t *level_at = mem_try_alloc(x->cells.count + 1, sizeof *level_at, e), strange = 0;
    Text text = {0};
    bool ok = level_at != NULL;
    for (size_t g = 0; ok && g < x->cells.count; g++) {
        level_of(x, g, &text);
        level_at[g] = SIZE_MAX;
        for (size_t k = 0; k < x->levels.count; k++)
            if (text_equal(x->levels.items[k], text_get(&text)))
                level_at[g] = k;
        strange += level_at[g] == SIZE_MAX ? x->cells.sizes[g] : 0;
    }
    for (size_t k = 0; ok && k < x->levels.count; k++) {
        char *name = text_format("%s_%s", ((const Pivot *)x->in->params)->values, x->levels.items[k]);
        ok = tools_add(out, name, level_column(x, k, level_at, e), e);
        mem_free(name);
    }
    if (ok && strange)
        tools_note(x->in, "%zu rows have another level of %s, or none, and are in no column", strange, x->t->names[x->names]);
    text_done(&text);
    mem_free(level_at);
    return ok;
}

static Table *key_rows(const Pivoting *x, Error *e)
{
    const Pivot *p = x->in->params;
    int *by = NULL;
    size_t count = 0;
    Table *out = tools_select(x->in, &p->by, &by, &count, e) ? groups_keys(&x->rows, x->t, by, count, e) : NULL;
    if (out)
        tools_merge_groups(x->in, &x->rows);
    mem_free(by);
    return out;
}

static bool pivot_apply(Job *job, const StepInput *in, const void *state, Table **out, Error *e)
{
    (void)state;
    const Pivot *p = in->params;
    Pivoting x = {.in = in, .t = in->rows, .names = table_get(in->rows, p->names, e)};
    x.values = x.names == TABLE_NONE ? TABLE_NONE : table_get(in->rows, p->values, e);
    bool ok = x.values != TABLE_NONE && make_groups(job, &x, e) && find_levels(&x, e);
    if (ok && x.levels.count > LEVELS_MOST)
        ok = error_set(e, ERROR_USAGE, "%s has %zu levels, at most %d become columns; name those that matter with levels", p->names,
                       x.levels.count, LEVELS_MOST);
    ok = ok && fill_cells(job, &x, e);
    *out = ok ? key_rows(&x, e) : NULL;
    ok = *out && put_levels(&x, out, e);
    pivoting_done(&x);
    return ok;
}

static const Example examples[] = {
    {"{\"by\": [\"id\"], \"names\": \"month\", \"values\": \"mb\"}", "id,month,mb\na,2,1\na,1,2.5\na,1,1\nb,2,4\n",
     "id,mb_1,mb_2\na,3.5,1\nb,0,4\n"},
    {"{\"by\": [\"id\"], \"names\": \"t\", \"values\": \"x\", \"with\": \"max\", \"levels\": [\"u\", \"w\"]}",
     "id,t,x\na,u,1\na,v,7\nb,u,3\n", "id,x_u,x_w\na,1,\nb,3,\n"},
    {"{\"by\": [\"id\"], \"names\": \"t\", \"values\": \"t\"}", "id,t\na,u\n", "error: sum needs numbers"},
};

static const char *const notes[] = {
    "From long to wide; melt goes the other way. Where a group has no such row the cell is missing, of a sum or count 0.",
    "Without levels every level of these rows becomes a column; a pipeline that predicts must name them.", NULL};

const Step step_pivot = {
    .spec = {.name = "pivot",
             .doc = "one row for each group, a column for each level",
             .group = "expand",
             .params = params,
             .params_size = sizeof(Pivot),
             .examples = examples,
             .examples_count = sizeof examples / sizeof *examples,
             .notes = notes},
    .effect = STEP_DROPS_ROWS,
    .apply = pivot_apply,
};
