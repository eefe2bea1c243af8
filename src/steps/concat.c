/* concat: the rows of another table behind these. The other table is a side table like that of a join: a model is given a fresh one. */
#include "steps/join.h"

#include <string.h>

#include "steps/schema.h"

static const Field params[] = {
    {OBJECT_FIELD(Join, table, side_kind), .doc = "a table, a file name, or {file = \"a.csv\", steps = {...}}"},
    {FLAG_FIELD(Join, keep), .doc = "the model holds the rows of the table", .def = "false"},
    {0},
};

static const Field learns[] = {
    {TEXTS_FIELD(Joined, names), .doc = "columns of the other table", .unique = true},
    {TEXTS_FIELD(Joined, types), .doc = "type of each", .choices = column_cell_types, .length_of = "names"},
    {OBJECT_FIELD(Joined, side, joined_side_kind), .doc = "columns and steps of the other table, and its rows if they are kept"},
    {0},
};

static bool concat_fit(Job *job, const StepInput *in, void *state, Error *e)
{
    const Join *p = in->params;
    Joined *s = state;
    JoinKeys none = {0};
    const SideMade *made = side_make(job, p->table, e);
    for (size_t i = 0; made && i < made->rows->columns_count; i++) {
        text_list_add(&s->names, made->rows->names[i]);
        text_list_add(&s->types, column_type_name(made->rows->columns[i]->type));
    }
    s->side = made ? joined_side_make(job, in, &none, &s->names, e) : NULL;
    return s->side != NULL;
}

/* A column of both tables, or of one: then the rows of the other have no value. */
typedef struct Both {
    const char *name;
    const Column *here, *there; /* NULL: not there */
    size_t rows_here, rows_there;
} Both;

static bool type_of_both(const Both *b, ColumnType *type, Error *e)
{
    ColumnType here = b->here ? b->here->type : b->there->type, there = b->there ? b->there->type : here;
    bool numbers = (here == COLUMN_INT || here == COLUMN_REAL) && (there == COLUMN_INT || there == COLUMN_REAL);
    *type = here == there ? here : COLUMN_REAL;
    if (column_type_is_wide(here))
        return error_set(e, ERROR_USAGE, "%s holds arrays, which are not put together", b->name);
    return here == there || numbers ||
           error_set(e, ERROR_USAGE, "%s is %s here and %s in the other table; cast one of them", b->name, column_type_name(here),
                     column_type_name(there));
}

static bool put_cells(Column *to, size_t first, const Column *from, size_t rows, Error *e)
{
    bool ok = true;
    for (size_t i = 0; ok && i < rows; i++)
        ok = from ? tools_copy_cell(to, first + i, from, i, e) : column_set_missing(to, first + i, e);
    return ok;
}

static bool add_both(Table *out, const Both *b, Error *e)
{
    ColumnType type;
    if (!type_of_both(b, &type, e))
        return false;
    Column *c = column_new(type, b->rows_here + b->rows_there, e);
    bool ok = c && put_cells(c, 0, b->here, b->rows_here, e) && put_cells(c, b->rows_here, b->there, b->rows_there, e);
    if (!ok) {
        column_unref(c);
        return false;
    }
    if (type == COLUMN_REAL)
        c->decimals = -1;
    return table_add(out, b->name, c, e);
}

/* New rows get ids that no row has. */
static bool number_rows(Table *out, const Table *here, Error *e)
{
    uint64_t next = 0;
    out->row_ids = mem_try_alloc(out->rows + 1, sizeof *out->row_ids, e);
    for (size_t i = 0; out->row_ids && i < out->rows; i++) {
        uint64_t id = i < here->rows ? table_row_id(here, i) : next;
        out->row_ids[i] = id;
        next = id + 1 > next ? id + 1 : next;
    }
    return out->row_ids != NULL;
}

static Table *put_together(const Table *here, const Table *there, Error *e)
{
    size_t rows;
    if (!mem_add(here->rows, there->rows, &rows))
        return error_set(e, ERROR_MEMORY, "%zu and %zu rows are too many", here->rows, there->rows), NULL;
    Table *out = table_new(rows);
    bool ok = number_rows(out, here, e);
    for (size_t i = 0; ok && i < here->columns_count; i++)
        ok = add_both(out, &(Both){here->names[i], here->columns[i], table_column(there, here->names[i]), here->rows, there->rows}, e);
    for (size_t i = 0; ok && i < there->columns_count; i++)
        ok = table_find(here, there->names[i]) != TABLE_NONE ||
             add_both(out, &(Both){there->names[i], NULL, there->columns[i], here->rows, there->rows}, e);
    if (ok)
        return out;
    table_unref(out);
    return NULL;
}

static bool concat_apply(Job *job, const StepInput *in, const void *state, Table **out, Error *e)
{
    const Join *p = in->params;
    JoinRows there;
    bool ok = join_rows_get(job, in, state, &there, e);
    *out = !ok ? NULL : there.rows ? put_together(in->rows, there.rows, e) : table_ref(in->rows);
    if (*out && there.rows)
        tools_note(in, "%zu rows of %s stand behind the %zu", there.rows->rows, side_title(p->table), in->rows->rows);
    join_rows_done(&there);
    return *out != NULL;
}

static void concat_describe(const void *params_used, const void *state, Text *out)
{
    (void)state;
    const Join *p = params_used;
    text_add(out, p->table ? side_title(p->table) : "");
}

static const Example examples[] = {
    {"{\"table\": {\"csv\": \"x,u\\n3,true\\n\"}}", "x,t\n1,a\n2,b\n", "x,t,u\n1,a,\n2,b,\n3,,true\n"},
    {"{\"table\": {\"csv\": \"x\\n1.5\\n\"}}", "x\n1\n", "x\n1\n1.5\n"},
    {"{\"table\": {\"csv\": \"x\\na\\n\"}}", "x\n1\n", "error: x is int here and text in the other table; cast one of them"},
};

static const char *const notes[] = {
    "Columns meet by their names; where a table lacks one its rows have no value. Whole and other numbers meet as reals.",
    "Several logs put together can be grouped as one: calls:concat { table = messages }:group_by { ... }.", NULL};

const Step step_concat = {
    .spec = {.name = "concat",
             .doc = "the rows of another table behind these",
             .group = "expand",
             .params = params,
             .params_size = sizeof(Join),
             .examples = examples,
             .examples_count = sizeof examples / sizeof *examples,
             .notes = notes},
    .learns = learns,
    .state_size = sizeof(Joined),
    .effect = STEP_ADDS_ROWS,
    .sides = join_sides,
    .fits_side_only = true,
    .fit = concat_fit,
    .apply = concat_apply,
    .describe = concat_describe,
};
