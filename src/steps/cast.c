/* cast: read columns as another type. */
#include "steps/tools.h"
#include "table/letters.h"
#include "table/spelling.h"

typedef struct Cast {
    TextList columns;
    int to, errors;
} Cast;

static const Field params[] = {
    {COLUMNS_FIELD(Cast, columns), .doc = "columns to read anew", .positional = true},
    {CHOICE_FIELD(Cast, to), .doc = "the new type", .choices = column_cell_types},
    {CHOICE_FIELD(Cast, errors), .doc = "cells that do not fit: missing up to 5 %, missing, or stop", .def = "few",
     .choices = tools_errors},
    {0},
};

/* One column on its way. Lost are cells that hold something else than a word for nothing. */
typedef struct Casting {
    const StepInput *in;
    int column;
    const Column *from;
    Column *to;
    Text room;
    ToolsLost lost;
} Casting;

static void read_cell(Casting *x, size_t row)
{
    const Column *c = x->from;
    text_clear(&x->room);
    if (column_is_valid(c, row) && c->type == COLUMN_BOOL && x->to->type != COLUMN_TEXT)
        text_add_char(&x->room, c->data.flags[row] ? '1' : '0');
    else if (column_is_valid(c, row))
        column_format(c, row, &x->room);
}

static bool cast_cell(Casting *x, size_t row, Error *e)
{
    read_cell(x, row);
    size_t size = x->room.size;
    const char *text = letters_trim(text_get(&x->room), &size);
    if (size > 0 && tools_put_text(x->to, x->from->type, row, text, size))
        return true;
    bool is_lost = size > 0 && !spelling_is_missing(text, size);
    return (!is_lost || tools_lose(&x->lost, row, text, size, e)) && column_set_missing(x->to, row, e);
}

static bool change(const StepInput *in, int column, Column **out, Error *e)
{
    ColumnType type = (ColumnType)((const Cast *)in->params)->to;
    const char *name = in->rows->names[column];
    Casting x = {.in = in, .column = column, .from = in->rows->columns[column]};
    x.lost = (ToolsLost){.in = in,
                         .column = name,
                         .what = column_cell_types[type],
                         .errors = ((const Cast *)in->params)->errors,
                         .held = x.from->rows - x.from->missing};
    if (x.from->type == type)
        return true;
    if (column_is_wide(x.from))
        return error_set(e, ERROR_USAGE, "%s: an array has no other type", name);
    x.to = column_new(type, x.from->rows, e);
    bool ok = x.to != NULL;
    for (size_t i = 0; ok && i < x.from->rows; i++)
        ok = cast_cell(&x, i, e);
    ok = ok && tools_lost_judge(&x.lost, e);
    text_done(&x.room);
    tools_lost_done(&x.lost);
    if (ok)
        *out = x.to;
    else
        column_unref(x.to);
    return ok;
}

static bool cast_apply(Job *job, const StepInput *in, const void *state, Table **out, Error *e)
{
    (void)state;
    return tools_each(job, in, &((const Cast *)in->params)->columns, change, out, e);
}

static void cast_describe(const void *params_used, const void *state, Text *out)
{
    (void)state;
    const Cast *p = params_used;
    tools_list(&p->columns, out);
    text_addf(out, " to %s", column_cell_types[p->to]);
}

static const Example examples[] = {
    {"{\"columns\": [\"x\"], \"to\": \"real\"}", "x\n1.5\n?\n 7\n", "x\n1.5\n\"\"\n7\n"},
    {"{\"columns\": [\"x\"], \"to\": \"bool\", \"errors\": \"missing\"}", "x,y\nyes,1\nNo,2\nmaybe,3\n", "x,y\ntrue,1\nfalse,2\n,3\n"},
    {"{\"columns\": [\"x\"], \"to\": \"int\", \"errors\": \"fail\"}", "x\n1\n2.5\n", "error: x: row 2: \"2.5\" is no int"},
    {"{\"columns\": [\"x\"], \"to\": \"date\", \"errors\": \"missing\"}", "x,y\n2024-02-29,1\n2023-02-29,2\n", "x,y\n2024-02-29,1\n,2\n"},
    {"{\"columns\": [\"x\"], \"to\": \"int\"}", "x\n1\ntwo\n",
     "error: x: 1 of 2 cells are no int, such as \"two\" (row 2), and would be lost"},
};

static const char *const notes[] = {
    "Blanks around a value are ignored and blank cells become missing. A real becomes an int only when it is whole.",
    "Words such as ? or N/A become missing and are not counted as lost. Rows to be predicted are never refused by the 5 %.", NULL};

const Step step_cast = {
    .spec = {.name = "cast",
             .doc = "read columns as another type",
             .group = "repair",
             .params = params,
             .params_size = sizeof(Cast),
             .examples = examples,
             .examples_count = sizeof examples / sizeof *examples,
             .notes = notes},
    .effect = STEP_MAP,
    .apply = cast_apply,
    .describe = cast_describe,
};
