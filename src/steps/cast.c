/* cast: read columns as another type. */
#include "steps/tools.h"
#include "table/letters.h"

enum { ERRORS_MISSING, ERRORS_FAIL };

typedef struct Cast {
    TextList columns;
    int to, errors;
} Cast;

/* In the order of ColumnType. */
static const char *const to_choices[] = {"bool", "int", "real", "text", "date", "time", NULL};
static const char *const errors_choices[] = {"missing", "fail", NULL};

static const Field params[] = {
    {COLUMNS_FIELD(Cast, columns), .doc = "columns to read anew", .positional = true},
    {CHOICE_FIELD(Cast, to), .doc = "the new type", .choices = to_choices},
    {CHOICE_FIELD(Cast, errors), .doc = "cells that do not fit: make them missing, or stop", .def = "missing", .choices = errors_choices},
    {0},
};

static bool refuse(const StepInput *in, int column, size_t row, const Text *cell, Error *e)
{
    size_t size = cell->size;
    const char *text = letters_trim(cell->bytes, &size);
    char *what = text_format("\"%.*s\" is no %s", (int)size, text, to_choices[((const Cast *)in->params)->to]);
    ToolsFault fault = {.column = in->rows->names[column], .row = row, .what = what, .advice = "errors = \"missing\" leaves such cells empty"};
    bool ok = tools_fault(in, &fault, e);
    mem_free(what);
    return ok;
}

static bool cast_cell(const StepInput *in, int column, size_t row, Column *to, Text *room, Error *e)
{
    const Cast *p = in->params;
    const Column *c = in->rows->columns[column];
    size_t size = 0;
    text_clear(room);
    if (column_is_valid(c, row) && c->type == COLUMN_BOOL && to->type != COLUMN_TEXT)
        text_add_char(room, c->data.flags[row] ? '1' : '0');
    else if (column_is_valid(c, row))
        column_format(c, row, room);
    size = room->size;
    const char *text = letters_trim(text_get(room), &size);
    if (size == 0)
        return column_set_missing(to, row, e);
    if (tools_put_text(to, c->type, row, text, size))
        return true;
    if (p->errors == ERRORS_FAIL && !refuse(in, column, row, room, e))
        return false;
    return column_set_missing(to, row, e);
}

static Column *cast_column(Job *job, const StepInput *in, int column, Error *e)
{
    const Column *c = in->rows->columns[column];
    Column *to = column_new((ColumnType)((const Cast *)in->params)->to, c->rows, e);
    Text room = {0};
    bool ok = to && job_go_on(job, e);
    for (size_t i = 0; ok && i < c->rows; i++)
        ok = cast_cell(in, column, i, to, &room, e);
    text_done(&room);
    if (!ok)
        column_unref(to);
    return ok ? to : NULL;
}

static bool cast_apply(Job *job, const StepInput *in, const void *state, Table **out, Error *e)
{
    (void)state;
    const Cast *p = in->params;
    int *columns;
    size_t count;
    bool ok = tools_select(in, &p->columns, &columns, &count, e);
    if (!ok)
        return false;
    *out = table_ref(in->rows);
    for (size_t i = 0; ok && i < count; i++) {
        const Column *c = in->rows->columns[columns[i]];
        const char *name = in->rows->names[columns[i]];
        if (c->type == (ColumnType)p->to)
            continue;
        Column *to = c->type == COLUMN_ARRAY ? (error_set(e, ERROR_USAGE, "%s: an array has no other type", name), NULL) : cast_column(job, in, columns[i], e);
        ok = tools_put(out, name, to, e);
    }
    mem_free(columns);
    return ok;
}

static void cast_describe(const void *params_used, const void *state, Text *out)
{
    (void)state;
    const Cast *p = params_used;
    tools_list(&p->columns, out);
    text_addf(out, " to %s", to_choices[p->to]);
}

static const Example examples[] = {
    {"{\"columns\": [\"x\"], \"to\": \"real\"}", "x\n1.5\n?\n 7\n", "x\n1.5\n\"\"\n7\n"},
    {"{\"columns\": [\"x\"], \"to\": \"bool\"}", "x,y\nyes,1\nNo,2\nmaybe,3\n", "x,y\ntrue,1\nfalse,2\n,3\n"},
    {"{\"columns\": [\"x\"], \"to\": \"int\", \"errors\": \"fail\"}", "x\n1\n2.5\n", "error: x: row 2: \"2.5\" is no int"},
    {"{\"columns\": [\"x\"], \"to\": \"date\"}", "x,y\n2024-02-29,1\n2023-02-29,2\n", "x,y\n2024-02-29,1\n,2\n"},
};

static const char *const notes[] = {"Blanks around a value are ignored and blank cells become missing. A real becomes an int only when it is whole.",
                                    NULL};

const Step step_cast = {
    .spec = {.name = "cast", .doc = "read columns as another type", .group = "repair", .params = params, .params_size = sizeof(Cast),
             .examples = examples, .examples_count = sizeof examples / sizeof *examples, .notes = notes},
    .effect = STEP_MAP,
    .apply = cast_apply,
    .describe = cast_describe,
};
